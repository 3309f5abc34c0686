import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newToken } from '../../src/http/access/tokens/new-token.js';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';

const CAMERA = { cctvId: 'cctv_001', hls: 'http://127.0.0.1:9/live.m3u8' };
const spring = newToken('spring', 'client');
const tunnel = newToken('tunnel', 'client');
const kim = newToken('kim', 'viewer');
const lee = newToken('lee', 'inspector');

let folder: string;
let service: Service;
const { server } = useRedis({ endFirst: () => service.stop() });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roadstream-tokens-'));
  const file = join(folder, 'tokens.json');
  await writeFile(file, `{"tokens":[${[spring, tunnel, kim, lee].map(({ line }) => line).join()}]}`);
  // Nobody runs what is asked for.
  const environment = { REDIS_URL: server.url, TOKENS_FILE: file, ROLES: 'schedule', OUTBOUND_ALLOW: '127.0.0.1' };
  service = await Service.start(environment);
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function call({ token }: { token: string }, route: string, body?: unknown): Promise<[number, string?]> {
  const [method = '', path = ''] = route.split(' ');
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const answer = await fetch(service.url + path, init);
  const text = answer.headers.get('content-type')?.includes('json') === true ? await answer.text() : '';
  await answer.body?.cancel().catch(() => undefined);
  const code = /"code":"(\w+)"/.exec(text)?.[1];
  return code === undefined ? [answer.status] : [answer.status, code];
}

describe('a client', () => {
  it('reads and cancels the jobs that it asked for', async () => {
    expect(await call(spring, 'PUT /api/v1/jobs/mine', CAMERA)).toEqual([202]);
    expect(await call(spring, 'PUT /api/v1/jobs/mine', CAMERA)).toEqual([200]);
    expect(await call(spring, 'GET /api/v1/jobs/mine')).toEqual([200]);
    expect(await call(spring, 'GET /api/v1/jobs/mine/events')).toEqual([200]);
    expect(await call(spring, 'POST /api/v1/jobs/mine/cancel')).toEqual([202]);
  });

  it('is told nothing of those of others, whatever it asks', async () => {
    expect(await call(spring, 'PUT /api/v1/jobs/springs', CAMERA)).toEqual([202]);
    expect(await call(lee, 'PUT /api/v1/jobs/lees', CAMERA)).toEqual([202]);
    for (const id of ['springs', 'lees', 'nobodys']) {
      for (const route of [
        `GET /api/v1/jobs/${id}`,
        `GET /api/v1/jobs/${id}/events`,
        `GET /api/v1/jobs/${id}/artifacts/background.jpg`,
        `POST /api/v1/jobs/${id}/cancel`,
        `POST /api/v1/jobs/${id}/retry`,
      ]) {
        expect([route, ...(await call(tunnel, route))]).toEqual([route, 404, 'JOB_UNKNOWN']);
      }
    }
    // Not even by asking for the very same.
    expect(await call(tunnel, 'PUT /api/v1/jobs/springs', CAMERA)).toEqual([409, 'JOB_DIFFERS']);
    expect(await call(tunnel, 'PUT /api/v1/jobs/lees', CAMERA)).toEqual([409, 'JOB_DIFFERS']);
    expect(await call(tunnel, 'POST /api/v1/jobs', { ...CAMERA, id: 'springs' })).toEqual([409, 'JOB_DIFFERS']);
  });

  it('is looked after by people, who see the jobs of all', async () => {
    expect(await call(spring, 'PUT /api/v1/jobs/watched', CAMERA)).toEqual([202]);
    expect(await call(kim, 'GET /api/v1/jobs/watched')).toEqual([200]);
    expect(await call(kim, 'POST /api/v1/jobs/watched/cancel')).toEqual([403, 'ROLE_TOO_LOW']);
    expect(await call(lee, 'POST /api/v1/jobs/watched/cancel')).toEqual([202]);
  });

  it('has no list of jobs, and sees no queue, worker or camera', async () => {
    for (const route of ['jobs', 'queue', 'workers', 'dead-letters', 'events', 'audit']) {
      expect([route, ...(await call(spring, `GET /api/v1/${route}`))]).toEqual([route, 403, 'ROLE_TOO_LOW']);
    }
  });
});
