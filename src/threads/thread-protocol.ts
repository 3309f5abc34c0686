import type { ErrorRecord } from './error-record.js';

/** What the main thread tells a working thread: one call at a time. An abort means the call at hand. */
export type ToThread = { type: 'call'; task: string; input: unknown } | { type: 'abort'; reason: ErrorRecord };

/** What a working thread answers to a call: any number of steps, then one result. */
export type FromThread<Output> =
  { type: 'step'; step: string } | { type: 'done'; output: Output } | { type: 'failed'; error: ErrorRecord };
