/** A job to be put in a queue. */
export interface NewJob {
  /** Which of the queue's streams: urgent jobs are run first. */
  readonly lane: 'plain' | 'urgent';
  /** The name under which it is remembered: a second one under the same name is not added, in whichever lane. */
  readonly once: string;
  /** How long the name is remembered, ms. */
  readonly rememberMs: number;
  /** Plain names and texts, as a Spring producer would write them. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Puts jobs into a queue. */
export abstract class JobProducer {
  /**
   * Adds a job unless one of the same name was added lately, by whichever replica: one atomic step.
   * Gives the entry's id; undefined when it was there already. Rejects with a `JobError` within seconds while Redis is
   * away; call again with the same name, even when an answer was lost on the way.
   */
  abstract addOnce(job: NewJob): Promise<string | undefined>;
}
