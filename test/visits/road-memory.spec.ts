import { rm, writeFile } from 'node:fs/promises';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FolderArtifactStore } from '../../src/artifacts/folder/folder.store.js';
import { shareOf } from '../../src/picture/mask.js';
import type { Background } from '../../src/background/background.js';
import type { Detection } from '../../src/damage/damage-detector.js';
import { connect } from '../../src/redis/connection.js';
import { Link } from '../../src/redis/link.js';
import { RedisVisitIndex } from '../../src/damage/memory/visits/redis-visit-index.js';
import { VisitMemory } from '../../src/damage/memory/visits/visit-memory.js';
import { RoadMemory } from '../../src/damage/memory/road-memory.js';
import { filesBelow } from '../contract/open-folder.js';
import { blurred } from './blurred.js';
import { analysisOf, backgroundOf, blocks, crackAt, drawView, HEIGHT, WIDTH } from './drawn-view.js';
import { useFolder } from '../support/use-folder.js';
import { useRedis } from '../support/use-redis.js';

const HOUR = 3_600_000;
const KEPT = 5;
const START = Date.UTC(2026, 4, 1, 8);
const never = new AbortController().signal;

let link: Link;
const { server, redis } = useRedis({ flush: true, endFirst: () => link.close() });
const folder = useFolder('visits');
let memory: RoadMemory;
const warnings: string[] = [];
const log = { warn: (line: unknown) => void warnings.push(String(line)) } as ConstructorParameters<
  typeof RoadMemory
>[2];

beforeAll(() => void (link = new Link(connect({ url: server.url }, 'commands'))));

beforeEach(async () => {
  memory = memoryOf(KEPT);
  warnings.length = 0;
});

function memoryOf(kept: number): RoadMemory {
  const index = new RedisVisitIndex(link, 'stream:preprocess');
  return new RoadMemory(new VisitMemory(index, new FolderArtifactStore(folder.path), ''), kept, log);
}

/** One whole visit: `hour` hours after the first. */
async function visit(
  hour: number,
  seen: Background,
  cracks: Detection[] = [],
  verdict: 'clear' | 'inconclusive' = 'clear',
) {
  const job = { cctvId: 'cam', jobId: `job-${hour}`, enqueuedAt: START + hour * HOUR };
  const past = await memory.lookBack(job, seen, never);
  const found = analysisOf(cracks, past.doubt === undefined ? verdict : 'inconclusive');
  const compared = memory.compare(job, found, past);
  await memory.remember(job, compared, past, never);
  return { ...past, analysis: compared.analysis };
}

describe('a camera that is visited again', () => {
  it('knows the vehicles that earlier visits measured, in the place of now, until it turns', async () => {
    await visit(0, backgroundOf(drawView(), { traffic: [{ row: 0.5, width: 0.1 }] }));
    const again = await visit(1, backgroundOf(drawView({ dy: 7 })));
    expect(again.earlierTraffic).toEqual([[{ row: expect.closeTo(0.5 - 7 / HEIGHT, 2), width: 0.1 }]]);
    const turned = await visit(2, backgroundOf(drawView({ seed: 9 })));
    expect(turned.visits.startedAnew).toBe('camera moved');
    expect(turned.earlierTraffic).toEqual([]);
  });

  it('shows what traffic hid as an earlier visit saw it, in the brightness of now', async () => {
    const truth = drawView();
    await visit(0, backgroundOf(drawView()));
    const [x, y, width, height] = [240, 160, 96, 48];
    const bus = { x, y, width, height, value: 220 };
    const hidden = backgroundOf(drawView({ gain: 0.85, patches: [bus] }), {
      hiddenRoad: blocks(x, y, width, height),
      hiddenRoadShare: 0.2,
    });
    expect(hidden.meta.verdict).toBe('inconclusive');
    const { background, visits } = await visit(1, hidden);
    let worst = 0;
    for (let v = y + 4; v < y + height - 4; v++) {
      for (let u = x + 4; u < x + width - 4; u++) {
        const at = 3 * (v * WIDTH + u);
        worst = Math.max(worst, Math.abs(background.picture.rgb[at]! - 0.85 * truth.rgb[at]!));
      }
    }
    expect(worst).toBeLessThan(45);
    expect(visits.filledRoadShare).toBeCloseTo(0.2);
    expect(background.meta.verdict).toBe('clear');
    expect(background.meta.verdictReason).toContain('as it was on earlier visits');
    const outside = 3 * (300 * WIDTH + 100);
    expect(background.picture.rgb[outside]).toBe(hidden.picture.rgb[outside]);
  });

  it('shows the road where something may stand now as it was, and has no doubt of it any more', async () => {
    await visit(0, backgroundOf(drawView()));
    const hiddenRoad = blocks(240, 160, 96, 48);
    const standing = backgroundOf(drawView(), { hiddenRoad, standingRoadShare: 0.06, verdict: 'partly_hidden' });
    const { background, visits } = await visit(1, standing);
    expect(visits.filledRoadShare).toBeCloseTo(0.06);
    expect(background.meta).toMatchObject({ verdict: 'clear', doubts: [] });
  });

  it('leaves a gap that no earlier visit saw either', async () => {
    const hiddenRoad = blocks(240, 160, 96, 48);
    await visit(0, backgroundOf(drawView(), { hiddenRoad, hiddenRoadShare: 0.05 }));
    const { background, visits } = await visit(1, backgroundOf(drawView(), { hiddenRoad, hiddenRoadShare: 0.05 }));
    expect(visits.filledRoadShare).toBe(0);
    expect(background.meta.verdict).toBe('partly_hidden');
  });

  it('remembers nothing of a visit that saw hardly anything', async () => {
    await visit(0, backgroundOf(drawView(), { hiddenRoad: blocks(160, 120, 320, 240), hiddenRoadShare: 0.5 }));
    expect((await visit(1, backgroundOf(drawView()))).visits.startedAnew).toBe('first visit');
  });

  it('finds damage again although the camera has turned a little', async () => {
    await visit(0, backgroundOf(drawView()), [crackAt(300, 200)]);
    const { analysis } = await visit(1, backgroundOf(drawView({ dx: 9, dy: -5 })), [crackAt(300 - 9, 200 + 5)]);
    expect(analysis.detections[0]!.seen).toEqual({ since: new Date(START).toISOString(), inLast: 2, ofLast: 2 });
    expect(analysis.changes).toEqual({ new: [], gone: [] });
  });

  it('starts anew when the camera shows something else, and says so', async () => {
    await visit(0, backgroundOf(drawView()), [crackAt(300, 200)]);
    for (const elsewhere of [drawView({ seed: 2 }), drawView({ dx: 120 })]) {
      const { analysis, visits, background } = await visit(1, backgroundOf(elsewhere), [crackAt(300, 200)]);
      expect(visits).toMatchObject({ compared: 0, startedAnew: 'camera moved' });
      expect(analysis.detections[0]!.seen!.inLast).toBe(1);
      expect(analysis.changes).toBeUndefined();
      expect(background.meta.verdict).toBe('clear');
    }
  });

  it('takes nothing as fact while drops on the lens blur a part of what it used to see sharply', async () => {
    await visit(0, backgroundOf(drawView()), [crackAt(300, 200)]);
    const wet = backgroundOf(await blurred(drawView(), 0.45));
    expect((await visit(1, wet, [crackAt(300, 200)])).doubt).toContain('less sharp than on earlier visits');
    expect((await visit(2, backgroundOf(drawView({ gain: 0.8 })), [crackAt(300, 200)])).analysis.verdict).toBe('clear');
  });

  it('compares no day with a night', async () => {
    await visit(0, backgroundOf(drawView()), [crackAt(300, 200)]);
    const { visits } = await visit(12, backgroundOf(drawView({ gain: 0.3 }), { light: 'night' }), []);
    expect(visits.startedAnew).toBe('light differs');
  });

  it('keeps where traffic drove when nobody drives for once', async () => {
    await visit(0, backgroundOf(drawView()));
    const { background } = await visit(1, backgroundOf(drawView(), { drivenRoad: blocks(0, 0, 0, 0) }));
    expect(shareOf(background.drivenRoad)).toBeCloseTo(shareOf(blocks(160, 120, 320, 240)));
  });
});

describe('a damage that is looked at again', () => {
  it('is confirmed once it stayed where it is', async () => {
    const shaky = (hour: number) => crackAt(300 + 4 * (hour % 2), 200 - 3 * (hour % 2), 60 + 5 * (hour % 3), 30);
    const states = [];
    for (const hour of [0, 1, 2, 3]) {
      states.push((await visit(hour, backgroundOf(drawView()), [shaky(hour)])).analysis);
    }
    expect(states.map(({ detections }) => detections[0]!.confirmed)).toEqual([undefined, undefined, true, true]);
    expect(states[3]!.detections[0]!.seen).toEqual({ since: new Date(START).toISOString(), inLast: 4, ofLast: 4 });
    expect(states.map(({ reported }) => reported)).toEqual([0, 0, 1, 1]);
    expect(states[3]!.damagedRoadShare).toBeCloseTo(0.01);
  });

  it('is no damage as long as it wanders like a shadow, and does not count', async () => {
    let last: Awaited<ReturnType<typeof visit>> | undefined;
    for (const hour of [0, 1, 2, 3, 4]) {
      const shadow = crackAt(120 + 45 * hour, 240, 60, 30);
      last = await visit(hour, backgroundOf(drawView()), [crackAt(300, 140), shadow]);
    }
    const [crack, shadow] = last!.analysis.detections;
    expect([crack!.confirmed, shadow!.confirmed]).toEqual([true, false]);
    expect(last!.analysis.damagedRoadShare).toBeCloseTo(0.01);
    expect(last!.analysis.markedRoadShare).toBeCloseTo(0.02);
  });

  it('is not as old as the place where a slow shadow began', async () => {
    let last: Awaited<ReturnType<typeof visit>> | undefined;
    for (const step of [0, 1, 2, 3, 4, 5, 6, 7]) {
      last = await visit(step / 2, backgroundOf(drawView()), [crackAt(120 + 18 * step, 240, 60, 30)]);
    }
    expect(last!.analysis.detections[0]!.confirmed).not.toBe(true);
  });

  it('is new when nobody saw it before, and gone when its place is seen without it', async () => {
    for (const hour of [0, 1]) await visit(hour, backgroundOf(drawView()), [crackAt(300, 200)]);
    const { analysis } = await visit(2, backgroundOf(drawView()), [crackAt(200, 300)]);
    expect(analysis.changes!.new).toEqual([expect.objectContaining({ class: 'crack' })]);
    expect(analysis.changes!.gone).toEqual([
      expect.objectContaining({ since: new Date(START).toISOString(), lastSeen: new Date(START + HOUR).toISOString() }),
    ]);
    expect(analysis.detections[0]!.confirmed).toBe(false);
  });

  it('is not gone where a bus stands', async () => {
    for (const hour of [0, 1]) await visit(hour, backgroundOf(drawView()), [crackAt(300, 200)]);
    const behind = { hiddenRoad: blocks(280, 180, 120, 80), hiddenRoadShare: 0.05 };
    const { analysis } = await visit(2, backgroundOf(drawView(), behind), []);
    expect(analysis.changes!.gone).toEqual([]);
  });

  it('is neither compared nor remembered by a visit that is inconclusive', async () => {
    await visit(0, backgroundOf(drawView()), [crackAt(300, 200)]);
    const doubtful = await visit(1, backgroundOf(drawView()), [crackAt(100, 100)], 'inconclusive');
    expect(doubtful.analysis.detections[0]!.seen).toBeUndefined();
    const { analysis } = await visit(2, backgroundOf(drawView()), [crackAt(300, 200)]);
    expect(analysis.detections[0]!.seen).toMatchObject({ inLast: 2, ofLast: 2 });
  });
});

describe('the memory itself', () => {
  it('does not count a job twice that is delivered twice', async () => {
    await visit(0, backgroundOf(drawView()), [crackAt(300, 200)]);
    const first = await visit(1, backgroundOf(drawView()), [crackAt(300, 200)]);
    const again = await visit(1, backgroundOf(drawView()), [crackAt(300, 200)]);
    expect(again.analysis).toEqual(first.analysis);
    expect(again.analysis.detections[0]!.seen).toMatchObject({ inLast: 2, ofLast: 2 });
    await visit(2, backgroundOf(drawView()));
    const late = await visit(1, backgroundOf(drawView()), [crackAt(300, 200)]);
    expect(late.analysis).toEqual(first.analysis);
  });

  it('does without what it cannot read', async () => {
    for (const hour of [0, 1]) await visit(hour, backgroundOf(drawView()));
    const [first] = await filesBelow(folder.path);
    await writeFile(folder.at(first!), 'from another version');
    expect((await visit(2, backgroundOf(drawView()))).visits).toMatchObject({ kept: 2, compared: 1 });
  });

  it('is missed, but fails no job, while Redis is away', async () => {
    await server.down();
    const { visits, background, analysis } = await visit(0, backgroundOf(drawView()), [crackAt(300, 200)]);
    expect(visits).toMatchObject({ startedAnew: 'no memory', compared: 0 });
    expect(background.picture.height).toBe(HEIGHT);
    expect(analysis.detections).toHaveLength(1);
    expect(warnings.join()).toContain("No memory of cam's earlier visits");
    await server.up();
    await link.up();
  });

  it('is missed, but fails no job, while the store is away', async () => {
    await visit(0, backgroundOf(drawView()), [crackAt(300, 200)]);
    await rm(folder.path, { recursive: true });
    await writeFile(folder.path, 'not a folder any more');
    const { visits, analysis } = await visit(1, backgroundOf(drawView()), [crackAt(300, 200)]);
    expect(visits).toMatchObject({ startedAnew: 'no memory', compared: 0 });
    expect(analysis.detections[0]!.seen!.inLast).toBe(1);
    expect(analysis.changes).toBeUndefined();
    expect(warnings.join()).toContain("The memory of cam's visits could not be kept up");
  });

  it('does not let a job from the future be the newest visit for good', async () => {
    const ahead = (Date.now() - START) / HOUR + 24;
    const { visits } = await visit(ahead, backgroundOf(drawView()), [crackAt(300, 200)]);
    expect(visits).toMatchObject({ startedAnew: 'no memory', note: expect.stringContaining('clock') });
    expect((await visit(1, backgroundOf(drawView()))).visits.startedAnew).toBe('first visit');
  });

  it('can be turned off', async () => {
    memory = memoryOf(0);
    const { visits } = await visit(0, backgroundOf(drawView()), [crackAt(300, 200)]);
    expect(visits.note).toContain('VISITS_KEPT');
    expect(await redis.keys('*visit*')).toEqual([]);
    expect(await filesBelow(folder.path)).toEqual([]);
  });
});

describe('the memory of a day', () => {
  const FEW = 2;
  const crack = [crackAt(300, 200)];
  const day = backgroundOf(drawView());
  const night = backgroundOf(drawView({ gain: 0.3 }), { light: 'night' });
  const elsewhere = drawView({ seed: 9 });
  const slate = backgroundOf(elsewhere, { verdict: 'inconclusive' });
  let wet: Background;

  beforeAll(async () => void (wet = backgroundOf(await blurred(day.picture, 0.45))));
  beforeEach(() => void (memory = memoryOf(FEW)));

  it.each([
    ['a night', (hour: number) => visit(hour, night, crack)],
    ['a night that nobody could judge', (hour: number) => visit(hour, night, [], 'inconclusive')],
    ['an outage with its slate', (hour: number) => visit(hour, slate, crack)],
    ['a slate that looks like a scene', (hour: number) => visit(hour, backgroundOf(elsewhere), [], 'inconclusive')],
    ['a foggy day', (hour: number) => visit(hour, wet, crack)],
  ])('outlasts %s', async (_what, inBetween) => {
    for (const hour of [0, 1]) await visit(hour, day, crack);
    for (let hour = 10; hour < 10 + FEW; hour++) await inBetween(hour);
    const { analysis, visits } = await visit(24, day, crack);
    expect(visits).toMatchObject({ compared: 2 });
    expect(visits.startedAnew).toBeUndefined();
    expect(analysis.detections[0]!.seen).toEqual({ since: new Date(START).toISOString(), inLast: 3, ofLast: 3 });
    expect(analysis.changes!.new).toEqual([]);
  });

  it('keeps so many visits by each light and no more', async () => {
    for (let hour = 0; hour <= FEW; hour++) {
      await visit(hour, day);
      await visit(hour + 0.5, night);
    }
    expect(await filesBelow(folder.path)).toHaveLength(2 * FEW);
    expect((await visit(FEW + 1, day)).visits).toMatchObject({ kept: 2 * FEW, compared: FEW });
  });

  it('takes a view for the usual one that stays unclear for as many visits as are kept', async () => {
    await visit(0, day, crack);
    for (let hour = 1; hour <= FEW; hour++)
      expect((await visit(hour, wet, crack)).analysis.verdict).toBe('inconclusive');
    const { analysis } = await visit(FEW + 1, wet, crack);
    expect(analysis.verdict).toBe('clear');
    expect(analysis.detections[0]!.seen).toMatchObject({ since: new Date(START).toISOString(), inLast: 2 });
  });
});
