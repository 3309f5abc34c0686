import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { PRODUCERS } from '../fixtures/spring/producers.js';
import { startGeminiServer, type GeminiServer } from '../support/gemini-server/gemini-server.js';
import { HlsMedia } from '../support/hls-media.js';
import { HlsOrigin } from '../support/hls-origin.js';
import { useRedis } from '../support/use-redis.js';
import { ASSESSMENTS, endingsOf, INSPECTIONS, type Names } from './endings.js';
import { FuzzedService } from './fuzzed-service.js';
import { mutated, oddText } from './mutations.js';
import { examplesOf } from './seed.js';

jest.setTimeout(300_000);

const WITHIN_MS = 120_000;
const NAMES = [
  'cctvId',
  'hls',
  'sec',
  'attempt',
  'enqueuedAt',
  'jobId',
  'job_id',
  '_class',
  'roadstream:source',
  'roadstream:deliveries',
];
const ASSESS_NAMES = [
  'cctvId',
  'jobId',
  'segmentStart',
  'segmentEnd',
  'video',
  'enqueuedAt',
  'attempt',
  'kind',
  'artifacts',
];
const TIMES = ['2026-01-01T10:00:00Z', '1763760000000', '[2026,1,1,10,0]', '+275760-09-13', '-1'];
const VIDEOS = [
  'no.mp4',
  '../../etc/passwd',
  'artifact:x/y.mp4',
  'http://127.0.0.1:1/x.mp4',
  '/dev/zero',
  'a/../b.mp4',
];

const { server, redis } = useRedis();

describe('entries of the job streams, however odd', () => {
  let origin: HlsOrigin;
  let gemini: GeminiServer;
  let service: FuzzedService;

  beforeAll(async () => {
    origin = await HlsOrigin.start(await HlsMedia.make([]));
    gemini = await startGeminiServer();
    service = await FuzzedService.start({
      REDIS_URL: server.url,
      REDIS_MAX_RETRY: '1',
      RETRY_BASE_SECONDS: '0.1',
      REDIS_VISIBILITY_TIMEOUT: '5',
      CAMERA_DOWN_AFTER_FAILURES: '1000',
      SEGMENT_STABLE_SECONDS: '0',
      SEGMENT_STABLE_LIMIT_SECONDS: '0',
      GEMINI_API_KEY: 'test-key',
      GEMINI_BASE_URL: gemini.url,
      OUTBOUND_ALLOW: `127.0.0.1:${origin.port}`,
    });
  });
  afterAll(async () => {
    await service.stop();
    await gemini.close();
    await origin.stop();
    await origin.media.remove();
  });

  /** Values that make a job now and then, so that what comes behind the reading is tried, too. */
  const valueFor = (name: string): fc.Arbitrary<string> => {
    const good: Record<string, readonly string[]> = {
      cctvId: ['cam', 'cctv_001'],
      hls: [origin.url('/status/404/x.m3u8'), origin.url('/html/x.m3u8')],
      sec: ['1', '20', '600'],
      attempt: ['0', '3', '4294967296'],
      video: VIDEOS,
      segmentStart: TIMES,
      segmentEnd: TIMES,
      enqueuedAt: TIMES,
    };
    const usual = good[name];
    if (usual === undefined) return oddText();
    return fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...usual) }, { weight: 1, arbitrary: oddText() });
  };

  const fields = (names: readonly string[]): fc.Arbitrary<Record<string, string>> =>
    fc.record(Object.fromEntries(names.map((name) => [name, valueFor(name)])), {
      requiredKeys: names.slice(0, 2),
    });

  /** As producers write it: plain, in quotes, as JSON in one field, in base64; then perhaps damaged. */
  const entry = (names: readonly string[]): fc.Arbitrary<Buffer[]> => {
    const plain = fields(names).map((job) => Object.entries(job).flat());
    const quoted = fields(names).map((job) =>
      Object.entries(job).flatMap(([name, value]) => [name, JSON.stringify(value)]),
    );
    const whole = fc
      .tuple(fc.constantFrom('payload', 'data', 'body', 'value'), fields(names), fc.boolean())
      .map(([name, job, twice]) => [name, twice ? JSON.stringify(JSON.stringify(job)) : JSON.stringify(job)]);
    const base64 = fields(names).map((job) =>
      Object.entries(job).flatMap(([name, value]) => [name, Buffer.from(value).toString('base64')]),
    );
    const texts = fc.oneof(plain, quoted, whole, base64).map((flat) => flat.map((text) => Buffer.from(text)));
    const known = fc.constantFrom(...PRODUCERS.map((producer) => [...producer.entry]));
    const sound: fc.Arbitrary<Buffer[]> = fc.oneof({ weight: 4, arbitrary: texts }, { weight: 1, arbitrary: known });
    const damaged = sound.chain((flat) =>
      fc.nat(flat.length - 1).chain((i) => mutated(flat[i]!).map((bytes) => flat.with(i, bytes))),
    );
    return fc.oneof(sound, damaged);
  };

  async function play(names: Names, entries: readonly Buffer[][]): Promise<string[]> {
    const ids: string[] = [];
    for (const flat of entries) ids.push(String(await redis.xadd(names.stream, '*', ...flat)));
    const ended = await endingsOf(redis, names, ids, WITHIN_MS);
    return ids.flatMap((id, i) => {
      const how = ended.get(id) ?? '';
      return how === 'NOT ENDED' || how === 'UNEXPECTED' ? [`${how}: ${JSON.stringify(entries[i]!.map(String))}`] : [];
    });
  }

  it.each([
    ['inspection', INSPECTIONS, NAMES],
    ['assessment', ASSESSMENTS, ASSESS_NAMES],
  ])('end as jobs done or set aside with a code that says why: %s', async (_kind, names, fieldNames) => {
    const entries = examplesOf(entry(fieldNames), 300);
    const first = await play(names, entries.slice(0, 60));
    await service.markHeap();
    expect([...first, ...(await play(names, entries.slice(60)))]).toEqual([]);
    expect((await redis.xpending(names.stream, names.group))[0]).toBe(0);
    expect(await service.harm()).toEqual([]);
  });
});
