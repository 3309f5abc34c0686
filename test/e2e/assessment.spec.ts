import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { FakeSwift } from '../support/fake-swift.js';
import { startGeminiServer, type GeminiServer } from '../support/gemini-server/gemini-server.js';
import { SegmentMedia } from '../support/segment-media.js';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';

const STREAM = 'stream:assess';
const ANSWER = { safetyScore: 72, summary: 'Wet.', roadCondition: 'wet', incidents: [] };

const { server, redis } = useRedis({ flush: true });

describe("a segment's way through the running service", () => {
  let media: SegmentMedia;
  let gemini: GeminiServer;

  beforeAll(async () => {
    media = await SegmentMedia.make();
    gemini = await startGeminiServer();
  }, 60_000);

  beforeEach(async () => {
    gemini.answer = () => ANSWER;
  });

  afterAll(async () => {
    await gemini.close();
    await media.remove();
  });

  const start = (storage: Record<string, string> = {}): Promise<Service> =>
    Service.start({
      ...storage,
      REDIS_URL: server.url,
      ROLES: 'assess',
      GEMINI_API_KEY: 'test-key',
      GEMINI_BASE_URL: gemini.url,
      SEGMENTS_DIR: media.folder,
      SEGMENT_STABLE_SECONDS: '0.1',
      REDIS_VISIBILITY_TIMEOUT: '1',
      // Of its own, so that what a killed worker leaves is seen.
      TMPDIR: media.folder,
    });

  const put = (jobId: string) =>
    redis.xadd(
      STREAM,
      '*',
      ...['cctvId', 'cam', 'jobId', jobId, 'segmentStart', '2024-09-09T10:00:00Z', 'video', 'ok.mp4'],
      ...['enqueuedAt', '2024-09-09T10:10:00Z'],
    );

  const results = async () => (await redis.xrange(`${STREAM}:results`, '-', '+')).map(([, fields]) => fields);

  it('ends in an artifact, a result and an acknowledgement', async () => {
    const service = await start();
    await put('j1');
    const [result] = await eventually('a result', async () => {
      const found = await results();
      return found.length > 0 && found;
    });
    expect(result).toEqual(expect.arrayContaining(['j1', '72', 'video', 'gemini-3.8-flash']));
    const file = join(service.artifacts, 'preprocess/cam/j1/20240909T101000Z/assessment.json');
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ safetyScore: 72, roadCondition: 'wet' });
    expect((await redis.xpending(STREAM, 'assessors'))[0]).toBe(0);
    expect(service.output).not.toContain('test-key');
    expect(await service.stop()).toBe(0);
  }, 60_000);

  it('goes on with another worker when one is killed while it judges, and nothing of that one stays', async () => {
    let asked = 0;
    gemini.answer = () => {
      asked += 1;
      return asked === 1 ? new Promise(() => undefined) : ANSWER;
    };
    const first = await start();
    await put('j2');
    await eventually('Gemini is asked', () => asked === 1);
    await first.stop('SIGKILL');
    const second = await start();
    await eventually('a result', async () => (await results()).length === 1, 20_000);
    expect(asked).toBe(2);
    expect(await second.stop()).toBe(0);
    expect(await media.names()).not.toEqual(expect.arrayContaining([expect.stringContaining('roadstream-assess-')]));
  }, 60_000);

  it('is judged once though the worker is killed between judging and settling', async () => {
    let asked = 0;
    gemini.answer = () => {
      asked += 1;
      return ANSWER;
    };
    const swift = await FakeSwift.start();
    swift.mute = '/assessment.json';
    const { authUrl: OS_AUTH_URL, ...account } = swift.settings('videos');
    const [OS_USERNAME, OS_PASSWORD, OS_PROJECT_NAME] = [account.username, account.password, account.projectName];
    const first = await start({ OS_AUTH_URL, OS_USERNAME, OS_PASSWORD, OS_PROJECT_NAME });
    await put('j3');
    await eventually('it is judged and about to be stored', () => swift.unanswered === 1);
    await first.stop('SIGKILL');
    expect(await results()).toEqual([]);
    const second = await start();
    const [result] = await eventually('a result', async () => {
      const found = await results();
      return found.length > 0 && found;
    });
    expect(result).toEqual(expect.arrayContaining(['j3', '72', 'cached', 'true']));
    expect(asked).toBe(1);
    expect(await second.stop()).toBe(0);
    expect(await results()).toHaveLength(1);
    await swift.stop();
  }, 60_000);
});
