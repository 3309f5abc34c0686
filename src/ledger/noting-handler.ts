import { LeaseLostError } from '../job/errors.js';
import { JobHandler, type Job, type Run } from '../job/handler.js';
import type { RawPayload } from '../job/payload.js';
import type { JobNotes } from './job-notes.js';

/** Another handler, whose jobs are noted as they begin and end. A note that cannot be made harms no job. */
export class NotingHandler<J extends Job> extends JobHandler<J> {
  override readonly steps: readonly string[];

  constructor(
    private readonly handler: JobHandler<J>,
    private readonly notes: JobNotes,
  ) {
    super();
    this.steps = handler.steps;
  }

  get kind(): string {
    return this.handler.kind;
  }

  parse(payload: RawPayload, entryId: string): J {
    return this.handler.parse(payload, entryId);
  }

  override blamesCamera(error: unknown): boolean {
    return this.handler.blamesCamera(error);
  }

  override heldBackBecause(): string | undefined {
    return this.handler.heldBackBecause();
  }

  async handle(job: J, run: Run): Promise<void> {
    // Not waited for: while Redis is away the job goes on.
    void this.notes.started(job.jobId, run.startedAt).catch(() => undefined);
    try {
      await this.handler.handle(job, run);
    } finally {
      // Who lost the job leaves the note to whoever runs it now.
      const isLost = run.signal.reason instanceof LeaseLostError;
      if (!isLost) void this.notes.ended(job.jobId).catch(() => undefined);
    }
  }
}
