import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';
import { PermanentStepError, TransientStepError } from '../../../src/job/errors.js';
import { JobHandler, type Job, type Run } from '../../../src/job/handler.js';
import { readFields, type RawPayload } from '../../../src/job/payload.js';
import { readTracked } from '../../../src/job/payload/readers.js';

/** A job that ends when the file `until` is there; at once without one. */
export interface WaitingJob extends Job {
  until: string | undefined;
}

/** In the working directory; while it is there no job is claimed, for the reason that it holds. */
export const HOLD_FILE = 'hold';

const LOOK_EVERY_MS = 20;

/** Reads such a job. */
export function parseWaitingJob(payload: RawPayload, entryId: string): WaitingJob {
  const fields = readFields(payload);
  return {
    cctvId: fields.require('cctvId'),
    jobId: fields.get('jobId') ?? entryId,
    until: fields.get('until'),
    enqueuedAt: Date.now(),
    priorAttempts: 0,
    isTracked: readTracked(fields),
  };
}

/** Runs jobs that wait for files, so that a test in another process says when they end. */
export class WaitingHandler extends JobHandler<WaitingJob> {
  override readonly steps = ['wait'];

  constructor(readonly kind = 'assessment') {
    super();
  }

  parse(payload: RawPayload, entryId: string): WaitingJob {
    return parseWaitingJob(payload, entryId);
  }

  override heldBackBecause(): string | undefined {
    return existsSync(HOLD_FILE) ? readFileSync(HOLD_FILE, 'utf8') : undefined;
  }

  async handle({ jobId, cctvId, until }: WaitingJob, run: Run): Promise<void> {
    if (cctvId === 'flaky' && run.attempt === 1) throw new TransientStepError('FLAKY', 'It did not work this time.');
    if (cctvId === 'hopeless') throw new PermanentStepError('HOPELESS', 'Nothing can be done.');
    await run.step('wait', async () => {
      run.report(0.5, 'Halfway.');
      while (until !== undefined && !existsSync(until)) {
        run.signal.throwIfAborted();
        await after(LOOK_EVERY_MS);
      }
    });
    run.publish({ jobId, cctvId });
  }
}
