import type { Analysis, Question } from './analysis.js';

/** Who has the right to judge: one run of one stream entry. */
export interface Claimant {
  /** A later run of the same entry takes over: the engine runs an entry once at a time. */
  readonly entryId: string;
  /** Of this run alone. */
  readonly runId: string;
}

/**
 * The last analysis of each camera and segment, shared by all workers, and the right to make one: the same segment is
 * judged, and paid for, once. A cache that is out of reach makes a call wait; it never says that there is nothing.
 */
export abstract class AnalysisCache {
  /** The answer to a question; undefined when nobody asked it within the hour, or asked it otherwise. */
  abstract find(question: Question): Promise<Analysis | undefined>;

  /**
   * Asks for the right to judge, for at most `forMs`. Gives 0 when it is ours, else how long another run may keep it, ms.
   */
  abstract claim(question: Question, claimant: Claimant, forMs: number): Promise<number>;

  /** Keeps an analysis for an hour in place of an earlier one. */
  abstract keep(question: Question, analysis: Analysis): Promise<void>;

  /** Gives the right back; does nothing when it is another's by now. */
  abstract release(question: Question, claimant: Claimant): Promise<void>;
}
