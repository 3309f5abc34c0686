import { CameraLedger } from '../../src/ledger/camera-ledger.js';
import { LedgerWriter } from '../../src/ledger/ledger-writer.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '../../src/lib/clock.js';
import { bytesOf } from '../support/bytes-of.js';
import { parseInspectionJob } from '../../src/inspection/inspection-job.js';
import { connect } from '../../src/redis/connection.js';
import { Link } from '../../src/redis/link.js';
import { RedisJobQueue } from '../../src/queue/streams/redis-job-queue.js';
import { eventually } from '../support/eventually.js';
import { GROUP, testStreams, type TestStreams } from '../support/test-engine.js';
import { useRedis } from '../support/use-redis.js';

const YEAR_9999 = Date.UTC(9999, 0, 1);
const YEAR_2099 = Date.UTC(2099, 0, 1);
const NOW = Date.UTC(2026, 5, 1, 12);
const AT_NOW: Clock = { now: () => NOW };

describe('a job that is dated in the future', () => {
  const read = (entryMs: number, enqueuedAt?: string) => {
    const warnings: string[] = [];
    const given = enqueuedAt === undefined ? [] : ['enqueuedAt', enqueuedAt];
    const payload = bytesOf('cctvId', 'cam', 'hls', 'https://h/a.m3u8', ...given);
    const options = {
      entryId: `${entryMs}-0`,
      maxSeconds: 60,
      clock: AT_NOW,
      warn: (text: string) => warnings.push(text),
    };
    return { at: parseInspectionJob(payload, options).enqueuedAt, warnings };
  };

  it.each([
    ['a minute ahead: clocks differ', NOW, String(NOW + 59_000), NOW + 59_000, 0],
    ['an hour ahead: the time of its entry counts', NOW - 5, String(NOW + 3_600_000), NOW - 5, 1],
    ['2099: the time of its entry counts', NOW - 5, '2099-01-01T00:00:00Z', NOW - 5, 1],
    ['an entry of 9999: now counts', YEAR_9999, undefined, NOW, 1],
    ['both: now counts', YEAR_9999, '2099-01-01T00:00:00Z', NOW, 2],
    ['an entry of 9999 and a time that is true: that counts', YEAR_9999, String(NOW - 7), NOW - 7, 0],
  ])('%s', (_what, entryMs, enqueuedAt, at, words) => {
    const { at: found, warnings } = read(entryMs, enqueuedAt);
    expect([found, warnings.length]).toEqual([at, words]);
    for (const warning of warnings) expect(warning).toContain('lies in the future');
  });
});

const { server, redis } = useRedis({ flush: true });

const LEDGER_NAMES = {
  ...{ inspections: 'i', assessments: 'a', group: 'ledger' },
  mains: { inspection: 'stream:preprocess', assessment: 'stream:assess' },
};

describe('what remembers jobs', () => {
  let link: Link;
  let streams: TestStreams;
  let ledger: CameraLedger;
  let writer: LedgerWriter;

  beforeAll(async () => {
    link = new Link(connect({ url: server.url }, 'commands'));
    ledger = new CameraLedger(link.connection, LEDGER_NAMES);
    writer = new LedgerWriter(link.connection, LEDGER_NAMES);
  });
  beforeEach(async () => {
    streams = testStreams();
  });
  afterAll(() => link.close());

  /** Has the ledger's group read one more result, and gives its id. */
  async function next(stream: string): Promise<string> {
    const reply = await redis.xreadgroup('GROUP', 'ledger', 'me', 'COUNT', 1, 'STREAMS', stream, '>');
    return reply![0]![1][0]![0];
  }

  it('does not keep an inspection of 2099 as the newest for ever', async () => {
    await redis.xgroup('CREATE', 'i', 'ledger', '0', 'MKSTREAM');
    // As a version before this one noted it.
    await redis.zadd('{i}:cameras', YEAR_2099, 'known');
    for (const [cctvId, enqueuedAt, damage] of [
      ['cam', '2099-01-01T00:00:00Z', 'first'],
      ['cam', new Date(Date.now() + 5_000).toISOString(), 'second'],
      ['known', '2026-01-01T00:00:00Z', 'third'],
    ] as const) {
      const fields = { cctvId, enqueuedAt, damage };
      await redis.xadd('i', '*', ...Object.entries(fields).flat());
      await writer.noteInspection({ id: await next('i'), fields });
    }
    expect((await ledger.get('cam'))?.inspection).toMatchObject({ damage: 'second' });
    expect((await ledger.get('known'))?.inspection).toMatchObject({ damage: 'third' });
    expect((await ledger.list(10)).map(({ cctvId }) => cctvId)).toEqual(['cam', 'known']);
  });

  it('does not keep an assessment of 2099 as the newest for ever', async () => {
    await redis.xgroup('CREATE', 'a', 'ledger', '0', 'MKSTREAM');
    await redis.hset('{a}:scores:cam', String(YEAR_2099), '1');
    await redis.zadd('{a}:cameras', YEAR_2099, 'cam');
    const before = Date.now();
    for (const [segmentStart, safetyScore] of [
      ['2098-01-01T00:00:00Z', '10'],
      [new Date(Date.now() + 5_000).toISOString(), '90'],
    ] as const) {
      const fields = { cctvId: 'cam', segmentStart, safetyScore, worker: 'w', durationMs: '1' };
      await redis.xadd('a', '*', ...Object.entries(fields).flat());
      await writer.noteAssessment({ id: await next('a'), fields });
    }
    const record = await ledger.get('cam');
    expect(record?.assessment).toMatchObject({ safetyScore: '90' });
    expect(record?.judgements.every(({ at }) => at >= before && at <= Date.now() + 60_000)).toBe(true);
  });

  function queueOf(retentionMs: number): RedisJobQueue {
    return new RedisJobQueue({
      redis: { url: server.url },
      names: { lanes: [streams.high, streams.stream], dlq: streams.dlq, results: streams.results, group: GROUP },
      ...{
        consumer: 'me',
        visibilityMs: 2_000,
        urgentCheckMs: 0,
        retentionMs,
        longestRunMs: 60_000,
        maxEntryBytes: 1_000_000,
      },
    });
  }

  it('trims a stream all the same when an id in it is of the year 9999, and spares what is needed', async () => {
    const queue = queueOf(200);
    await queue.open();
    const jobs = 150;
    await redis.xadd(streams.stream, `${YEAR_9999}-0`, 'jobId', 'made-up');
    await redis.xadd(streams.results, `${YEAR_9999}-0`, 'a', 'b');
    for (let i = 0; i < jobs; i += 1) {
      await redis.xadd(streams.stream, '*', 'jobId', 'x');
      await redis.xadd(streams.results, '*', 'a', 'b');
    }
    const deliveries = await queue.claim(jobs + 1, 0);
    const [kept, ...others] = deliveries.reverse();
    for (const delivery of others) await queue.complete(delivery);
    await eventually('old entries are gone', async () => {
      await queue.tidy();
      const [left, results] = [await redis.xlen(streams.stream), await redis.xlen(streams.results)];
      // By whole nodes of 100 entries.
      return left <= 100 && results <= 100;
    });
    expect(await redis.xrange(streams.stream, kept!.entryId, kept!.entryId)).toHaveLength(1);
    expect(await queue.complete(kept!)).toBe('settled');
    await queue.close();
  });
});
