import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { toFields } from '../../src/redis/fields.js';
import { eventually } from '../support/eventually.js';
import { NOBODY_AT } from '../support/nobody.js';
import { Service } from '../support/service.js';
import { useFolder } from '../support/use-folder.js';
import { useRedis } from '../support/use-redis.js';

const STREAM = 'stream:preprocess';
const DLQ = `${STREAM}:dlq`;
const HOUR_MS = 3_600_000;
const SHIFTED_CLOCK = fileURLToPath(new URL('../support/shifted-clock.js', import.meta.url));

const { server, redis } = useRedis({ flush: true });

describe('a worker whose clock is wrong', () => {
  let service: Service;

  afterEach(() => service.stop());

  async function letters(): Promise<Record<string, string>[]> {
    const entries = await redis.xrange(DLQ, '-', '+');
    return entries.map(([, fields]) => toFields(fields));
  }

  it.each([2, -2])(
    'by %i hours neither gives jobs of a camera that is down up nor favours them',
    async (hours) => {
      service = await Service.start({
        REDIS_URL: server.url,
        OUTBOUND_ALLOW: NOBODY_AT,
        NODE_OPTIONS: `--import ${SHIFTED_CLOCK}`,
        CLOCK_OFF_MS: String(hours * HOUR_MS),
        CAMERA_DOWN_AFTER_FAILURES: '1',
        CAMERA_DOWN_RETRY_SECONDS: '3600',
        CAMERA_DOWN_GIVE_UP_SECONDS: '3600',
        RETRY_BASE_SECONDS: '0',
        REDIS_VISIBILITY_TIMEOUT: '60',
      });
      const add = (jobId: string, enqueuedAt?: number) => {
        const time = enqueuedAt === undefined ? [] : ['enqueuedAt', String(enqueuedAt)];
        return redis.xadd(
          STREAM,
          '*',
          'cctvId',
          'cam',
          'hls',
          `http://${NOBODY_AT}/a.m3u8`,
          'sec',
          '1',
          'jobId',
          jobId,
          ...time,
        );
      };
      await add('first');
      await eventually('the camera is down', async () =>
        (await service.status()).cameras.some(({ state }) => state === 'down'),
      );
      await add('young');
      await add('old', Date.now() - 1.5 * HOUR_MS);
      const [letter] = await eventually('the old one is given up', async () => {
        const all = await letters();
        return all.length > 0 ? all : undefined;
      });
      expect(letter).toMatchObject({ jobId: 'old', 'roadstream:code': 'CAMERA_DOWN' });
      expect(Math.abs(Date.parse(letter!['roadstream:lastAt']!) - Date.now())).toBeLessThan(60_000);
      await eventually(
        'the young one waits',
        async () => ((await service.metric('worker_jobs_total{outcome="snooze"}')) ?? 0) >= 1,
      );
      expect(await letters()).toHaveLength(1);
      const status = await eventually('both wait', async () => {
        const now = await service.status();
        return now.streams.at(-1)?.waiting === 2 ? now : undefined;
      });
      // What to scale by counts what waits, which lag does not.
      expect(status).toMatchObject({ lag: 0, pending: 2, demand: 2 });
      expect(await service.metric('worker_queue_demand{kind="inspection"}')).toBe(2);
      expect(status.streams.at(-1)?.oldestPendingMs).toBeLessThan(60_000);
      expect(await service.metric('worker_queue_wait_seconds_sum')).toBeLessThan(1.6 * 3_600);
    },
    60_000,
  );
});

describe('a schedule whose clock is wrong', () => {
  const folder = useFolder('schedule-clock');
  let service: Service;

  afterEach(() => service.stop());

  it.each([2, -2])('by %i hours adds inspections for the time that it is, from the first one on', async (hours) => {
    const camera = { cctvId: 'cam', hls: 'https://example.com/a.m3u8', inspectEveryMinutes: 1 };
    await writeFile(folder.at('cameras.json'), JSON.stringify({ cameras: [camera] }));
    service = await Service.start({
      REDIS_URL: server.url,
      ROLES: 'schedule',
      CAMERAS_FILE: folder.at('cameras.json'),
      NODE_OPTIONS: `--import ${SHIFTED_CLOCK}`,
      CLOCK_OFF_MS: String(hours * HOUR_MS),
    });
    const [[, fields]] = await eventually('the first job', async () => {
      const [first] = await redis.xrange(STREAM, '-', '+');
      return first && ([first] as const);
    });
    expect(Math.abs(Number(toFields(fields)['enqueuedAt']) - Date.now())).toBeLessThan(60_000);
  });
});

describe('a Redis that is too old', () => {
  let old: Server;

  beforeAll(async () => {
    // The real thing, but for the number that it says.
    old = createServer((client) => {
      const real = connect(server.port, '127.0.0.1');
      client.pipe(real);
      real.on('data', (bytes: Buffer) => client.write(older(bytes)));
      for (const end of [client, real])
        end.on('error', () => undefined).on('close', () => void (client.destroy(), real.destroy()));
    }).listen(0, '127.0.0.1');
    await once(old, 'listening');
  });
  afterAll(() => void old.close());

  it('is refused at the start with a sentence', async () => {
    const service = await Service.launch({ REDIS_URL: `redis://127.0.0.1:${(old.address() as AddressInfo).port}` });
    expect(await service.end()).toBe(1);
    const lines = service.output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'fatal',
        code: 'REDIS_TOO_OLD',
        message: expect.stringMatching(/Redis 6\.\S+ is too old.*7\.0/),
      }),
    ]);
  });
});

/** A version of the same length, so that the reply's length still holds. */
function older(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replace(/redis_version:\d/, 'redis_version:6'), 'latin1');
}
