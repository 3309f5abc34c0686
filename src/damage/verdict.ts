import type { DamageAnalysis, PictureMarks } from './damage-detector.js';
import { withStatus } from './reported.js';

/**
 * Judges what a detector found. Any doubt, the detector's own or another's, means that nothing is taken as fact.
 * @param roadBy who showed where the road is
 * @param doubts of the background, of how well the picture shows the road, of earlier visits: a sentence each
 */
export function judge(
  { grounds, doubts: own, vehicles: _vehicles, ...marked }: PictureMarks,
  roadBy: DamageAnalysis['roadBy'],
  doubts: readonly string[] = [],
): DamageAnalysis {
  const all = [...doubts, ...own];
  const { detector, ...found } = marked;
  if (all.length > 0) {
    return withStatus({
      detector,
      verdict: 'inconclusive',
      verdictReason: [...all, grounds].join(' '),
      roadBy,
      ...found,
    });
  }
  const verdictReason = `${percent(marked.damagedRoadShare)} of the road is marked. ${grounds}`;
  return withStatus({ detector, verdict: 'clear', verdictReason, roadBy, ...found });
}

/**
 * The doubt that a detector has when it marks more of the road than can be damaged: it sees something that it does not know.
 * @param most share of the road, 0..1
 */
export function doubtOfPlenty(damagedRoadShare: number, most: number): string[] {
  if (damagedRoadShare <= most) return [];
  return [`${percent(damagedRoadShare)} of the road would be damaged, which is not plausible: ignore the marks.`];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
