import type { JobResult } from '../job/handler.js';

/** One finished job, as its queue's results stream tells of it. */
export interface PublishedResult {
  /** Id of the entry in the results stream. */
  readonly id: string;
  readonly fields: JobResult;
}

/**
 * A results stream as one of several readers sees it: each result goes to one of them, and comes again until it was
 * marked done.
 */
export abstract class ResultsFeed {
  /** The results that are there now, those first that another reader left undone. Rejects within seconds while Redis is away. */
  abstract next(count: number): Promise<PublishedResult[]>;

  /** Will not come again. */
  abstract done(id: string): Promise<void>;
}
