import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aclOf, rightsFor } from '../../src/queue/diagnose/rights.js';
import { eventually } from '../support/eventually.js';
import { NOBODY_AT } from '../support/nobody.js';
import { HlsMedia } from '../support/hls-media.js';
import { HlsOrigin } from '../support/hls-origin.js';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';

const CLI = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const STREAM = 'stream:preprocess';
const namesOf = (stream: string, group: string) => ({
  lanes: [`${stream}:high`, stream],
  ...{ dlq: `${stream}:dlq`, results: `${stream}:results`, group },
});
const RIGHTS = rightsFor(true, [namesOf(STREAM, 'workers'), namesOf('stream:assess', 'assessors')]);

const { server, redis } = useRedis();

describe('a service with no more rights to Redis than it needs', () => {
  let media: HlsMedia;
  let origin: HlsOrigin;
  let service: Service;
  let environment: Record<string, string>;

  beforeAll(async () => {
    await redis.call('ACL', 'SETUSER', 'least', 'on', '>p:w@x', ...aclOf(RIGHTS).split(' '));
    media = await HlsMedia.make(['vod']);
    origin = await HlsOrigin.start(media);
    environment = {
      REDIS_URL: server.url.replace('//', '//least:p:w@x@'),
      OUTBOUND_ALLOW: `127.0.0.1:${origin.port},${NOBODY_AT}`,
      REDIS_MAX_RETRY: '1',
      RETRY_BASE_SECONDS: '0',
      REDIS_VISIBILITY_TIMEOUT: '4',
    };
    service = await Service.start(environment);
  }, 90_000);
  afterAll(async () => {
    await service.stop();
    await origin.stop();
    await media.remove();
  });

  const add = (cctvId: string, hls: string) =>
    redis.xadd(STREAM, '*', 'cctvId', cctvId, 'hls', hls, 'sec', '1', 'jobId', cctvId);
  const post = (path: string) => fetch(service.url + path, { method: 'POST' }).then(({ ok }) => ok);
  const health = async (path = '') => {
    const answer = await fetch(`${service.url}/health${path}`);
    return { status: answer.status, text: await answer.text() };
  };
  const doctor = () =>
    promisify(execFile)(process.execPath, [CLI, 'doctor'], {
      cwd: service.directory,
      env: { PATH: process.env['PATH'], ...environment },
    }).then(
      ({ stdout }) => stdout,
      (error: unknown) => (error as { stdout: string }).stdout,
    );

  it('runs whole jobs: completed, retried, set aside, put back, cancelled, paused; and answers for them', async () => {
    await add('good', origin.url('/vod/index.m3u8'));
    await add('bad', `http://${NOBODY_AT}/a.m3u8`);
    await eventually(
      'one is done',
      async () => (await service.metric('worker_jobs_total{outcome="complete"}')) === 1,
      60_000,
    );
    await eventually('one is set aside', async () => (await redis.xlen(`${STREAM}:dlq`)) === 1, 30_000);
    expect(await service.metric('worker_jobs_total{outcome="retry"}')).toBe(1);
    expect(await post('/control/dlq/redrive?all=true')).toBe(true);
    await eventually('it is set aside again', async () => (await redis.xlen(`${STREAM}:dlq`)) === 1, 30_000);
    expect(await post('/control/jobs/bad/cancel')).toBe(true);
    expect(await post('/control/pause?scope=group')).toBe(true);
    expect(await post('/control/resume?scope=group')).toBe(true);
    await eventually('the ledger knows', async () => JSON.stringify(await service.json('/cameras')).includes('good'));
    expect(await service.json('/assessments')).toBeTruthy();
    expect(await service.status()).toMatchObject({ claiming: true, heldBackBecause: [], redisRefuses: [], demand: 0 });
    expect(await doctor()).not.toContain('FAIL');
    // All that Redis refused: where a Spring producer might have written by mistake, and what a client calls itself.
    const refused = (await redis.call('ACL', 'LOG')) as string[][];
    const objects = refused.map((flat) => flat[flat.indexOf('object') + 1]);
    expect(objects.filter((object) => !/preprocess|assess|client/.test(object ?? ''))).toEqual([]);
  }, 150_000);

  it.each([
    [
      'a right',
      () => redis.call('ACL', 'SETUSER', 'least', '-xpending'),
      () => redis.call('ACL', 'SETUSER', 'least', '+xpending'),
      /refuses XPENDING/,
    ],
    [
      'memory',
      () => redis.config('SET', 'maxmemory', '1'),
      () => redis.config('SET', 'maxmemory', '0'),
      /OOM.*raise its maxmemory/,
    ],
  ])('is unready while it lacks %s, says which and what to do, and goes on', async (_what, breaks, repairs, words) => {
    await breaks();
    const ready = await eventually('it is unready', async () => {
      const now = await health('/ready');
      return now.status === 503 ? now : undefined;
    });
    expect(ready.text).toMatch(words);
    expect((await health()).text).toMatch(words);
    expect((await health('/live')).status).toBe(200);
    expect(JSON.stringify((await service.status()).heldBackBecause)).toMatch(words);
    expect((await service.status()).redisAwayMs).toBeNull();
    await eventually('it is logged', () => words.test(service.output));
    expect(service.output).not.toContain('Redis cannot be reached');
    await repairs();
    await eventually('it is ready', async () => (await health('/ready')).status === 200);
  });

  it('is unready while a finished job cannot be published, and loses nothing', async () => {
    const results = `${STREAM}:results`;
    await redis.del(results);
    await redis.set(results, 'words');
    await add('unpublished', origin.url('/vod/index.m3u8'));
    await eventually('it is unready', async () => (await health('/ready')).status === 503, 60_000);
    expect((await service.status()).heldBackBecause.join(' ')).toMatch(
      /wait in hand.*refuses X\w+ on stream:preprocess:results \(WRONGTYPE/,
    );
    expect(await doctor()).toMatch(/FAIL.*stream:preprocess:results \(WRONGTYPE/);
    await redis.del(results);
    await eventually('it is published', async () => (await redis.xlen(results)) === 1);
    await eventually('it is ready', async () => (await health('/ready')).status === 200);
    expect((await redis.xpending(STREAM, 'workers'))[0]).toBe(0);
  }, 90_000);

  it('stays ready, and says so, while something beside the jobs is refused', async () => {
    const cameras = `{${STREAM}:results}:cameras`;
    await redis.del(cameras);
    await redis.set(cameras, 'words');
    const answer = await fetch(`${service.url}/cameras`);
    expect([answer.status, await answer.json()]).toMatchObject([503, { code: 'REDIS_REFUSES' }]);
    expect((await health()).text).toMatch(/refuses ZREVRANGE on \S+:cameras \(WRONGTYPE/);
    expect((await health('/ready')).status).toBe(200);
    await redis.del(cameras);
    expect((await fetch(`${service.url}/cameras`)).status).toBe(200);
    await eventually('all is well', async () => (await service.status()).redisRefuses.length === 0);
  });
});
