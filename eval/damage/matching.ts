import { type Box, iou } from '../../src/picture/geometry/box.js';

/** A box somebody is more or less sure of. */
export interface ScoredBox extends Box {
  score: number;
}

/** How the boxes of one picture met the truth. */
export interface Match {
  /** Of each found box its score, and whether it is right. */
  found: { score: number; hit: boolean }[];
  /** Boxes there were to find. */
  truths: number;
}

/** Matches boxes to the truth one to one, the surest first, each with the truth it overlaps most. */
export function matched(found: readonly ScoredBox[], truths: readonly Box[], least: number): Match {
  const free = new Set(truths);
  const sorted = found.toSorted((a, b) => b.score - a.score);
  return { truths: truths.length, found: sorted.map((box) => ({ score: box.score, hit: take(box, free, least) })) };
}

function take(box: Box, free: Set<Box>, least: number): boolean {
  const [best] = [...free].sort((a, b) => iou(box, b) - iou(box, a));
  if (best === undefined || iou(box, best) < least) return false;
  return free.delete(best);
}

/** Precision, recall and their harmonic mean over all pictures. */
export function scoreF1(matches: readonly Match[]): { precision: number; recall: number; f1: number } {
  const found = matches.flatMap((match) => match.found);
  const hits = found.filter(({ hit }) => hit).length;
  const truths = matches.reduce((sum, match) => sum + match.truths, 0);
  return {
    precision: hits / Math.max(1, found.length),
    recall: hits / Math.max(1, truths),
    f1: found.length + truths === 0 ? 0 : (2 * hits) / (found.length + truths),
  };
}

/** The area below the precision-recall curve, precision made monotone (as in PASCAL VOC from 2010). */
export function averagePrecision(matches: readonly Match[]): number {
  const found = matches.flatMap((match) => match.found).sort((a, b) => b.score - a.score);
  const truths = matches.reduce((sum, match) => sum + match.truths, 0);
  let hits = 0;
  const curve = found.map(({ hit }, i) => {
    if (hit) hits++;
    return { hit, precision: hits / (i + 1) };
  });
  let [area, best] = [0, 0];
  for (const { hit, precision } of curve.reverse()) {
    best = Math.max(best, precision);
    if (hit) area += best / truths;
  }
  return area;
}
