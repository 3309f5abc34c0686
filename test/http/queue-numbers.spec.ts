import { beforeAll, describe, expect, it } from '@jest/globals';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';

let service: Service;
const { server, redis } = useRedis({ endFirst: () => service.stop() });

beforeAll(async () => {
  // It runs no jobs: what it says of queues it knows from Redis alone.
  service = await Service.start({ REDIS_URL: server.url, ROLES: 'schedule' });
}, 60_000);

const lane = (stream: string, priority: string) => ({
  ...{ priority, stream, undelivered: 0, running: 0, waiting: 0, demand: 0 },
  ...{ oldestUndeliveredMs: null, oldestDueMs: null },
});

const empty = (kind: string, group: string, stream: string) => ({
  ...{ kind, group, demand: 0 },
  lanes: [lane(`${stream}:high`, 'urgent'), lane(stream, 'normal')],
  deadLetters: { total: 0, byCode: {}, oldestAt: null },
  readers: expect.any(Array),
});

describe('GET /api/v1/queue', () => {
  it('tells of every kind, whether or not it runs here', async () => {
    expect(await service.json('/api/v1/queue')).toEqual({
      items: [empty('inspection', 'workers', 'stream:preprocess'), empty('assessment', 'assessors', 'stream:assess')],
      next: null,
    });
    expect(await service.json('/api/v1/queue?kind=assessment')).toEqual({
      items: [empty('assessment', 'assessors', 'stream:assess')],
      next: null,
    });
  });

  it('tells of one in numbers that a scaler can read', async () => {
    await redis.xgroup('CREATE', 'stream:preprocess', 'workers', '0', 'MKSTREAM');
    for (let i = 0; i < 3; i += 1) await redis.xadd('stream:preprocess', '*', 'cctvId', 'cam');
    await redis.xadd('stream:preprocess:high', '*', 'cctvId', 'cam');
    await redis.xreadgroup('GROUP', 'workers', 'one', 'COUNT', 1, 'STREAMS', 'stream:preprocess', '>');
    await redis.xadd('stream:preprocess:dlq', '1700000000000-0', 'roadstream:code', 'HLS_TIMEOUT');
    expect(await service.json('/api/v1/queue/inspection')).toMatchObject({
      kind: 'inspection',
      demand: 4,
      lanes: [
        { priority: 'urgent', undelivered: 1, demand: 1, oldestUndeliveredMs: expect.any(Number) },
        { priority: 'normal', undelivered: 2, running: 1, waiting: 0, demand: 3, oldestDueMs: null },
      ],
      deadLetters: { total: 1, oldestAt: '2023-11-14T22:13:20.000Z' },
    });
  });

  it('says so of a kind that is none', async () => {
    expect(await service.json('/api/v1/queue/parcel')).toMatchObject({ status: 400, code: 'KIND_UNKNOWN' });
    expect(await service.json('/api/v1/queue/A')).toMatchObject({ errors: [{ field: 'kind' }] });
  });
});
