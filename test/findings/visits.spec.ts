import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FolderArtifactStore } from '../../src/artifacts/folder/folder.store.js';
import { SwiftArtifactStore } from '../../src/artifacts/swift/swift.store.js';
import type { Background } from '../../src/background/background.js';
import type { DamageAnalysis, Detection } from '../../src/damage/damage-detector.js';
import { RoadMemory } from '../../src/damage/memory/road-memory.js';
import { RedisVisitIndex } from '../../src/damage/memory/visits/redis-visit-index.js';
import { VisitMemory } from '../../src/damage/memory/visits/visit-memory.js';
import { MOST_FINDINGS, type StoredFinding } from '../../src/findings/finding.js';
import { FindingBook } from '../../src/findings/book/finding-book.js';
import { KnownFindings } from '../../src/findings/book/known-findings.js';
import { FindingDesk } from '../../src/findings/review/finding-desk.js';
import { ReviewKeeper } from '../../src/findings/review/review-keeper.js';
import { ReviewsFile } from '../../src/findings/review/reviews-file.js';
import { VisitFindings } from '../../src/findings/visit/visit-findings.js';
import { connect } from '../../src/redis/connection.js';
import { Link } from '../../src/redis/link.js';
import { FakeSwift } from '../support/fake-swift.js';
import { eventually } from '../support/eventually.js';
import { useFolder } from '../support/use-folder.js';
import { useRedis } from '../support/use-redis.js';
import { analysisOf, backgroundOf, crackAt, drawView } from '../visits/drawn-view.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 4, 1, 8);
const never = new AbortController().signal;

let link: Link;
const { server, redis } = useRedis({ flush: true, endFirst: () => link.close() });
// Before the folder goes.
afterEach(() => keeper.stop());
const folder = useFolder('findings');
const warnings: string[] = [];
const log = {
  warn: (line: unknown) => void warnings.push(JSON.stringify(line)),
  info: () => undefined,
} as unknown as ConstructorParameters<typeof RoadMemory>[2] & ConstructorParameters<typeof ReviewKeeper>[1];

let memory: RoadMemory;
let book: FindingBook;
let findings: VisitFindings;
let desk: FindingDesk;
let keeper: ReviewKeeper;

beforeAll(() => void (link = new Link(connect({ url: server.url }, 'producer'))));

beforeEach(() => {
  const store = new FolderArtifactStore(folder.path);
  warnings.length = 0;
  memory = new RoadMemory(new VisitMemory(new RedisVisitIndex(link, 'stream:preprocess'), store, ''), 5, log);
  book = new FindingBook(link, 'stream:preprocess');
  const known = new KnownFindings(book, new ReviewsFile(store, 'pre/'));
  keeper = new ReviewKeeper(known, log, ['cam']);
  findings = new VisitFindings(known, keeper, log);
  desk = new FindingDesk(known, keeper, { reviewed: () => undefined });
});

/** One whole visit of the drawn road, as an inspection makes it. */
async function visit(hour: number, marks: Detection[], seen: Background = backgroundOf(drawView())) {
  const job = { cctvId: 'cam', jobId: `job-${hour}`, enqueuedAt: START + hour * HOUR };
  const past = await memory.lookBack(job, seen, never);
  const compared = memory.compare(job, analysisOf(marks), past);
  const judged = await findings.judge(job, compared, seen.meta.quality.light);
  await memory.remember(job, judged, past, never);
  await findings.note(job, judged);
  return judged.analysis;
}

async function all(): Promise<StoredFinding[]> {
  return [...(await book.of('cam')).entries.values()].map(({ finding }) => finding);
}

const idsOf = ({ detections }: DamageAnalysis) => detections.map(({ id }) => id);
const reject = (id: string | undefined, version = 1) =>
  desk.review(id ?? '', { decision: 'reject', reason: 'shadow' }, version, 'kim');

/** Twenty damages side by side. */
const twenty = (change: Partial<Detection> = {}) =>
  Array.from({ length: 20 }, (_, i) => crackAt(20 + 60 * (i % 10), i < 10 ? 60 : 200, 30, 20, change));

describe('findings of a camera that is visited again and again', () => {
  it('stay the same from visit to visit, and are counted once however often a job comes', async () => {
    const marks = [crackAt(100, 100)];
    const first = await visit(0, marks);
    await visit(1, [crackAt(104, 101)]);
    await visit(1, [crackAt(104, 101)]);
    expect(await all()).toMatchObject([
      { id: idsOf(first)[0], cctvId: 'cam', seenIn: 2, lookedAt: 2, lastJobId: 'job-1', state: 'open', version: 1 },
    ]);
    expect((await all())[0]).toMatchObject({ since: new Date(START).toISOString(), goneSince: null });
  });

  it('are gone when their place is seen without them, and come back when they were repaired', async () => {
    const [id] = idsOf(await visit(0, [crackAt(100, 100)]));
    await visit(1, [crackAt(100, 100)]);
    await desk.review(id!, { decision: 'repair', ref: 'WO-7' }, 1, 'kim');
    await visit(2, []);
    expect(await all()).toMatchObject([{ id, state: 'repaired', goneSince: expect.any(String), ref: 'WO-7' }]);
    await visit(3, [crackAt(100, 100)]);
    expect(await all()).toMatchObject([
      { id, state: 'came_back', reopened: 'seen_again', goneSince: null, version: 3 },
    ]);
  });

  it('are a hundred at most; rejected and open ones are kept longest', async () => {
    const [id] = idsOf(await visit(0, [crackAt(600, 300, 20, 20)]));
    await reject(id);
    const many = (y: number) => Array.from({ length: 60 }, (_, i) => crackAt(10 * i, y, 6, 6));
    await visit(1, [...many(20), ...many(120)]);
    const kept = await all();
    expect(kept).toHaveLength(MOST_FINDINGS);
    expect(kept.map((finding) => finding.id)).toContain(id);
    expect(await redis.zcard('{stream:preprocess}:findings-index')).toBe(MOST_FINDINGS);
    expect(await redis.hlen('{stream:preprocess}:findings-ids')).toBe(MOST_FINDINGS);
  });

  it('never fail an inspection when Redis is away', async () => {
    const before = link;
    try {
      const lost = new Link(connect({ url: 'redis://127.0.0.1:1' }, 'producer'));
      const away = new FindingBook(lost, 'stream:preprocess');
      findings = new VisitFindings(
        new KnownFindings(away, new ReviewsFile(new FolderArtifactStore(folder.path), '')),
        { soon: () => undefined },
        log,
      );
      const analysis = await visit(0, [crackAt(100, 100)]);
      expect(analysis.detections).toHaveLength(1);
      expect(warnings.join()).toContain('all marks count');
      await lost.close();
    } finally {
      link = before;
    }
  });
});

describe('what people rejected', () => {
  it('is reported and counted no more: ten of twenty', async () => {
    const ids = idsOf(await visit(0, twenty()));
    for (const id of ids.slice(0, 10)) await reject(id);
    for (const id of ids.slice(10)) await desk.review(id!, { decision: 'accept', answer: 'crack' }, 1, 'kim');
    for (const hour of [1, 2, 3]) {
      const analysis = await visit(hour, twenty());
      expect(idsOf(analysis)).toEqual(ids.slice(10));
      expect(analysis.damagedRoadShare).toBeCloseTo(0.1);
      expect(analysis.markedRoadShare).toBeCloseTo(0.2);
      expect(analysis.rejected).toHaveLength(10);
      expect(analysis.rejected?.[0]).toMatchObject({ id: ids[0], reason: 'shadow', reviewedAt: expect.any(String) });
      expect(analysis.verdictReason).toContain('10 marks are not counted, since a person rejected them.');
      expect(analysis.changes?.new).toEqual([]);
    }
    expect((await all()).filter(({ state }) => state === 'rejected')).toHaveLength(10);
  });

  it('is never new, nor gone', async () => {
    const [id] = idsOf(await visit(0, [crackAt(100, 100)]));
    await reject(id);
    expect((await visit(1, [crackAt(100, 100)])).changes).toEqual({ new: [], gone: [] });
    expect((await visit(2, [])).changes).toEqual({ new: [], gone: [] });
    expect((await visit(3, [crackAt(100, 100)])).changes).toEqual({ new: [], gone: [] });
  });

  it('stays rejected where the memory of visits began anew, by its place', async () => {
    const [id] = idsOf(await visit(0, [crackAt(100, 100)]));
    await reject(id);
    await redis.del('{stream:preprocess}:visited:cam');
    expect((await visit(1, [crackAt(103, 100)])).detections).toEqual([]);
  });

  it.each<[string, Partial<Detection>, string]>([
    ['it grew by half', { areaPx: 600 }, 'grew'],
    ['it is worse', { severity: 'high' }, 'worse'],
    ['it is of another kind', { class: 'D40' }, 'other_kind'],
  ])('opens again when %s', async (_what, change, reopened) => {
    const [id] = idsOf(await visit(0, [crackAt(100, 100), crackAt(300, 100)]));
    await reject(id);
    const analysis = await visit(1, [crackAt(100, 100, 60, 30, change), crackAt(300, 100)]);
    expect(idsOf(analysis)).toContain(id);
    expect(analysis.rejected).toBeUndefined();
    const finding = (await all()).find((one) => one.id === id);
    expect(finding).toMatchObject({ state: 'open', reopened, version: 3, reason: 'shadow', by: 'kim' });
    expect(finding?.history.map(({ by, decision }) => [by, decision])).toEqual([
      ['inspection', 'reopened'],
      ['kim', 'reject'],
    ]);
  });

  it('does not open again when it grew by less', async () => {
    const [id] = idsOf(await visit(0, [crackAt(100, 100)]));
    await reject(id);
    expect((await visit(1, [crackAt(100, 100, 60, 30, { areaPx: 590 })])).detections).toEqual([]);
  });

  it('is looked at again when the camera was moved', async () => {
    const [first, second] = idsOf(await visit(0, [crackAt(100, 100), crackAt(300, 100)]));
    await reject(first);
    await desk.review(second!, { decision: 'accept', answer: 'crack' }, 1, 'kim');
    const analysis = await visit(1, [crackAt(100, 100)], backgroundOf(drawView({ seed: 9 })));
    expect(analysis.detections).toHaveLength(1);
    expect(analysis.rejected).toBeUndefined();
    const before = (await all()).filter(({ id }) => id === first || id === second);
    expect(before.map(({ state, reopened }) => [state, reopened])).toEqual([
      ['open', 'camera_moved'],
      ['open', 'camera_moved'],
    ]);
  });
});

describe('reviews', () => {
  it('come back from the artifact store when Redis has lost everything', async () => {
    const ids = idsOf(await visit(0, twenty()));
    for (const id of ids.slice(0, 10)) await reject(id);
    const unsaved = '{stream:preprocess}:findings-unsaved';
    await eventually('the file is written', async () => (await redis.zcard(unsaved)) === 0);
    await redis.flushall();
    const analysis = await visit(1, twenty());
    expect(analysis.rejected?.map(({ id }) => id).sort()).toEqual(ids.slice(0, 10).sort());
    expect((await desk.get(ids[0]!)).history).toMatchObject([{ by: 'kim', decision: 'reject' }]);
  });

  it('of a camera that the operator named come back by themselves', async () => {
    const [id] = idsOf(await visit(0, [crackAt(100, 100)]));
    await reject(id);
    await eventually(
      'the file is written',
      async () => (await redis.zcard('{stream:preprocess}:findings-unsaved')) === 0,
    );
    await redis.flushall();
    keeper.start();
    await eventually('it is back', async () => (await book.index(undefined, 10)).length === 1);
    expect(await desk.get(id!)).toMatchObject({ id, state: 'rejected', history: [{ by: 'kim' }] });
  });

  it('are in a file that does not go with age, as artifacts do', async () => {
    const fake = await FakeSwift.start();
    const store = new SwiftArtifactStore({ ...fake.settings('kept'), deleteAfterDays: 3 });
    await new ReviewsFile(store, 'pre/').write('cam', [], never);
    await store.put('pre/other', { contentType: 'text/plain', source: () => Buffer.from('x') }, never);
    expect([...fake.objects.keys()]).toEqual(['kept/pre/@reviews/cam/reviews.json', 'kept/pre/other']);
    expect([...fake.aging]).toEqual(['kept/pre/other']);
    await fake.stop();
  });

  it('are seen by one of two inspectors as changed, with what the other one said', async () => {
    const [id] = idsOf(await visit(0, [crackAt(100, 100)]));
    const both = [reject(id), desk.review(id!, { decision: 'accept', answer: 'pothole' }, 1, 'lee')];
    const ended = await Promise.allSettled(both);
    const refused = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    expect(refused).toMatchObject([{ code: 'REVIEW_CHANGED', current: { id, version: 2 } }]);
    expect((await all())[0]?.history).toHaveLength(1);
  });

  it('are not changed by a visit in between', async () => {
    const [id] = idsOf(await visit(0, [crackAt(100, 100)]));
    await visit(1, [crackAt(100, 100)]);
    expect(await reject(id)).toMatchObject({ state: 'rejected', version: 2, seenIn: 2 });
  });

  it('are taken back one by one, and not what the road did', async () => {
    const [id] = idsOf(await visit(0, [crackAt(100, 100)]));
    await reject(id);
    await desk.review(id!, { decision: 'accept', answer: 'pothole', note: 'deep' }, 2, 'lee');
    expect(await desk.undo(id!, 3, 'lee')).toMatchObject({
      state: 'rejected',
      reason: 'shadow',
      by: 'kim',
      note: null,
    });
    expect(await desk.undo(id!, 4, 'lee')).toMatchObject({ state: 'open', by: null });
    await expect(desk.undo(id!, 5, 'lee')).rejects.toMatchObject({ code: 'NOTHING_TO_UNDO' });
  });

  it('keep the last twenty of a finding', async () => {
    const [id] = idsOf(await visit(0, [crackAt(100, 100)]));
    for (let i = 1; i <= 25; i++) await reject(id, i);
    expect((await desk.get(id!)).history).toHaveLength(20);
  });

  it('note what was missed, which a detector that sees it later says of this finding', async () => {
    await visit(0, []);
    const box = crackAt(100, 100).boxNormalized;
    const { id } = await desk.missed('cam', { class: 'crack', box, note: 'here' }, 'kim');
    for (const hour of [1, 2, 3, 4]) await visit(hour, []);
    expect(await all()).toMatchObject([{ id, missed: true, state: 'accepted', goneSince: null }]);
    expect(idsOf(await visit(5, [crackAt(100, 100)]))).toEqual([id]);
  });
});
