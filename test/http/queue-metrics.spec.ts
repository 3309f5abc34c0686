import { beforeAll, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';

let service: Service;
const { server, redis } = useRedis({ endFirst: () => service.stop() });

beforeAll(async () => {
  service = await Service.start({ REDIS_URL: server.url, ROLES: 'inspect' });
  const paused = await fetch(`${service.url}/control/pause`, { method: 'POST' });
  expect(paused.status).toBe(200);
}, 60_000);

it('tells how long jobs wait, are overdue and were given up, and who has not read the results', async () => {
  const now = Date.now();
  const stream = 'stream:preprocess';
  const metric = (name: string, labels: string) => service.metric(`roadstream_${name}{${labels}}`);
  const ofStream = `stream="${stream}"`;
  const ofKind = 'kind="inspection"';
  expect(await metric('queue_oldest_undelivered_seconds', ofStream)).toBe(0);
  expect(await metric('queue_oldest_due_seconds', ofStream)).toBe(0);
  expect(await metric('dead_letters_oldest_seconds', ofKind)).toBe(0);

  // A job of another worker that is gone for long, and one that nobody was given.
  await redis.xgroup('CREATE', `${stream}:results`, 'client', '0', 'MKSTREAM').catch(() => undefined);
  await redis.xadd(`${stream}:results`, `${now - 30_000}-0`, 'outcome', 'completed');
  for (const [code, age] of [
    ['HLS_TIMEOUT', 3_600_000],
    ['HLS_TIMEOUT', 60_000],
    ['BAD_FIELD', 1_000],
  ] as const)
    await redis.xadd(`${stream}:dlq`, `${now - age}-0`, 'roadstream:code', code);
  await redis.hset(`{${stream}}:dead`, 'HLS_TIMEOUT', 2, 'BAD_FIELD', 1);
  await redis.xadd(stream, `${now - 90_000}-0`, 'cctvId', 'cam');

  await eventually('it is told', async () => (await metric('stream_lag', ofStream)) === 1);
  expect(await metric('queue_oldest_undelivered_seconds', `kind="inspection",${ofStream}`)).toBeGreaterThanOrEqual(90);
  expect(await metric('dead_letters', `${ofKind},code="HLS_TIMEOUT"`)).toBe(2);
  expect(await metric('dead_letters', `${ofKind},code="BAD_FIELD"`)).toBe(1);
  expect(await metric('dead_letters_oldest_seconds', ofKind)).toBeGreaterThanOrEqual(3_600);
  expect(await metric('results_oldest_unread_seconds', `${ofKind},group="client"`)).toBeGreaterThanOrEqual(30);
  expect(await service.metric(`worker_stream_lag{${ofStream}}`)).toBe(1);
});

it('tells that a person paused it, and that leases are renewed', async () => {
  expect(await service.metric('roadstream_paused{kind="inspection"}')).toBe(1);
  expect(await service.metric('roadstream_claiming{kind="inspection"}')).toBe(0);
  expect(await service.metric('roadstream_leases_at_risk{kind="inspection"}')).toBe(0);
});

it('knows every way that a job can end before one did, so that the growth of each can be seen', async () => {
  for (const outcome of ['complete', 'retry', 'snooze', 'discard', 'release', 'cancel', 'abandon'])
    expect(await service.metric(`roadstream_jobs_total{kind="inspection",outcome="${outcome}"}`)).toBe(0);
});

it('tells of the queue of every kind where no jobs run, so that one without a worker is seen', async () => {
  await redis.xgroup('CREATE', 'stream:assess', 'assessors', '0', 'MKSTREAM');
  await redis.xadd('stream:assess', '*', 'cctvId', 'cam');
  const other = await Service.start({ REDIS_URL: server.url, ROLES: 'schedule' });
  try {
    expect(await other.metric('roadstream_queue_demand{kind="assessment"}')).toBe(1);
    expect(await other.metric('roadstream_queue_demand{kind="inspection"}')).toBe(1);
    expect(await other.metric('roadstream_dead_letters{kind="inspection",code="BAD_FIELD"}')).toBe(1);
    expect(await other.metric('roadstream_claiming')).toBeUndefined();
  } finally {
    await other.stop();
  }
});
