import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { toFields } from '../../src/redis/fields.js';
import { eventually } from '../support/eventually.js';
import { FakeS3 } from '../support/fake-s3.js';
import { FakeSwift } from '../support/fake-swift.js';
import { HlsMedia } from '../support/hls-media.js';
import { HlsOrigin } from '../support/hls-origin.js';
import { ReadOnlyFolder } from '../support/read-only-folder.js';
import { useRedis } from '../support/use-redis.js';
import { Service } from '../support/service.js';
import { useFolder } from '../support/use-folder.js';

const STREAM = 'stream:preprocess';
const JOBS = 3;
/** Each watches a camera for two seconds. */
const JOBS_DONE_MS = 60_000;
jest.setTimeout(120_000);

interface Outage {
  begin(): Promise<void> | void;
  end(): Promise<void> | void;
  clear(): Promise<void> | void;
}

/** A store of ours that can be away, and the settings that lead to it. */
type Place = () => Promise<{ environment: Record<string, string>; outage: Outage }>;

const swift: Place = async () => {
  const fake = await FakeSwift.start();
  const { authUrl, username, password, projectName } = fake.settings('c');
  const environment = { OS_AUTH_URL: authUrl, OS_USERNAME: username, OS_PASSWORD: password };
  const begin = (): void => {
    fake.refuses = 401;
    fake.revokeTokens();
  };
  const end = (): void => {
    fake.refuses = undefined;
  };
  const outage = { begin, end, clear: () => fake.stop() };
  return { environment: { ...environment, OS_PROJECT_NAME: projectName }, outage };
};

const s3: Place = async () => {
  const fake = await FakeS3.start();
  const begin = (): void => {
    fake.spoil = () => ({ status: 403, code: 'InvalidAccessKeyId' });
  };
  const end = (): void => {
    fake.spoil = () => undefined;
  };
  return { environment: fake.environment, outage: { begin, end, clear: () => fake.stop() } };
};

const folder: Place = async () => {
  const base = await mkdtemp(join(tmpdir(), 'storage-away-'));
  const place = ReadOnlyFolder.make(join(base, 'artifacts'));
  const clear = async (): Promise<void> => {
    await place.clear();
    await rm(base, { recursive: true });
  };
  const outage = { begin: () => place.forbid(), end: () => place.allow(), clear };
  return { environment: { ARTIFACTS_DIR: place.path }, outage };
};

const { server, redis } = useRedis({ flush: true });
const elsewhere = useFolder('storage-away');

describe('storage that is away for reasons of ours', () => {
  let media: HlsMedia;
  let origin: HlsOrigin;

  beforeAll(async () => {
    media = await HlsMedia.make(['vod']);
    origin = await HlsOrigin.start(media);
  }, 60_000);
  afterAll(async () => {
    await origin.stop();
    await media.remove();
  });

  const start = (environment: Record<string, string>): Promise<Service> =>
    Service.start({
      REDIS_URL: server.url,
      OUTBOUND_ALLOW: `127.0.0.1:${origin.port}`,
      REDIS_VISIBILITY_TIMEOUT: '5',
      ...environment,
    });
  const enqueue = () => redis.xadd(STREAM, '*', 'cctvId', 'a', 'hls', origin.url('/vod/index.m3u8'), 'sec', '2');
  const ready = async (service: Service): Promise<number> => (await fetch(`${service.url}/health/ready`)).status;

  it.each<[string, Place]>([
    ['a Swift whose password was changed', swift],
    ['an S3 whose keys were withdrawn', s3],
    ['a folder that became read-only', folder],
  ])('costs no job anything, is said everywhere, and ends by itself: %s', async (_what, place) => {
    const { environment, outage } = await place();
    const service = await start(environment);
    try {
      await outage.begin();
      for (let i = 0; i < JOBS; i += 1) await enqueue();
      await eventually('it is unready', async () => (await ready(service)) === 503);
      const { heldBackBecause, claiming } = await service.status();
      expect(claiming).toBe(false);
      expect(heldBackBecause).toHaveLength(1);
      expect(await service.json('/health')).toMatchObject({ error: { storage: { status: 'down' } } });
      expect(await service.metric('artifact_store_up')).toBe(0);
      // Those in hand at the beginning were watched for nothing; nobody else is.
      await eventually('nothing is in hand', async () => (await service.status()).jobs.length === 0);
      const captures = await service.metric('worker_step_duration_seconds_count{step="capture"}');
      await outage.end();
      await eventually(
        'all jobs are complete',
        async () => {
          return (await service.metric('worker_jobs_total{outcome="complete"}')) === JOBS;
        },
        JOBS_DONE_MS,
      );
      expect(await service.metric('worker_step_duration_seconds_count{step="capture"}')).toBe((captures ?? 0) + JOBS);
      expect(await ready(service)).toBe(200);
      expect(await redis.xlen(`${STREAM}:dlq`)).toBe(0);
      expect((await service.metric('worker_jobs_total{outcome="retry"}')) ?? 0).toBe(0);
      const results = await redis.xrange(`${STREAM}:results`, '-', '+');
      expect(results.map(([, fields]) => toFields(fields)['attempt'])).toEqual(Array(JOBS).fill('1'));
      expect(service.output.match(/artifacts cannot be stored/g)).toHaveLength(1);
      expect(service.output.match(/artifacts can be stored again/g)).toHaveLength(1);
    } finally {
      await outage.end();
      await service.stop();
      await outage.clear();
    }
  });

  it('claims nothing at all when it is away from the start', async () => {
    const { environment, outage } = await swift();
    await outage.begin();
    await enqueue();
    const service = await Service.launch({ REDIS_URL: server.url, ...environment });
    const status = await eventually('it is up', () => service.status().catch(() => undefined));
    expect(status.heldBackBecause[0]).toContain('OS_PASSWORD');
    expect(await ready(service)).toBe(503);
    expect(service.output).not.toContain('job started');
    await service.stop();
    await outage.clear();
  });

  it('ends the start where a file stands in the place of the folder', async () => {
    const file = elsewhere.at('in-the-way');
    await writeFile(file, '');
    const service = await Service.launch({ REDIS_URL: server.url, ARTIFACTS_DIR: file });
    expect(await service.end()).toBe(1);
    expect(service.output).toContain('is no folder');
  });
});
