import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { GuardedProxy } from '../../src/capture/proxy/guarded-proxy.js';
import { OutboundPolicy } from '../../src/outbound/outbound-policy.js';
import { parseOutboundRules } from '../../src/outbound/outbound-rules.js';
import type { ProxySession } from '../../src/capture/proxy/proxy-session.js';
import { makeThrowawayCertificate } from '../../src/capture/proxy/throwaway-certificate.js';
import { CaptureBench } from '../support/capture-bench.js';
import { HlsMedia } from '../support/hls-media.js';
import { HlsOrigin } from '../support/hls-origin.js';

const LIMITS = { maxBytes: 1e8, maxRequests: 100, maxConcurrent: 10 };

let media: HlsMedia;
let origin: HlsOrigin;
let proxy: GuardedProxy;
let session: ProxySession;

beforeAll(async () => {
  media = await HlsMedia.make(['vod']);
  origin = await HlsOrigin.start(media);
  proxy = new GuardedProxy(new OutboundPolicy(parseOutboundRules('127.0.0.1')), { connectTimeoutMs: 1_000 });
  await proxy.listen();
});

afterAll(async () => {
  await proxy.close();
  await origin.stop();
  await media.remove();
});

beforeEach(() => {
  session = proxy.openSession(LIMITS);
});

afterEach(() => session.close());

/** Sends one request through the proxy. */
async function ask(url: string, method = 'GET', auth?: string): Promise<IncomingMessage> {
  const { hostname, port, username, password } = new URL(session.proxyUrl);
  const credentials = auth ?? `${username}:${password}`;
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  const headers = { 'proxy-authorization': authorization, 'icy-metadata': '1', host: 'elsewhere.example' };
  const outgoing = request({ host: hostname, port, method, path: url, headers }).end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  response.resume();
  return response;
}

/** Opens a CONNECT by hand and waits for the first line of the answer. */
async function dial(authority: string): Promise<{ socket: Socket; answer: string }> {
  const { hostname, port, username, password } = new URL(session.proxyUrl);
  const credentials = Buffer.from(`${username}:${password}`).toString('base64');
  const socket = connect(Number(port), hostname);
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nProxy-Authorization: Basic ${credentials}\r\n\r\n`);
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  return { socket, answer: bytes.toString().split('\r\n')[0] ?? '' };
}

describe('GuardedProxy', () => {
  it('passes a GET on, with the host of the URL', async () => {
    let host: string | undefined;
    origin.on('/echo', (incoming, response) => {
      host = incoming.headers.host;
      response.end(JSON.stringify(incoming.headers));
    });
    expect((await ask(origin.url('/echo'))).statusCode).toBe(200);
    expect(host).toBe(`127.0.0.1:${origin.port}`);
  });

  it('hands on neither its own credentials nor a request for radio metadata', async () => {
    let names: string[] = [];
    origin.on('/echo', (incoming, response) => {
      names = Object.keys(incoming.headers);
      response.end();
    });
    await ask(origin.url('/echo'));
    expect(names).not.toContain('proxy-authorization');
    expect(names).not.toContain('icy-metadata');
  });

  it.each(['job:wrong', '', 'job:'])('asks for credentials when it gets "%s"', async (auth) => {
    const before = origin.requests.length;
    expect((await ask(origin.url('/vod/index.m3u8'), 'GET', auth)).statusCode).toBe(407);
    expect(origin.requests).toHaveLength(before);
  });

  it.each(['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE'])('refuses %s', async (method) => {
    expect((await ask(origin.url('/vod/index.m3u8'), method)).statusCode).toBe(405);
  });

  it.each(['/vod/index.m3u8', 'ftp://127.0.0.1/', 'http://a@127.0.0.1/', 'http://a%2e/', 'http:///', '*'])(
    'refuses the request line %s',
    async (url) => {
      expect((await ask(url)).statusCode).toBe(405);
    },
  );

  it('ends its sockets and forgets its token when a session closes', async () => {
    const asked = new Promise<void>((resolve) => origin.on('/silent', () => resolve()));
    const pending = ask(origin.url('/silent'));
    await asked;
    const { proxyUrl } = session;
    session.close();
    await expect(pending).rejects.toThrow();
    session = proxy.openSession(LIMITS);
    const { username, password } = new URL(proxyUrl);
    expect((await ask(origin.url('/vod/index.m3u8'), 'GET', `${username}:${password}`)).statusCode).toBe(407);
  });

  it('knows its sessions apart', async () => {
    const other = proxy.openSession(LIMITS);
    await ask(origin.url('/vod/index.m3u8'));
    expect(session.report().requests).toBe(1);
    expect(other.report().requests).toBe(0);
    other.close();
  });

  it('reports hosts only, never a path or a token', async () => {
    await ask('http://10.0.0.1/secret/index.m3u8?token=hush');
    expect(session.report().refusals).toEqual([
      { code: 'URL_NOT_ALLOWED', host: '10.0.0.1', reason: expect.stringContaining('private') },
    ]);
    expect(JSON.stringify(session.report())).not.toMatch(/secret|hush/);
  });

  it('speaks nothing but TLS inside a CONNECT', async () => {
    const { socket, answer } = await dial(`127.0.0.1:${origin.port}`);
    expect(answer).toBe('HTTP/1.1 200 Connection established');
    const before = origin.requests.length;
    socket.on('error', () => {});
    socket.write('GET /vod/index.m3u8 HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(socket, 'close');
    expect(origin.requests).toHaveLength(before);
  });

  it.each(['a b:443', 'a@127.0.0.1:443', '127.0.0.1:99999', '/etc/passwd'])('refuses CONNECT %s', async (authority) => {
    const { socket, answer } = await dial(authority);
    expect(answer).toMatch(/^HTTP\/1.1 400/);
    socket.destroy();
  });
});

describe('https', () => {
  const trusted = makeThrowawayCertificate('localhost', new Date());
  const untrusted = makeThrowawayCertificate('localhost', new Date());
  let secure: HlsOrigin;
  let shady: HlsOrigin;
  let bench: CaptureBench;

  beforeAll(async () => {
    secure = await HlsOrigin.start(media, { tls: trusted });
    shady = await HlsOrigin.start(media, { tls: untrusted });
    bench = await CaptureBench.open({
      allow: 'localhost,127.0.0.1',
      ca: trusted.cert,
      resolver: async () => ['127.0.0.1'],
    });
  });

  afterAll(async () => {
    await bench.close();
    await secure.stop();
    await shady.stop();
  });

  it('is watched under a certificate that is trusted', async () => {
    expect(await bench.codeOf(secure.url('/vod/index.m3u8', 'localhost'))).toBe('frames');
    expect(bench.report?.playlists).toBe(1);
  });

  it('is watched live, over a redirect from http', async () => {
    const to = encodeURIComponent(secure.url('/live/index.m3u8', 'localhost'));
    expect(await bench.codeOf(origin.url(`/redirect/index.m3u8?${to}`, 'localhost'))).toBe('frames');
  });

  it('is refused under a certificate that nobody vouches for', async () => {
    expect(await bench.codeOf(shady.url('/vod/index.m3u8', 'localhost'))).toBe('permanent HLS_TLS');
    expect(shady.requests).toEqual([]);
  });

  it('is refused under a certificate for another name', async () => {
    expect(await bench.codeOf(secure.url('/vod/index.m3u8', 'camera.localhost'))).not.toBe('frames');
  });

  it.each(['segment', 'key', 'redirect'])('is checked for a %s as well', async (what) => {
    const playlist = '#EXTM3U\n#EXT-X-TARGETDURATION:1\nKEY#EXTINF:1,\nSEGMENT\n#EXT-X-ENDLIST\n';
    const away = shady.url('/vod/index0.ts', 'localhost');
    const hop = `/redirect/hop.ts?${encodeURIComponent(away)}`;
    const segment = { segment: away, key: '/vod/index0.ts', redirect: hop }[what] ?? '';
    const key = what === 'key' ? `#EXT-X-KEY:METHOD=AES-128,URI="${away}"\n` : '';
    secure.serve('/mixed.m3u8', playlist.replace('KEY', key).replace('SEGMENT', segment));
    expect(await bench.codeOf(secure.url('/mixed.m3u8', 'localhost'))).toBe('permanent HLS_TLS');
    expect(shady.requests).toEqual([]);
  });

  it('tells a status apart as well as http does', async () => {
    expect(await bench.codeOf(secure.url('/status/410/index.m3u8', 'localhost'))).toBe('doubtful HLS_GONE');
  });
});
