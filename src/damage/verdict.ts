import type { DamageAnalysis } from './damage-detector.js';

/** No real road is this broken and still driven on: the detector sees something it does not know. */
const IMPLAUSIBLE_SHARE = 0.08;

/** Judges an analysis by the share of the road it marks. */
export function verdictOf(damagedRoadShare: number, road: string): Pick<DamageAnalysis, 'verdict' | 'verdictReason'> {
  const share = `${(100 * damagedRoadShare).toFixed(1)} % of the road`;
  if (damagedRoadShare > IMPLAUSIBLE_SHARE) {
    const reason = `${share} would be damaged, which is not plausible: take none of the marks as fact.`;
    return { verdict: 'inconclusive', verdictReason: `${reason} ${road}` };
  }
  return { verdict: 'clear', verdictReason: `${share} is marked. ${road}` };
}
