/** What is needed of a queue to speak to it. */
export interface SqsQueueSettings {
  readonly url: string;
  readonly name: string;
  readonly region: string;
  /** The variable that names it. */
  readonly variable: string;
}

/** Whom AWS knows us as; undefined: what the SDK finds. */
export type SqsKeys = { accessKeyId: string; secretAccessKey: string; sessionToken?: string | undefined } | undefined;

/** How patient calls are. Tests are less so. */
export interface SqsPace {
  /** A call for messages waits for a first one for so long, s. */
  readonly waitSeconds: number;
  /** A message that was received is hidden from others for so long, and again before that is over, s. */
  readonly visibilitySeconds: number;
  /** Nobody may hide a message for longer after it was received; SQS's own limit less some. ms */
  readonly longestHeldMs: number;
  /** A connection that is silent for so long beyond any wait is dead, ms. */
  readonly silenceMs: number;
  /** Tries of the SDK within one call, for what passes by itself. */
  readonly attempts: number;
  /** Before the first new try of ours; it doubles up to the other. ms */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
}

/**
 * 20 s is the longest that SQS lets a call wait. 60 s: a message that a killed process had comes again soon, and extending
 * costs three calls a minute, and only while something is in the way.
 */
export const SQS_PACE: SqsPace = {
  waitSeconds: 20,
  visibilitySeconds: 60,
  longestHeldMs: 11.5 * 3_600_000,
  silenceMs: 10_000,
  attempts: 3,
  firstWaitMs: 500,
  longestWaitMs: 15_000,
};
