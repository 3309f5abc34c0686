import { describe, expect, it } from '@jest/globals';
import { analysisOf, crackAt, HEIGHT, WIDTH } from '../../../test/visits/drawn-view.js';
import type { DamageAnalysis } from '../damage-detector.js';
import { emptyMask } from '../../picture/mask.js';
import { persistenceOf, type EarlierVisit, type Persistence } from './persistence.js';

describe('a damage at the edge of the picture', () => {
  const { boxNormalized: box } = crackAt(2, 200, 20, 30);
  const sightings = [{ class: 'crack' as const, box, since: 0, firstBox: box }];
  const gone = (turnedPx: number) => {
    const earlier = [{ visit: { at: 1, sightings }, offset: { x: turnedPx / WIDTH, y: 0 } }];
    const now = { at: 2, unseen: emptyMask(WIDTH / 8, HEIGHT / 8), visit: 'cam/2' };
    return persistenceOf(analysisOf([]), earlier, now).analysis.changes!.gone;
  };

  it('is gone when its place is seen without it', () => expect(gone(0)).toHaveLength(1));

  it('is not gone when the camera has turned away from it', () => expect(gone(20)).toEqual([]));
});

describe('a damage that earlier visits marked, and this one left out by its scale', () => {
  const { boxNormalized: box } = crackAt(300, 100, 20, 10);
  const sightings = [{ class: 'D40' as const, box, since: 0, firstBox: box }];
  const roadScale = { calibration: 'traffic', horizon: 0.1, uncertainty: 0.08, samples: 90, visits: 3 } as const;
  const gone = (found: Partial<DamageAnalysis>) => {
    const earlier = [{ visit: { at: 1, sightings }, offset: { x: 0, y: 0 } }];
    const now = { at: 2, unseen: emptyMask(WIDTH / 8, HEIGHT / 8), visit: 'cam/2' };
    return persistenceOf({ ...analysisOf([]), ...found }, earlier, now).analysis.changes!.gone;
  };

  it('is not gone', () => {
    const leftOut = [{ class: 'D40', boxNormalized: box, because: 'implausible' } as const];
    expect(gone({ leftOut })).toEqual([]);
    expect(gone({ roadScale: { ...roadScale, carWidthAtBottom: 0.1 } })).toEqual([]);
  });

  it('is gone where such damage could be seen', () => {
    expect(gone({ roadScale: { ...roadScale, carWidthAtBottom: 0.3 } })).toHaveLength(1);
    expect(gone({ roadScale: { unknown: 'Nobody drove.' } })).toHaveLength(1);
  });
});

describe('the id of a damage', () => {
  const unseen = emptyMask(WIDTH / 8, HEIGHT / 8);
  const visited = (at: number, found: DamageAnalysis, earlier: EarlierVisit[] = []) =>
    persistenceOf(found, earlier, { at, unseen, visit: `cam/${at}` });
  const still = (at: number, { sightings }: Persistence, offset = { x: 0, y: 0 }): EarlierVisit => {
    return { visit: { at, sightings }, offset };
  };
  const idsOf = ({ analysis }: Persistence) => analysis.detections.map(({ id }) => id);
  const one = crackAt(200, 100, 60, 20);

  it('is the same however often a job comes, and another for another job', () => {
    const [id] = idsOf(visited(1, analysisOf([one])));
    expect(id).toMatch(/^[0-9a-f]{20}$/);
    expect(idsOf(visited(1, analysisOf([one])))).toEqual([id]);
    expect(idsOf(visited(2, analysisOf([one])))).not.toEqual([id]);
  });

  it('stays with it from visit to visit, over a shift of the camera', () => {
    const first = visited(1, analysisOf([one]));
    const shifted = crackAt(212, 100, 62, 20);
    const second = visited(2, analysisOf([shifted]), [still(1, first, { x: -12 / WIDTH, y: 0 })]);
    const third = visited(3, analysisOf([shifted]), [still(2, second), still(1, first, { x: -12 / WIDTH, y: 0 })]);
    expect([idsOf(second), idsOf(third)]).toEqual([idsOf(first), idsOf(first)]);
    expect(third.sightings[0]).toMatchObject({ since: 1, id: idsOf(first)[0] });
  });

  it('goes on with the better of two marks on it', () => {
    const first = visited(1, analysisOf([one]));
    const piece = crackAt(200, 100, 34, 20);
    const [worse, better] = idsOf(visited(2, analysisOf([piece, one]), [still(1, first)]));
    expect([better]).toEqual(idsOf(first));
    expect(worse).not.toBe(better);
  });

  it('ends where what is seen has wandered off', () => {
    const visits = [visited(1, analysisOf([one]))];
    for (const [step, x] of [
      [2, 230],
      [3, 260],
      [4, 290],
    ] as const) {
      const earlier = visits.map((visit, i) => still(i + 1, visit)).reverse();
      visits.push(visited(step, analysisOf([crackAt(x, 100, 60, 20)]), earlier));
    }
    expect(idsOf(visits[3]!)).not.toEqual(idsOf(visits[0]!));
    expect(visits[3]!.sightings[0]!.since).toBeGreaterThan(1);
  });

  it('is given to what an earlier version remembered without one, once', () => {
    const { id: _none, ...old } = visited(1, analysisOf([one])).sightings[0]!;
    const before = { visit: { at: 1, sightings: [old] }, offset: { x: 0, y: 0 } };
    const second = visited(2, analysisOf([one]), [before]);
    expect(second.sightings[0]).toMatchObject({ since: 1, id: expect.any(String) });
    expect(idsOf(visited(3, analysisOf([one]), [still(2, second), before]))).toEqual(idsOf(second));
  });

  it('is told of what is new, and of what is gone', () => {
    const first = visited(1, analysisOf([one]));
    const { changes } = visited(2, analysisOf([crackAt(20, 20, 20, 20)]), [still(1, first)]).analysis;
    expect(changes).toMatchObject({ new: [{ id: expect.any(String) }], gone: [{ id: idsOf(first)[0] }] });
  });
});
