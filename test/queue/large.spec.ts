import { beforeAll, describe, expect, it } from '@jest/globals';
import { LetterKeeper } from '../../src/queue/dead-letters/letter-keeper.js';
import { laneKeys } from '../../src/queue/lane-keys.js';
import { defineScripts } from '../../src/queue/scripts.js';
import { connect } from '../../src/redis/connection.js';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';

/** Of jobs that nobody was given yet, of jobs that wait for a retry, and of dead letters. */
const MANY = 100_000;
const CAMERAS = 10_000;
const MOST_MS = 100;
/** What else goes on in Redis meanwhile only ever adds: the least of so many tries counts. */
const TRIES = 3;

const STREAM = 'stream:preprocess';
const DLQ = `${STREAM}:dlq`;
const CODES = ['HLS_TIMEOUT', 'HLS_NOT_FOUND', 'BAD_FIELD'];

let service: Service;
const { server, redis } = useRedis({ endFirst: () => service.stop() });

const numbered = Array.from({ length: MANY }, (_, n) => n);

/** Sends many commands, some thousands at a time. */
async function fill(add: (batch: ReturnType<typeof redis.pipeline>, n: number) => unknown): Promise<void> {
  for (let from = 0; from < MANY; from += 10_000) {
    const batch = redis.pipeline();
    for (const n of numbered.slice(from, from + 10_000)) add(batch, n);
    await batch.exec();
  }
}

beforeAll(async () => {
  service = await Service.start({ REDIS_URL: server.url, ROLES: 'inspect', LOG_LEVEL: 'warn' });
  await fetch(`${service.url}/control/pause?scope=group`, { method: 'POST' });
  const job = (n: number) => ['cctvId', `cam_${n % 100}`, 'hls', 'http://cam.example/a.m3u8', 'jobId', `job-${n}`];
  await fill((batch, n) => batch.xadd(STREAM, '*', ...job(n)));
  for (let n = 0; n < MANY; n += 1_000)
    await redis.xreadgroup('GROUP', 'workers', 'waiting', 'COUNT', 1_000, 'STREAMS', STREAM, '>');
  const { waiting } = laneKeys(STREAM, 'workers');
  const ids = (await redis.xrange(STREAM, '-', '+')).map(([id]) => id);
  await fill((batch, n) => batch.zadd(waiting, Date.now() + 3_600_000 + n, ids[n] as string));
  await fill((batch, n) => batch.xadd(STREAM, '*', ...job(MANY + n)));
  const letter = (n: number) => ['roadstream:code', CODES[n % 3] as string, 'roadstream:source', `${n}-1`];
  await fill((batch, n) => batch.xadd(DLQ, '*', ...job(2 * MANY + n), ...letter(n)));
  const result = JSON.stringify({ jobId: 'j', cctvId: 'c', detections: '3' });
  const names = { last: `{${STREAM}:results}:last`, cameras: `{${STREAM}:results}:cameras` };
  const known = redis.pipeline();
  for (const n of numbered.slice(0, CAMERAS))
    known.hset(names.last, `cam_${n}`, result).zadd(names.cameras, n, `cam_${n}`);
  await known.exec();
}, 180_000);

/** Time of the processor that Redis has had so far, ms: commands, what they read and write, and all else it does. */
async function spentMs(): Promise<number> {
  const info = await redis.info('cpu');
  const seconds = [...info.matchAll(/^used_cpu_(?:sys|user)_main_thread:([\d.]+)/gm)].map(([, text]) => Number(text));
  expect(seconds).toHaveLength(2);
  return seconds.reduce((sum, part) => sum + part) * 1_000;
}

/** What a call costs Redis, all its commands together; the least of a few tries. */
async function costOf(call: () => Promise<unknown>): Promise<number> {
  const costs: number[] = [];
  for (let n = 0; n < TRIES; n += 1) {
    const before = await spentMs();
    await call();
    costs.push((await spentMs()) - before);
  }
  return Math.min(...costs);
}

/** Commands that took Redis longer than any may. */
const slow = async (): Promise<unknown[]> => (await redis.call('SLOWLOG', 'GET', '16')) as unknown[];

describe(`with ${MANY} jobs that nobody was given, ${MANY} that wait and ${MANY} dead letters`, () => {
  beforeAll(async () => {
    await redis.config('SET', 'slowlog-log-slower-than', String(MOST_MS * 1_000));
    await redis.call('SLOWLOG', 'RESET');
    // What each worker does once a minute.
    const connection = connect({ url: server.url }, 'commands');
    defineScripts(connection);
    const names = { lanes: [`${STREAM}:high`, STREAM], dlq: DLQ, group: 'workers' };
    await new LetterKeeper(connection, names, { keepMs: 86_400_000, most: MANY }).tidy();
    connection.disconnect();
  }, 60_000);

  it('all numbers are right', async () => {
    expect(await service.json('/api/v1/queue/inspection')).toMatchObject({
      demand: 2 * MANY,
      lanes: [{ demand: 0 }, { undelivered: MANY, waiting: MANY, running: 0, demand: 2 * MANY }],
      deadLetters: { total: MANY, byCode: { HLS_TIMEOUT: 33_334, HLS_NOT_FOUND: 33_333, BAD_FIELD: 33_333 } },
    });
  });

  it.each([
    '/api/v1/queue',
    '/api/v1/queue/inspection',
    '/api/v1/dead-letters',
    '/api/v1/dead-letters?limit=200',
    '/api/v1/dead-letters?code=BAD_FIELD&limit=200',
    '/api/v1/dead-letters?cctvId=nobody',
    '/api/v1/dead-letters/7-0',
    '/api/v1/jobs',
    '/api/v1/jobs?limit=200&state=queued',
    '/api/v1/jobs?state=waiting',
    '/api/v1/jobs?state=running',
    '/api/v1/jobs?state=failed&code=BAD_FIELD',
    '/api/v1/jobs?cctvId=nobody',
    '/api/v1/jobs/nobody',
    '/api/v1/workers',
    '/api/v1/cameras',
    '/api/v1/cameras?limit=200',
    '/api/v1/cameras/cam_7',
    '/cameras?limit=1000',
    '/assessments',
    '/control/dlq?limit=200',
    '/worker/status',
    '/metrics',
    '/health',
  ])(`costs less than ${MOST_MS} ms of Redis: %s`, async (path) => {
    const cost = await costOf(async () => {
      const answer = await fetch(service.url + path);
      await answer.text();
      expect([200, 404]).toContain(answer.status);
    });
    expect(cost).toBeLessThan(MOST_MS);
  });

  it('a bulk call takes many short steps', async () => {
    const call = async (path: string, body: object): Promise<unknown> => {
      const headers = { 'content-type': 'application/json' };
      return service.json(path, { method: 'POST', headers, body: JSON.stringify(body) });
    };
    const path = '/api/v1/dead-letters';
    expect(await call(`${path}/purge`, { filter: { all: true }, expect: 1 })).toMatchObject({ count: MANY });
    expect(await call(`${path}/redrive`, { filter: { cctvId: 'cam_7' } })).toEqual({ redriven: MANY / 100 });
    expect(await call(`${path}/purge`, { filter: { all: true }, expect: MANY - MANY / 100 })).toEqual({
      purged: MANY - MANY / 100,
    });
    expect(await redis.exists(`{${STREAM}}:dead`)).toBe(0);
  }, 120_000);

  it(`no command took Redis ${MOST_MS} ms, and none of the housekeeping did`, async () =>
    expect(await slow()).toEqual([]));
});
