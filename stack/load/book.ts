/** What is known of one job. Times in ms since the epoch. */
export interface JobRecord {
  readonly format: string;
  /** Whether a road was really watched. */
  readonly isReal: boolean;
  readonly sentAt: number;
  /** Ends in the results: one, if all is well. */
  readonly results: {
    readonly outcome: string;
    readonly attempt: number;
    readonly code: string;
    readonly at: number;
  }[];
  /** When listeners were told of an end: once, if all is well. */
  readonly told: number[];
}

/** Every job that was accepted, and what became of it. */
export class Book {
  readonly jobs = new Map<string, JobRecord>();
  /** Why jobs were not accepted. */
  readonly refused: string[] = [];

  /** A job that is about to be sent: its end may be seen before the answer. */
  open(jobId: string, format: string, isReal: boolean): void {
    this.jobs.set(jobId, { format, isReal, sentAt: Date.now(), results: [], told: [] });
  }

  /** It was not accepted. */
  refuse(jobId: string, reason: string): void {
    const { format = '' } = this.jobs.get(jobId) ?? {};
    this.jobs.delete(jobId);
    this.refused.push(`${format}: ${reason}`);
  }

  /** Its end stands in the results; jobs of others are passed over. */
  result(jobId: string, result: JobRecord['results'][number]): void {
    this.jobs.get(jobId)?.results.push(result);
  }

  /** A listener was told of its end. */
  tell(jobId: string): void {
    this.jobs.get(jobId)?.told.push(Date.now());
  }

  /** How many have not ended for everybody. */
  get waiting(): number {
    return [...this.jobs.values()].filter(({ results, told }) => results.length === 0 || told.length === 0).length;
  }
}
