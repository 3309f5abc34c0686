import type { ErrorRecord } from './error-record.js';

/** What the main thread tells a working thread; the work itself comes as its `workerData`. */
export interface ToThread {
  type: 'abort';
  /** The reason of the main thread's signal. */
  reason: ErrorRecord;
}

/** What a working thread tells the main thread: any number of steps, then one result. */
export type FromThread<Output> =
  { type: 'step'; step: string } | { type: 'done'; output: Output } | { type: 'failed'; error: ErrorRecord };
