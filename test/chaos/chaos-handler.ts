import { setTimeout as after } from 'node:timers/promises';
import { artifactFolder, INSPECTION_FILES } from '../../src/artifacts/artifact-names.js';
import { ArtifactSet, type ArtifactSetContent } from '../../src/artifacts/artifact-set.js';
import type { ArtifactStore } from '../../src/artifacts/artifact-store.js';
import { describeError, PermanentStepError, TransientStepError } from '../../src/job/errors.js';
import { JobHandler, type Run } from '../../src/job/handler.js';
import type { RawPayload } from '../../src/job/payload.js';
import { parseChaosJob, type ChaosJob } from './chaos-job.js';
import type { Crash } from './crash.js';
import type { Journal } from './journal.js';

/** Each of the steps before the artifacts takes its share of the job's length. */
const SHARES = { capture: 0.6, background: 0.3, damage: 0.1 } as const;

/** Goes through the steps of an inspection without looking at a road, and keeps a journal of it. */
export class ChaosHandler extends JobHandler<ChaosJob> {
  readonly kind = 'chaos';

  constructor(
    private readonly store: ArtifactStore,
    private readonly journal: Journal,
    private readonly crash: Crash,
    private readonly publishes = false,
  ) {
    super();
  }

  parse(payload: RawPayload, entry: string): ChaosJob {
    const job = parseChaosJob(payload, entry);
    this.crash.at('before parse', job);
    return job;
  }

  override heldBackBecause(): string | undefined {
    return this.store.heldBackBecause();
  }

  async handle(job: ChaosJob, run: Run): Promise<void> {
    const who = { job: job.jobId, entry: job.entry, attempt: run.attempt };
    this.journal.write({ kind: 'start', at: this.journal.now(), ...who });
    let result = 'ok';
    try {
      await this.goThroughSteps(job, run);
    } catch (error) {
      result = describeError(run.signal.aborted ? run.signal.reason : error).code;
      throw error;
    } finally {
      this.journal.write({ kind: 'end', at: this.journal.now(), ...who, result });
    }
  }

  private async goThroughSteps(job: ChaosJob, run: Run): Promise<void> {
    await this.store.ensure();
    for (const step of ['capture', 'background', 'damage'] as const) {
      await run.step(step, () => work(job.lengthMs * SHARES[step], run.signal));
      this.crash.at(`after ${step}`, job);
      if (step === 'capture') await misbehave(job, run);
    }
    await run.step('artifacts', () => this.keep(job, run));
    this.crash.at('after artifacts', job);
    if (this.publishes) run.publish({ jobId: job.jobId });
  }

  private async keep(job: ChaosJob, run: Run): Promise<void> {
    const set = new ArtifactSet(this.store, artifactFolder('', job));
    await set.put(contentOf(job, run), run.signal);
  }
}

function work(ms: number, signal: AbortSignal): Promise<void> {
  return after(ms, undefined, { signal });
}

async function misbehave(job: ChaosJob, run: Run): Promise<void> {
  block(job.blockMs);
  if (job.fails === 'for good') throw new PermanentStepError('HLS_NOT_FOUND', 'The camera is gone.');
  if (job.fails === 'once' && run.attempt === 1) throw new TransientStepError('HLS_TIMEOUT', 'Too slow.');
}

/** Lets nothing else in this thread happen for so long. */
function block(ms: number): void {
  if (ms > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Small files, each of this run alone: a set mixed from two runs would be seen. */
function contentOf(job: ChaosJob, run: Run): ArtifactSetContent {
  const { processMeta, ...before } = INSPECTION_FILES;
  const text = (file: string): Buffer => Buffer.from(`${file} of ${job.jobId} by ${run.worker}, ${run.attempt}\n`);
  return {
    files: Object.values(before).map((file) => ({ file, contentType: 'text/plain', source: () => text(file) })),
    sealFile: processMeta,
    seal: (stored) => {
      const seal = Buffer.from(JSON.stringify({ jobId: job.jobId, artifacts: stored }));
      return { contentType: 'application/json', source: () => seal };
    },
  };
}
