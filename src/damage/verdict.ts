import type { DamageAnalysis } from './damage-detector.js';

/** What an analysis is judged by. */
export interface Judged {
  /** Share of the road that is marked, 0..1. */
  damagedRoadShare: number;
  /** More than this is implausible: the detector sees something it does not know. */
  implausibleShare: number;
  /** Where the road was looked for: a sentence. */
  grounds: string;
  /** Reasons to take nothing as fact: sentences. */
  doubts: readonly string[];
}

/** Judges an analysis. */
export function verdictOf(judged: Judged): Pick<DamageAnalysis, 'verdict' | 'verdictReason'> {
  const { damagedRoadShare, implausibleShare, grounds } = judged;
  const share = `${(100 * damagedRoadShare).toFixed(1)} % of the road`;
  const implausible = `${share} would be damaged, which is not plausible: take none of the marks as fact.`;
  const doubts = [...(damagedRoadShare > implausibleShare ? [implausible] : []), ...judged.doubts];
  if (doubts.length > 0) return { verdict: 'inconclusive', verdictReason: [...doubts, grounds].join(' ') };
  return { verdict: 'clear', verdictReason: `${share} is marked. ${grounds}` };
}
