import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';
import { PermanentStepError } from '../../../src/job/errors.js';
import { JobHandler, type Job, type Run } from '../../../src/job/handler.js';
import { readFields, type RawPayload } from '../../../src/job/payload.js';

/** A job that ends when the file `until` is there; at once without one. */
export interface WaitingJob extends Job {
  until: string | undefined;
}

/** In the working directory; while it is there no job is claimed, for the reason that it holds. */
export const HOLD_FILE = 'hold';

const LOOK_EVERY_MS = 20;

/** Runs jobs that wait for files, so that a test in another process says when they end. */
export class WaitingHandler extends JobHandler<WaitingJob> {
  constructor(readonly kind = 'assessment') {
    super();
  }

  parse(payload: RawPayload, entryId: string): WaitingJob {
    const fields = readFields(payload);
    const cctvId = fields.require('cctvId');
    const jobId = fields.get('jobId') ?? entryId;
    return { jobId, cctvId, until: fields.get('until'), enqueuedAt: Date.now(), priorAttempts: 0 };
  }

  override heldBackBecause(): string | undefined {
    return existsSync(HOLD_FILE) ? readFileSync(HOLD_FILE, 'utf8') : undefined;
  }

  async handle({ jobId, cctvId, until }: WaitingJob, run: Run): Promise<void> {
    if (cctvId === 'hopeless') throw new PermanentStepError('HOPELESS', 'Nothing can be done.');
    await run.step('wait', async () => {
      while (until !== undefined && !existsSync(until)) {
        run.signal.throwIfAborted();
        await after(LOOK_EVERY_MS);
      }
    });
    run.publish({ jobId, cctvId });
  }
}
