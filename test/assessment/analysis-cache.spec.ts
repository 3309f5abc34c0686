import { AnalysisCache } from '../../src/assessment/cache/analysis-cache.js';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Analysis, AnalysisKey } from '../../src/assessment/cache/analysis.js';
import { useRedis } from '../support/use-redis.js';

const { redis } = useRedis({ flush: true });
let cache: AnalysisCache;
beforeAll(async () => {
  cache = new AnalysisCache(redis);
});

const QUESTION: AnalysisKey = {
  cctvId: 'cam',
  segmentStart: Date.UTC(2024, 8, 9, 10),
  segmentEnd: undefined,
  picture: undefined,
  model: 'm',
  language: 'en',
  promptVersion: '1',
};
const ANALYSIS = { seconds: 12, assessment: { safetyScore: 50 } } as Analysis;
const first = { entryId: '1-0', runId: 'a' };

describe('the cache of analyses', () => {
  it('keeps the last analysis of a camera and segment for an hour', async () => {
    await cache.keep(QUESTION, { ...ANALYSIS, seconds: 7 });
    await cache.keep(QUESTION, ANALYSIS);
    expect(await cache.find(QUESTION)).toEqual(ANALYSIS);
    const left = await redis.pttl('analysis:cam:20240909T100000Z');
    expect(left).toBeGreaterThan(3_590_000);
    expect(left).toBeLessThanOrEqual(3_600_000);
  });

  it.each([
    ['camera', { cctvId: 'other' }],
    ['time', { segmentStart: QUESTION.segmentStart + 1000 }],
    ['millisecond', { segmentStart: QUESTION.segmentStart + 1 }],
    ['end', { segmentEnd: QUESTION.segmentStart + 1000 }],
    ['picture', { picture: 'a.jpg' }],
    ['model', { model: 'n' }],
    ['language', { language: 'ko' }],
    ['prompt', { promptVersion: '2' }],
  ])('has no answer for another %s', async (_what, change) => {
    await cache.keep(QUESTION, ANALYSIS);
    expect(await cache.find({ ...QUESTION, ...change })).toBeUndefined();
  });

  it('takes no foreign value for an analysis', async () => {
    await redis.set('analysis:cam:20240909T100000Z', 'not ours');
    expect(await cache.find(QUESTION)).toBeUndefined();
  });

  it('lets one run judge at a time', async () => {
    expect(await cache.claim(QUESTION, first, 60_000)).toBe(0);
    const wait = await cache.claim(QUESTION, { entryId: '2-0', runId: 'b' }, 60_000);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60_000);
    await cache.release(QUESTION, first);
    expect(await cache.claim(QUESTION, { entryId: '2-0', runId: 'b' }, 60_000)).toBe(0);
  });

  it('lets a later run of the same entry take over, and the earlier one not take that away', async () => {
    await cache.claim(QUESTION, first, 60_000);
    expect(await cache.claim(QUESTION, { entryId: '1-0', runId: 'b' }, 60_000)).toBe(0);
    await cache.release(QUESTION, first);
    expect(await cache.claim(QUESTION, { entryId: '2-0', runId: 'c' }, 60_000)).toBeGreaterThan(0);
  });

  it('lets the right lapse with a worker that is gone', async () => {
    await cache.claim(QUESTION, first, 1);
    const other = { entryId: '2-0', runId: 'b' };
    // Redis expires it by its own clock.
    while ((await cache.claim(QUESTION, other, 60_000)) > 0);
    expect(await cache.claim(QUESTION, first, 60_000)).toBeGreaterThan(0);
  });
});
