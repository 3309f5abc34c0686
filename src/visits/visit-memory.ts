import type { Visit } from './visit.js';

/** The last visits of every camera, shared by all workers. A convenience: nothing depends on it being there. */
export abstract class VisitMemory {
  /** The visits kept of a camera, oldest first. Rejects when the memory cannot be reached within a few seconds. */
  abstract recall(cctvId: string): Promise<Visit[]>;

  /**
   * Keeps a visit, in place of one with the same id, and forgets the oldest beyond `most`. Rejects as {@link recall}.
   */
  abstract remember(cctvId: string, visit: Visit, most: number): Promise<void>;
}
