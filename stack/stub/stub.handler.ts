import { setTimeout as after } from 'node:timers/promises';
import type { InspectionJob } from '../../src/inspection/inspection-job.js';
import { JobHandler, type Run } from '../../src/job/handler.js';
import type { RawPayload } from '../../src/job/payload.js';

/** Cameras whose names begin so are not watched. */
export const STUB_CAMERAS = 'load_stub_';

/** ms; some jobs are quick, some take longer, so that a stop always finds some in hand. */
const SHORTEST_MS = 5;
const SPREAD_MS = 200;

/** Does the real work, but for jobs of stub cameras: those wait a moment and end, and cost nothing but what the queue costs. */
export class StubHandler extends JobHandler<InspectionJob> {
  readonly kind: string;
  override readonly steps: readonly string[];

  constructor(private readonly real: JobHandler<InspectionJob>) {
    super();
    this.kind = real.kind;
    this.steps = real.steps;
  }

  parse(payload: RawPayload, entryId: string): InspectionJob {
    return this.real.parse(payload, entryId);
  }

  override blamesCamera(error: unknown): boolean {
    return this.real.blamesCamera(error);
  }

  override heldBackBecause(): string | undefined {
    return this.real.heldBackBecause();
  }

  async handle(job: InspectionJob, run: Run): Promise<void> {
    if (!job.cctvId.startsWith(STUB_CAMERAS)) return this.real.handle(job, run);
    const { jobId, cctvId } = job;
    await run.step('capture', () => after(SHORTEST_MS + Math.random() * SPREAD_MS, undefined, { signal: run.signal }));
    run.publish({ jobId, cctvId, attempt: String(run.attempt), worker: run.worker });
  }
}
