/** One judgement of a camera's road, as the aggregate needs it. */
export interface ScoredAssessment {
  /** The time it is about, ms since the epoch. */
  at: number;
  /** 0 (dangerous) .. 100 (safe) */
  safetyScore: number;
}

/** What a camera's judgements add up to. */
export interface Risk {
  /** 0 (safe) .. 100: the decayed mean of 100 - safety score. */
  risk: number;
  /** 0..100, the decayed mean; whole. */
  safetyScore: number;
  trend: 'worse' | 'better' | 'steady';
  /** Judgements it rests on. */
  judgements: number;
  /** The time of the newest, ms since the epoch. */
  newestAt: number;
}

/** Lately against in the long run: the long run forgets this many times slower. */
const LONG_RUN = 4;
/** A difference of fewer points is noise. */
const TREND_POINTS = 5;
/** After so many half-lives without a judgement nothing urgent is known any more. */
const FORGOTTEN_AFTER = 4;

/**
 * Adds judgements up: each weighs half of one that is a half-life younger. The trend compares this mean with one that
 * forgets four times more slowly, as moving averages are compared (Appel's MACD). Undefined without judgements.
 */
export function riskOf(judgements: readonly ScoredAssessment[], halfLifeMs: number): Risk | undefined {
  if (judgements.length === 0) return undefined;
  const newestAt = Math.max(...judgements.map(({ at }) => at));
  const lately = decayedMean(judgements, newestAt, halfLifeMs);
  const longRun = decayedMean(judgements, newestAt, LONG_RUN * halfLifeMs);
  const safetyScore = Math.round(lately);
  return {
    risk: 100 - safetyScore,
    safetyScore,
    trend: trendOf(lately - longRun),
    judgements: judgements.length,
    newestAt,
  };
}

/** Whether a camera's next job is urgent: its risk is high, and known from lately. */
export function isUrgent(risk: Risk | undefined, urgentFrom: number, halfLifeMs: number, now: number): boolean {
  return risk !== undefined && risk.risk >= urgentFrom && now - risk.newestAt <= FORGOTTEN_AFTER * halfLifeMs;
}

function decayedMean(judgements: readonly ScoredAssessment[], newestAt: number, halfLifeMs: number): number {
  let sum = 0;
  let weights = 0;
  for (const { at, safetyScore } of judgements) {
    const weight = 2 ** ((at - newestAt) / halfLifeMs);
    sum += weight * safetyScore;
    weights += weight;
  }
  return sum / weights;
}

function trendOf(difference: number): Risk['trend'] {
  if (difference >= TREND_POINTS) return 'better';
  return difference <= -TREND_POINTS ? 'worse' : 'steady';
}
