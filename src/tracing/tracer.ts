import type { RunTrace } from './run-trace.js';
import type { AttemptName } from './trace-ids.js';

/** What is known of a run as it begins. */
export interface RunBeginning extends AttemptName {
  /** What the payload says of who asked for the job, unchecked. */
  readonly traceparent: string | undefined;
}

/** What is known of a run that is over. No URL, no secret, no sentence. */
export interface RunEnd {
  readonly kind: string;
  readonly stream: string;
  readonly group: string;
  readonly entryId: string;
  /** The consumer that ran it. */
  readonly worker: string;
  /** The job's name; undefined for what could not be read. */
  readonly jobId: string | undefined;
  readonly cctvId: string | undefined;
  readonly attempt: number;
  readonly outcome: string;
  /** Why it did not complete. */
  readonly code: string | undefined;
  /** Whether something went wrong, rather than was put off or called off. */
  readonly isFailure: boolean;
  /** Whether the attempt is used up: the next run is another one. */
  readonly isSpent: boolean;
}

/** Tells a system of traces how runs went. No call throws, waits, or costs a job anything worth naming. */
export abstract class Tracer {
  /** Begins to note down a run; undefined when it is not to be told. */
  abstract begin(run: RunBeginning): RunTrace | undefined;

  /** Tells of a run that is over and settled. */
  abstract ended(trace: RunTrace, end: RunEnd): void;

  /** Sends what is left, within seconds at most. */
  abstract close(): Promise<void>;
}

/** Where nobody asked for traces. */
export class NoTracer extends Tracer {
  begin(): undefined {
    return undefined;
  }

  ended(): void {
    // There is nobody to tell.
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
