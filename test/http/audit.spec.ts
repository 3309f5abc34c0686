import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AuditStream, KEPT_ACTIONS } from '../../src/audit/audit-stream.js';
import type { Action } from '../../src/http/access/action-log.js';
import { newToken } from '../../src/http/access/tokens/new-token.js';
import { eventually } from '../support/eventually.js';
import { rawExchange, type RawRequest } from '../support/raw-http.js';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';

const KEY = '{stream:preprocess}:audit';
const kim = newToken('kim', 'viewer');
const lee = newToken('lee', 'operator');

let folder: string;
let service: Service;
const { server, redis } = useRedis({ endFirst: () => service.stop() });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roadstream-tokens-'));
  const file = join(folder, 'tokens.json');
  await writeFile(file, `{"tokens":[${kim.line},${lee.line}]}`);
  service = await Service.start({ REDIS_URL: server.url, TOKENS_FILE: file });
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => redis.del(KEY));

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

async function call(route: string, token: string, request: RawRequest = {}): Promise<number> {
  const [method = '', path = ''] = route.split(' ');
  const answer = await rawExchange(service.url, path, {
    ...request,
    method,
    headers: { ...request.headers, ...bearer(token) },
  });
  return answer.status;
}

interface Page {
  items: { name: string; role: string; via: string; call: string; status: number; time: string; from: string }[];
  next: string | null;
}

async function page(query = ''): Promise<Page> {
  return (await service.json(`/api/v1/audit${query}`, { headers: bearer(lee.token) })) as Page;
}

const kept = (count: number) => eventually(`${count} are kept`, async () => (await redis.xlen(KEY)) === count);

describe('the log of actions', () => {
  it('tells who changed what and what came of it, the newest first', async () => {
    await call('POST /control/pause?scope=worker&secret=hunter2', lee.token);
    await call('POST /control/resume', lee.token);
    await call('POST /control/concurrency', lee.token);
    await kept(3);
    const { items, next } = await page();
    expect(items.map(({ call: what, status }) => [what, status])).toEqual([
      ['POST /control/concurrency', 400],
      ['POST /control/resume', 200],
      ['POST /control/pause', 200],
    ]);
    expect(items[0]).toMatchObject({ name: 'lee', role: 'operator', via: 'token', from: '127.0.0.1' });
    expect(Math.abs(Date.parse(items[0]!.time) - Date.now())).toBeLessThan(60_000);
    expect(next).toBeNull();
  });

  it('tells of sign-ins and of wrong tokens, and of nobody who looks on or is turned away', async () => {
    const sign = (token: string) =>
      rawExchange(service.url, '/api/v1/session', {
        method: 'POST',
        body: JSON.stringify({ token }),
        headers: { 'Content-Type': 'application/json' },
      });
    const cookie = (await sign(kim.token)).headers['set-cookie']!.split(';')[0]!;
    await call('GET /worker/status', kim.token);
    expect(await call('POST /control/pause', kim.token)).toBe(403);
    await sign('a-wrong-token-of-nobody');
    await sign('a-wrong-token-of-nobody');
    await rawExchange(service.url, '/api/v1/session', { method: 'DELETE', headers: { Cookie: cookie } });
    await kept(3);
    const { items } = await page();
    const seen = items.map(({ name, call: what, status, via }) => [name, what, status, via]);
    expect(seen).toEqual([
      ['kim', 'DELETE /api/v1/session', 204, 'cookie'],
      ['', 'POST /api/v1/session', 401, 'nothing'],
      ['kim', 'POST /api/v1/session', 200, 'cookie'],
    ]);
    const everything = JSON.stringify(await redis.xrange(KEY, '-', '+'));
    for (const secret of [kim.token, cookie.slice(12), 'a-wrong-token', 'hunter2'])
      expect(everything).not.toContain(secret);
  });

  it('is read page by page', async () => {
    for (let i = 1; i <= 5; i += 1) await call(`POST /control/jobs/job-${i}/cancel`, lee.token);
    await kept(5);
    const calls: string[] = [];
    let next: string | null = '';
    let pages = 0;
    while (next !== null) {
      const found: Page = await page(`?limit=2${next === '' ? '' : `&cursor=${next}`}`);
      calls.push(...found.items.map(({ call: what }) => what));
      ({ next } = found);
      pages += 1;
    }
    expect(pages).toBe(3);
    expect(calls).toEqual([5, 4, 3, 2, 1].map((i) => `POST /control/jobs/job-${i}/cancel`));
    for (const query of ['?cursor=x', '?cursor=a b', '?limit=0', '?limit=501', '?limit=x']) {
      expect([query, await call(`GET /api/v1/audit${query.replace(' ', '%20')}`, lee.token)]).toEqual([query, 400]);
    }
  });

  it('keeps about the last 10,000', async () => {
    for (let i = 0; i < 12; i += 1) {
      const some = redis.pipeline();
      for (let j = 0; j < 1_000; j += 1) some.xadd(KEY, '*', 'name', 'x');
      await some.exec();
    }
    await call('POST /control/resume', lee.token);
    await eventually('old ones are gone', async () => (await redis.xlen(KEY)) <= KEPT_ACTIONS + 100);
    expect((await page('?limit=1')).items[0]).toMatchObject({ call: 'POST /control/resume' });
  });

  it('neither fails nor holds up a call while Redis stands still, and says once that it keeps nothing', async () => {
    process.kill(server.pid, 'SIGSTOP');
    try {
      for (let i = 0; i < 150; i += 1) expect(await call('POST /control/concurrency?n=2', lee.token)).not.toBe(500);
      await eventually('it is told', () => service.output.includes('what callers do is not kept'), 20_000);
    } finally {
      process.kill(server.pid, 'SIGCONT');
    }
    expect(service.output.split('what callers do is not kept')).toHaveLength(2);
    await eventually('it keeps again', async () => {
      await call('POST /control/resume', lee.token);
      return (await page('?limit=1')).items[0]?.call === 'POST /control/resume';
    });
  }, 60_000);
});

describe('entries under way', () => {
  it('are bounded, whatever comes while Redis does not answer', () => {
    let commands = 0;
    let lost = 0;
    const silent = { xadd: () => ((commands += 1), new Promise(() => undefined)) };
    const stream = new AuditStream(silent as never, 'stream:preprocess', { lost: () => (lost += 1) });
    const action: Action = { name: 'x', role: 'viewer', via: 'token', from: '', call: 'POST /', status: 200 };
    for (let i = 0; i < 1_000; i += 1) stream.note(action);
    expect([commands, lost]).toEqual([100, 1]);
  });
});
