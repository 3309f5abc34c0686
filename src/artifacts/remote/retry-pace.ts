/** How long a store on another machine is waited for, ms. */
export interface RetryPace {
  /** One authentication, all in all. */
  readonly authMs: number;
  /** No byte moved for so long: the try has failed. Swift itself gives up on a dead disk after 10 s; let it say so. */
  readonly idleMs: number;
  /** One try of one call. */
  readonly tryMs: number;
  /** Tries before the error goes to the job, which has retries of its own. */
  readonly tries: number;
  /** The longest wait before the second try; doubled for every further one. */
  readonly baseMs: number;
  readonly capMs: number;
  /** One look whether artifacts can be stored. */
  readonly checkMs: number;
}

/** What suits a store in a data centre and artifacts of a few MB. */
export const RETRY_PACE: RetryPace = {
  authMs: 15_000,
  idleMs: 30_000,
  tryMs: 300_000,
  tries: 4,
  baseMs: 500,
  capMs: 10_000,
  checkMs: 5_000,
};
