import { hostname } from 'node:os';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { rawExchange, type RawRequest } from '../support/raw-http.js';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';

const TOKEN = 'a-long-enough-secret-token';

let open: Service;
let closed: Service;
const services: Service[] = [];
const { server } = useRedis({ endFirst: () => Promise.all(services.map((service) => service.stop())) });

beforeAll(async () => {
  const environment = { REDIS_URL: server.url, HTTP_ALLOWED_HOSTS: 'roads.example,*.city.example' };
  open = await Service.start({ ...environment, HOST: '0.0.0.0' });
  services.push(open);
  closed = await Service.start({ ...environment, CONTROL_TOKEN: TOKEN });
  services.push(closed);
}, 60_000);

/** The status, and the code of an error. */
async function asked(service: Service, path: string, request: RawRequest = {}): Promise<[number, string?]> {
  const { status, body } = await rawExchange(service.url, path, request);
  const code = /"code":"(\w+)"/.exec(body)?.[1];
  return code === undefined ? [status] : [status, code];
}

const PATHS = [
  '/worker/status',
  '/cameras',
  '/assessments',
  '/metrics',
  '/health/live',
  '/docs',
  '/control/dlq',
  '/none',
];
const portOf = ({ url }: Service): string => new URL(url).port;

describe('the name that the service is called by', () => {
  it.each(PATHS)('is not one that a foreign page can be served under: %s', async (path) => {
    for (const Host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:3000', 'a@b', 'a b', '']) {
      expect([Host, ...(await asked(open, path, { headers: { Host } }))]).toEqual([Host, 403, 'HOST_NOT_ALLOWED']);
    }
  });

  it.each([
    ['an address, as kubelet and Prometheus do', '10.1.2.3:3000'],
    ['an IPv6 address', '[fd00::7]:3000'],
    ['localhost', 'LOCALHOST:1'],
    ['its own name', hostname()],
    ['the name of a container', 'roadstream:3000'],
    ['the name of a Kubernetes service', 'roadstream.cctv.svc.cluster.local:3000'],
    ['a short one', 'roadstream.cctv.svc'],
    ['a listed name', 'Roads.Example'],
    ['a name below a listed domain', 'one.city.example.:8080'],
    ['none, as probes of old do', undefined],
  ])('may be %s', async (_what, Host) => {
    const version = Host === undefined ? '1.0' : '1.1';
    expect(await asked(open, '/worker/status', { version, headers: { Host } })).toEqual([200]);
  });
});

describe('a page of another origin', () => {
  const foreign: [string, Record<string, string>][] = [
    ['Origin', { Origin: 'https://evil.example' }],
    ['an Origin of another port', { Origin: 'http://127.0.0.1:1' }],
    ['no origin of its own', { Origin: 'null' }],
    ['Sec-Fetch-Site', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' }],
    ['a sister site', { 'Sec-Fetch-Site': 'same-site' }],
    ['a frame', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'iframe' }],
  ];

  it.each(foreign)('sees nothing: %s', async (_what, headers) => {
    for (const path of PATHS) expect(await asked(open, path, { headers })).toEqual([403, 'ORIGIN_NOT_ALLOWED']);
  });

  it.each(foreign)('starts no capture, with or without a token: %s', async (_what, headers) => {
    const body = JSON.stringify({ hls: 'http://192.0.2.1/cam.m3u8', sec: 1 });
    const request = { method: 'POST', body, headers: { 'Content-Type': 'application/json', ...headers } };
    for (const service of [open, closed]) {
      const answer = await asked(service, '/api/v1/damage-detection/stream', request);
      expect(answer).toEqual([403, 'ORIGIN_NOT_ALLOWED']);
    }
  });

  it('may link to us', async () => {
    const headers = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' };
    expect(await asked(open, '/worker/status', { headers })).toEqual([200]);
    expect(await asked(open, '/control/pause', { method: 'POST', headers })).toEqual([403, 'ORIGIN_NOT_ALLOWED']);
  });

  it.each<[string, Record<string, string>]>([
    ['ours', { Origin: 'http://127.0.0.1:9000', Host: '127.0.0.1:9000' }],
    ['behind a proxy that keeps the name', { Origin: 'https://roads.example', Host: 'roads.example' }],
    ['behind a proxy that changes it, in a browser that says so', { 'Sec-Fetch-Site': 'same-origin', Host: 'road' }],
    ['behind a proxy that changes it, under a listed name', { Origin: 'http://roads.example:8080', Host: 'road' }],
    ['typed into the address bar', { 'Sec-Fetch-Site': 'none' }],
  ])('is not one that is %s', async (_what, headers) => {
    expect(await asked(open, '/cameras', { headers })).toEqual([200]);
  });
});

describe('a form', () => {
  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'is no JSON: %s',
    async (type) => {
      const body = '{"hls":"http://192.0.2.1/cam.m3u8","sec":1}';
      const request = { method: 'POST', body, headers: { 'Content-Type': type } };
      for (const path of ['/api/v1/damage-detection/stream', '/control/concurrency', '/control/pause']) {
        expect(await asked(open, path, request)).toEqual([415, 'UNSUPPORTED_TYPE']);
      }
    },
  );

  it('is what an upload takes, and nothing else', async () => {
    const request = { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } };
    expect(await asked(open, '/api/v1/damage-detection/image', request)).toEqual([415, 'UNSUPPORTED_TYPE']);
  });
});

describe('control calls without a token', () => {
  const pause = (headers: RawRequest['headers'] = {}, version = '1.1') =>
    asked(open, '/control/resume', { method: 'POST', headers, version });
  const REFUSED = [403, 'CONTROL_LOCAL_ONLY'];

  it('are taken from who calls this machine by a name of its own', async () => {
    for (const name of ['localhost', 'LocalHost', '127.0.0.1', '127.8.9.1', '[::1]']) {
      expect([name, ...(await pause({ Host: `${name}:${portOf(open)}` }))]).toEqual([name, 200]);
    }
    const Host = `localhost:${portOf(open)}`;
    expect(await pause({ Host, Origin: `http://${Host}` })).toEqual([200]);
  });

  it('are refused under another name or port, as a proxy on this machine has them', async () => {
    for (const Host of ['road', 'localhost', '127.0.0.1:1', '10.0.0.1:3000', `roads.example:${portOf(open)}`]) {
      expect([Host, ...(await pause({ Host }))]).toEqual([Host, ...REFUSED]);
    }
  });

  it('are refused over HTTP/1.0, which nginx speaks by default', async () => {
    expect(await pause({}, '1.0')).toEqual(REFUSED);
  });

  it.each([
    'X-Forwarded-For',
    'X-Forwarded-Host',
    'X-Forwarded-Proto',
    'Forwarded',
    'Via',
    'X-Real-IP',
    'True-Client-IP',
    'CF-Connecting-IP',
    'X-Envoy-External-Address',
  ])('are refused of who is spoken for: %s', async (name) => {
    expect(await pause({ [name]: '127.0.0.1' })).toEqual(REFUSED);
  });

  it('are refused of a page behind a proxy, in a browser that calls it the same origin', async () => {
    const headers = { 'Sec-Fetch-Site': 'same-origin', Origin: 'https://roads.example' };
    expect(await pause(headers)).toEqual(REFUSED);
  });

  it('warn at start when others can reach the service', () => {
    expect(open.output).toContain('CONTROL_TOKEN is not set and HOST lets other machines in');
    expect(closed.output).not.toContain('CONTROL_TOKEN is not set');
  });
});

describe('control calls with a token', () => {
  it('are taken from who brings it, by whatever known name and through whatever proxy', async () => {
    const headers = { Host: 'roads.example', Via: '1.1 proxy', Authorization: `Bearer ${TOKEN}` };
    expect(await asked(closed, '/control/resume', { method: 'POST', headers, version: '1.0' })).toEqual([200]);
    const wrong = { ...headers, Authorization: `Bearer ${TOKEN}x` };
    expect(await asked(closed, '/control/resume', { method: 'POST', headers: wrong })).toEqual([
      401,
      'CONTROL_TOKEN_REQUIRED',
    ]);
  });

  it('are counted by who really calls, whatever he says of whom he speaks for', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 130; i += 1) {
      const headers = { 'X-Forwarded-For': `198.51.100.${i}`, Authorization: 'Bearer a-guess' };
      statuses.push((await rawExchange(closed.url, '/control/pause', { method: 'POST', headers })).status);
    }
    expect(new Set(statuses.slice(0, 110))).toEqual(new Set([401]));
    expect(statuses.at(-1)).toBe(429);
  });

  it('need one that nobody guesses', async () => {
    const weak = await Service.launch({ REDIS_URL: server.url, CONTROL_TOKEN: 'hunter2' });
    expect(await weak.end()).toBe(1);
    expect(weak.output).toMatch(/CONTROL_TOKEN: is set, but not usable; must be a token of 16/);
    expect(weak.output).not.toContain('hunter2');
  });
});
