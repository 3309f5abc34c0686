import { ResultsFeed, type PublishedResult } from '../../src/queue/results/results-feed.js';
import { CameraLedger } from '../../src/ledger/camera-ledger.js';
import { LedgerWriter } from '../../src/ledger/ledger-writer.js';
import { CameraLooks } from '../../src/ledger/looks/camera-looks.js';
import { visitId } from '../../src/job/visit-id.js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JobResult } from '../../src/job/handler.js';
import { Follower } from '../../src/queue/results/follower.js';
import { connect, type Connection } from '../../src/redis/connection.js';
import { Link } from '../../src/redis/link.js';
import { eventsKey } from '../../src/queue/status/job-note.js';
import { toFields } from '../../src/redis/fields.js';
import { eventually } from '../support/eventually.js';
import { useRedis } from '../support/use-redis.js';

const INSPECTIONS = 'stream:preprocess:results';
const ASSESSMENTS = 'stream:assess:results';
const MAINS = { inspection: 'stream:preprocess', assessment: 'stream:assess' };
const NAMES = { inspections: INSPECTIONS, assessments: ASSESSMENTS, group: 'ledger', mains: MAINS };

const { server, redis } = useRedis({ flush: true });
let connection: Connection;
let ledger: CameraLedger;
let writer: LedgerWriter;

beforeEach(async () => {
  connection = connect({ url: server.url }, 'commands');
  ledger = new CameraLedger(connection, NAMES);
  writer = new LedgerWriter(connection, NAMES);
});
afterEach(() => connection.disconnect());

const feedOf = (stream: string, consumer = 'a') =>
  new ResultsFeed(new Link(connection), { stream, group: 'ledger', consumer, from: 'start' });

const inspection = (cctvId: string, enqueuedAt: string, more: JobResult = {}) => ({ cctvId, enqueuedAt, ...more });
const assessment = (cctvId: string, segmentStart: string, safetyScore: number, more: JobResult = {}) => ({
  cctvId,
  segmentStart,
  safetyScore: String(safetyScore),
  worker: 'host-1',
  durationMs: '1000',
  ...more,
});

async function publish(stream: string, fields: JobResult): Promise<string> {
  return (await redis.xadd(stream, '*', ...Object.entries(fields).flat())) as string;
}

async function readAll(stream: string): Promise<PublishedResult[]> {
  return feedOf(stream).next(1000);
}

describe('the ledger of cameras', () => {
  it('knows nothing of a camera before its first result', async () => {
    expect(await ledger.get('cam')).toBeUndefined();
    expect(await ledger.list(10)).toEqual([]);
  });

  it('keeps the newest inspection of a camera, in whichever order they come', async () => {
    await publish(INSPECTIONS, inspection('cam', '2026-01-01T10:00:00Z', { damage: 'new' }));
    await publish(INSPECTIONS, inspection('cam', '2026-01-01T09:00:00Z', { damage: 'old' }));
    for (const result of await readAll(INSPECTIONS)) await writer.noteInspection(result);
    expect((await ledger.get('cam'))?.inspection).toMatchObject({ damage: 'new' });
  });

  it('counts an assessment once, however often its result comes', async () => {
    await publish(ASSESSMENTS, assessment('cam', '2026-01-01T10:00:00Z', 40));
    const [result] = await readAll(ASSESSMENTS);
    for (let i = 0; i < 3; i += 1) await writer.noteAssessment(result as PublishedResult);
    expect(await ledger.assessmentTotals()).toEqual([
      expect.objectContaining({ worker: 'host-1', jobs: 1, meanMs: 1000 }),
    ]);
    expect((await ledger.get('cam'))?.judgements).toEqual([{ at: Date.UTC(2026, 0, 1, 10), safetyScore: 40 }]);
  });

  it('lets the last assessment of a segment count', async () => {
    await publish(ASSESSMENTS, assessment('cam', '2026-01-01T10:00:00Z', 40));
    await publish(ASSESSMENTS, assessment('cam', '2026-01-01T10:00:00Z', 60));
    for (const result of await readAll(ASSESSMENTS)) await writer.noteAssessment(result);
    expect((await ledger.get('cam'))?.judgements.map(({ safetyScore }) => safetyScore)).toEqual([60]);
    expect((await ledger.assessmentTotals())[0]?.jobs).toBe(2);
  });

  it('keeps the newest assessment of a camera, in whichever order they come, and the score of each', async () => {
    await publish(ASSESSMENTS, assessment('cam', '2026-01-01T10:00:00Z', 40, { summary: 'new' }));
    await publish(ASSESSMENTS, assessment('cam', '2026-01-01T09:00:00Z', 60, { summary: 'old' }));
    for (const result of await readAll(ASSESSMENTS)) await writer.noteAssessment(result);
    const record = await ledger.get('cam');
    expect(record?.assessment).toMatchObject({ summary: 'new' });
    expect(record?.judgements.map(({ safetyScore }) => safetyScore)).toEqual([40, 60]);
  });

  it('forgets all but the last two days of ten-minute segments', async () => {
    for (let i = 1; i <= 300; i += 1) await publish(ASSESSMENTS, assessment('cam', String(600_000 * i), i % 100));
    for (const result of await readAll(ASSESSMENTS)) await writer.noteAssessment(result);
    const { judgements = [] } = (await ledger.get('cam')) ?? {};
    expect(judgements).toHaveLength((2 * 86_400_000) / 600_000);
    expect(judgements[0]).toEqual({ at: 180_000_000, safetyScore: 0 });
  });

  it('knows where the assessments of the same segments are, of videos only, and forgets them with the scores', async () => {
    for (let i = 1; i <= 300; i += 1) {
      const more = { kind: i === 299 ? 'picture' : 'video', artifacts: `folder-${i}/` };
      await publish(ASSESSMENTS, assessment('cam', String(600_000 * i), 50, more));
    }
    await publish(ASSESSMENTS, assessment('cam', String(600_000 * 300), 50, { kind: 'video', artifacts: 'again/' }));
    for (const result of await readAll(ASSESSMENTS)) await writer.noteAssessment(result);
    expect(await redis.hlen(`{${ASSESSMENTS}}:segments:cam`)).toBe(287);
    const starts = [300, 299, 13, 12].map((i) => 600_000 * i);
    expect(await ledger.judgedSegments('cam', starts)).toEqual(['again/', undefined, 'folder-13/', undefined]);
    expect(await ledger.judgedSegments('cam', [])).toEqual([]);
  });

  it('lists cameras, those heard of most recently first', async () => {
    await publish(INSPECTIONS, inspection('first', '2026-01-01T09:00:00Z'));
    await publish(INSPECTIONS, inspection('third', '2026-01-01T07:00:00Z'));
    await publish(ASSESSMENTS, assessment('second', '2026-01-01T08:00:00Z', 50));
    for (const result of await readAll(INSPECTIONS)) await writer.noteInspection(result);
    for (const result of await readAll(ASSESSMENTS)) await writer.noteAssessment(result);
    expect((await ledger.list(10)).map(({ cctvId }) => cctvId)).toEqual(['first', 'second', 'third']);
    expect(await ledger.list(1)).toHaveLength(1);
  });

  it('gives the assessments that finished last', async () => {
    for (const id of ['a', 'b', 'c']) await publish(ASSESSMENTS, assessment('cam', '1', 1, { jobId: id }));
    expect((await ledger.lastAssessments(2)).map(({ jobId }) => jobId)).toEqual(['c', 'b']);
  });
});

describe('the looks at a camera', () => {
  const looks = (): CameraLooks => new CameraLooks(connection, INSPECTIONS);
  const look = (minute: number, more: JobResult = {}): JobResult =>
    inspection('cam', new Date(Date.UTC(2026, 0, 1, 10, minute)).toISOString(), { jobId: `j${minute}`, ...more });
  const noteAll = async (): Promise<void> => {
    for (const result of await readAll(INSPECTIONS)) await writer.noteInspection(result);
  };

  it('are all kept, inconclusive ones too, newest first, in whichever order they come and however often', async () => {
    const rain = { damageVerdict: 'inconclusive', damageReason: 'Rain.', light: 'night', damagedRoadShare: '0.125' };
    for (const fields of [
      look(2, rain),
      look(1, { damageVerdict: 'clear', artifacts: 'a/b/' }),
      look(3),
      look(2, rain),
    ])
      await publish(INSPECTIONS, fields);
    await noteAll();
    const kept = await looks().of('cam');
    expect(kept.map(({ jobId }) => jobId)).toEqual(['j3', 'j2', 'j1']);
    expect(kept[1]).toEqual({
      ...{ visit: visitId({ jobId: 'j2', enqueuedAt: Date.UTC(2026, 0, 1, 10, 2) }), jobId: 'j2' },
      ...{ at: Date.UTC(2026, 0, 1, 10, 2), light: 'night', verdict: 'inconclusive', reason: 'Rain.' },
      ...{ damagedRoadShare: 0.125, worstSeverity: null, detections: null, artifacts: null },
    });
    expect((await ledger.get('cam'))?.lastClear).toMatchObject({ jobId: 'j1', at: Date.UTC(2026, 0, 1, 10, 1) });
    expect(await looks().one('cam', kept[2]!.visit)).toEqual(kept[2]);
    expect(await looks().one('cam', 'none')).toBeUndefined();
  });

  it('by an earlier version are known by the last one', async () => {
    await redis.hset(`{${INSPECTIONS}}:last`, 'cam', JSON.stringify(look(5, { artifacts: 'a/' })));
    const [last] = await looks().of('cam');
    expect(last).toMatchObject({ jobId: 'j5', at: Date.UTC(2026, 0, 1, 10, 5), artifacts: 'a/', light: null });
    expect(await looks().one('cam', last!.visit)).toEqual(last);
    await redis.hset(`{${INSPECTIONS}}:last`, 'cam', '{"enqueuedAt":"?"}');
    expect(await looks().of('cam')).toEqual([]);
  });

  it('are the last 60, and none that comes from the future', async () => {
    for (let i = 70; i > 0; i -= 1) await publish(INSPECTIONS, look(i));
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    await publish(INSPECTIONS, inspection('cam', tomorrow, { jobId: 'ahead', damageVerdict: 'clear' }));
    await noteAll();
    const kept = await looks().of('cam');
    expect(kept).toHaveLength(60);
    expect([kept[0]?.jobId, kept.at(-1)?.jobId]).toEqual(['j70', 'j11']);
    expect((await ledger.get('cam'))?.lastClear).toBeUndefined();
  });

  it('of a camera beyond the bound are forgotten with it', async () => {
    await redis.zadd(`{${INSPECTIONS}}:cameras`, ...Array.from({ length: 10_000 }, (_, i) => [i + 1, `c${i}`]).flat());
    await redis.hset(`{${INSPECTIONS}}:looks:c0`, 'v', '{}');
    await redis.hset(`{${INSPECTIONS}}:clear`, 'c0', 'v j');
    await publish(INSPECTIONS, look(1, { damageVerdict: 'clear' }));
    await noteAll();
    expect(await redis.exists(`{${INSPECTIONS}}:looks:c0`)).toBe(0);
    expect(await redis.hkeys(`{${INSPECTIONS}}:clear`)).toEqual(['cam']);
  });
});

describe('following results', () => {
  const quiet = { failed: () => undefined, recovered: () => undefined };

  it('acts on what was there before and on what comes', async () => {
    await publish(INSPECTIONS, inspection('before', '1'));
    const seen: string[] = [];
    const follower = new Follower(
      feedOf(INSPECTIONS),
      async ({ fields }) => void seen.push(fields['cctvId'] ?? ''),
      quiet,
      10,
    );
    follower.start();
    await eventually('the first', () => seen.length === 1);
    await publish(INSPECTIONS, inspection('after', '2'));
    await eventually('the second', () => seen.includes('after'));
    await follower.stop();
  });

  it('gives each result to one of two readers', async () => {
    const seen: string[] = [];
    const followers = ['a', 'b'].map(
      (name) => new Follower(feedOf(INSPECTIONS, name), async ({ id }) => void seen.push(id), quiet, 5),
    );
    followers.forEach((follower) => follower.start());
    for (let i = 0; i < 50; i += 1) await publish(INSPECTIONS, inspection('cam', String(i)));
    await eventually('all', () => seen.length >= 50);
    await Promise.all(followers.map((follower) => follower.stop()));
    expect(new Set(seen).size).toBe(50);
    expect(seen).toHaveLength(50);
  });

  it('says once that it fails, goes on by itself, and gets what it failed at again', async () => {
    const told: string[] = [];
    const events = { failed: () => void told.push('failing'), recovered: () => void told.push('following') };
    await redis.set(INSPECTIONS, 'no stream');
    const follower = new Follower(feedOf(INSPECTIONS), async () => undefined, events, 5);
    follower.start();
    await eventually('the failure', () => told.length === 1);
    await redis.del(INSPECTIONS);
    await eventually('the recovery', () => told.length === 2);
    await follower.stop();
    expect(told).toEqual(['failing', 'following']);
  });

  it('leaves to the others what a reader did not finish', async () => {
    await publish(INSPECTIONS, inspection('cam', '1'));
    const [left] = await feedOf(INSPECTIONS, 'gone').next(1);
    await redis.xclaim(INSPECTIONS, 'ledger', 'gone', 0, left?.id ?? '', 'IDLE', 60_000, 'JUSTID');
    const [taken] = await feedOf(INSPECTIONS, 'other').next(1);
    expect(taken?.id).toBe(left?.id);
  });
});

describe('those who listen to events', () => {
  const told = async (main: string) => {
    const entries = await redis.xrange(eventsKey(main), '-', '+');
    return entries.map(([, flat]) => {
      const { type, jobId, cctvId, data = '' } = toFields(flat);
      return { type, jobId, cctvId, data: JSON.parse(data) as object };
    });
  };

  it('are told of a result and of its camera once, however often it comes', async () => {
    await publish(INSPECTIONS, { ...inspection('cam', '2026-01-01T10:00:00Z'), jobId: 'j', attempt: '2' });
    const [result] = await readAll(INSPECTIONS);
    await writer.noteInspection(result!);
    await writer.noteInspection(result!);
    expect(await told(MAINS.inspection)).toEqual([
      {
        ...{ type: 'job.completed', jobId: 'j', cctvId: 'cam' },
        data: { jobId: 'j', kind: 'inspection', cctvId: 'cam', state: 'completed', attempt: 2 },
      },
      {
        ...{ type: 'camera.updated', jobId: 'j', cctvId: 'cam' },
        data: { jobId: 'j', kind: 'inspection', cctvId: 'cam' },
      },
    ]);
  });

  it('are not told of a camera by a result that is older than what is known', async () => {
    await publish(INSPECTIONS, { ...inspection('cam', '2026-01-01T10:00:00Z'), jobId: 'new' });
    await publish(INSPECTIONS, { ...inspection('cam', '2026-01-01T09:00:00Z'), jobId: 'old' });
    for (const result of await readAll(INSPECTIONS)) await writer.noteInspection(result);
    const types = (await told(MAINS.inspection)).map(({ type, jobId }) => `${type ?? ''} ${jobId ?? ''}`);
    expect(types).toEqual(['job.completed new', 'camera.updated new', 'job.completed old']);
  });

  it('are told of the end of a tracked job by its settlement alone', async () => {
    await publish(ASSESSMENTS, { ...assessment('cam', '2026-01-01T10:00:00Z', 40), jobId: 'j', tracked: '1' });
    for (const result of await readAll(ASSESSMENTS)) await writer.noteAssessment(result);
    expect(await told(MAINS.assessment)).toMatchObject([{ type: 'camera.updated', jobId: 'j' }]);
  });

  it.each(['failed', 'cancelled'])('are told of a job that %s, and nothing is noted of its camera', async (outcome) => {
    const result = {
      jobId: 'j',
      cctvId: 'cam',
      outcome,
      code: 'HLS_TIMEOUT',
      message: 'm',
      step: 'capture',
      attempt: '4',
    };
    await publish(INSPECTIONS, result);
    for (const each of await readAll(INSPECTIONS)) await writer.noteEnd('inspection', each);
    expect(await told(MAINS.inspection)).toMatchObject([
      {
        type: `job.${outcome}`,
        data: { state: outcome, attempt: 4, failure: { code: 'HLS_TIMEOUT', step: 'capture' } },
      },
    ]);
    expect(await ledger.get('cam')).toBeUndefined();
    expect(await readAll(INSPECTIONS)).toEqual([]);
  });

  it('cannot keep a result from being noted, whatever lies where events go', async () => {
    await redis.set(eventsKey(MAINS.inspection), 'words');
    await publish(INSPECTIONS, inspection('cam', '2026-01-01T10:00:00Z'));
    for (const result of await readAll(INSPECTIONS)) await writer.noteInspection(result);
    expect((await ledger.get('cam'))?.inspection).toBeDefined();
  });
});
