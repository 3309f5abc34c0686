import type { Outcome } from '../../job/outcome.js';
import type { RawPayload } from '../../job/payload.js';
import { TRACEPARENT } from '../../job/payload/traceparent.js';
import type { RunTrace } from '../../tracing/run-trace.js';
import type { Tracer } from '../../tracing/tracer.js';
import type { JobRun } from '../loop/job-run.js';

/** After these the same attempt is made again. */
const UNSPENT: readonly Outcome['kind'][] = ['snooze', 'release'];
const FAILURES: readonly Outcome['kind'][] = ['retry', 'discard'];

/** The runs of one engine, as its tracer is told of them. */
export class RunTraces {
  constructor(
    private readonly tracer: Tracer,
    private readonly of: { readonly kind: string; readonly group: string },
  ) {}

  /** Begins to note down a run whose payload was read, or could not be. */
  begin({ delivery, job }: JobRun): RunTrace | undefined {
    const { lane, entryId, payload, deliveries, carried } = delivery;
    const traceparent = job?.traceparent ?? fieldIn(payload);
    return this.tracer.begin({ stream: lane, entryId, payload, deliveries: deliveries - carried, traceparent });
  }

  /** Tells of a run that is settled. */
  ended(run: JobRun, outcome: Outcome): void {
    if (run.trace === undefined) return;
    const { delivery, job, worker, attempt } = run;
    this.tracer.ended(run.trace, {
      ...this.of,
      ...{ stream: delivery.lane, entryId: delivery.entryId, worker, attempt },
      ...{ jobId: job?.jobId, cctvId: job?.cctvId },
      outcome: outcome.kind,
      code: 'error' in outcome ? outcome.error.code : undefined,
      isFailure: FAILURES.includes(outcome.kind),
      isSpent: !UNSPENT.includes(outcome.kind),
    });
  }
}

function fieldIn(payload: RawPayload): string | undefined {
  const at = payload.findIndex((text, i) => i % 2 === 0 && text.toString('latin1') === TRACEPARENT);
  return at < 0 ? undefined : payload[at + 1]?.toString('latin1');
}
