import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { Random } from '../chaos/random.js';
import { FakeSwift } from '../support/fake-swift.js';
import { startGeminiServer, type GeminiServer } from '../support/gemini-server/gemini-server.js';
import { SegmentMedia } from '../support/segment-media.js';
import { useRedis } from '../support/use-redis.js';
import { ASSESSMENTS, endingsOf } from './endings.js';
import { FuzzedService } from './fuzzed-service.js';
import { ManglingLine } from './mangling-line.js';
import { oddText } from './mutations.js';
import { examplesOf, SEED } from './seed.js';

jest.setTimeout(300_000);

const WITHIN_MS = 200_000;
const START = Date.UTC(2026, 0, 1);

/** Segments that Gemini judges and Swift keeps: every job of them hears both. */
const { server, redis } = useRedis();

describe('what Gemini and Swift answer, however odd', () => {
  let gemini: GeminiServer;
  let swift: FakeSwift;
  let media: SegmentMedia;
  let toGemini: ManglingLine;
  let toSwift: ManglingLine;
  let service: FuzzedService;
  let count = 0;

  beforeAll(async () => {
    gemini = await startGeminiServer();
    media = await SegmentMedia.make();
    await media.makeSmall();
    swift = await FakeSwift.start();
    toGemini = await ManglingLine.start(Number(new URL(gemini.url).port), new Random(SEED));
    toSwift = await ManglingLine.start(Number(new URL(swift.settings('x').authUrl).port), new Random(SEED + 1));
    swift.address = toSwift.url;
    service = await FuzzedService.start({
      REDIS_URL: server.url,
      ROLES: 'assess',
      REDIS_VISIBILITY_TIMEOUT: '10',
      RETRY_BASE_SECONDS: '0.1',
      REDIS_MAX_RETRY: '3',
      ASSESS_CONCURRENCY: '4',
      SEGMENTS_DIR: media.folder,
      SEGMENT_STABLE_SECONDS: '0',
      GEMINI_API_KEY: 'test-key',
      GEMINI_BASE_URL: toGemini.url,
      GEMINI_TIMEOUT_SECONDS: '5',
      GEMINI_RPM: '100000',
      GEMINI_RPD: '1000000',
      GEMINI_TPM: '1000000000',
      OS_AUTH_URL: toSwift.url,
      OS_USERNAME: 'user',
      OS_PASSWORD: 'password',
      OS_PROJECT_NAME: 'project',
    });
  });
  afterAll(async () => {
    await service.stop();
    await toGemini.stop();
    await toSwift.stop();
    await gemini.close();
    await swift.stop();
    await media.remove();
  });

  /** Runs so many segments, none of which was judged before; gives those that did not end, or not with a code that says why. */
  async function judge(jobs: number): Promise<string[]> {
    const ids: string[] = [];
    for (let i = 0; i < jobs; i += 1) {
      count += 1;
      const segmentStart = new Date(START + 600_000 * count).toISOString();
      ids.push(
        String(
          await redis.xadd(
            ASSESSMENTS.stream,
            '*',
            ...['cctvId', 'cam', 'segmentStart', segmentStart, 'video', 'small.mp4'],
          ),
        ),
      );
    }
    const ended = await endingsOf(redis, ASSESSMENTS, ids, WITHIN_MS);
    return [...ended.values()].filter((how) => how === 'NOT ENDED' || how === 'UNEXPECTED');
  }

  it('end jobs done or set aside when the answer is any JSON', async () => {
    const sound = { safetyScore: 25, summary: 'Deep cracks.', roadCondition: 'damaged', incidents: [] as unknown[] };
    const incident = fc.record(
      { time: oddText(), atSeconds: fc.anything(), kind: oddText(), severity: oddText(), description: oddText() },
      { requiredKeys: [] },
    );
    const odd = fc.oneof(
      fc.jsonValue(),
      fc
        .tuple(fc.constantFrom(...Object.keys(sound)), fc.jsonValue())
        .map(([name, value]) => ({ ...sound, [name]: value })),
      fc.array(incident, { maxLength: 4 }).map((incidents) => ({ ...sound, incidents })),
    );
    const answers = examplesOf(odd, 60);
    let asked = 0;
    gemini.answer = () => answers[asked++ % answers.length];
    const first = await judge(5);
    await service.markHeap();
    expect([...first, ...(await judge(25))]).toEqual([]);
    expect(await service.harm()).toEqual([]);
  });

  it('end jobs done or set aside when some bytes of it are wrong or missing', async () => {
    gemini.answer = () => ({ safetyScore: 25, summary: 'Deep cracks.', roadCondition: 'damaged', incidents: [] });
    toGemini.share = 0.2;
    toSwift.share = 0.2;
    const flaws = await judge(25);
    toGemini.share = 0;
    toSwift.share = 0;
    expect([...flaws, ...(await judge(1))]).toEqual([]);
    expect(await service.harm()).toEqual([]);
  });
});
