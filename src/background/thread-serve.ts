import { parentPort, type MessagePort } from 'node:worker_threads';
import { recordError, restoreError } from './error-record.js';
import type { FromThread, ToThread } from './thread-protocol.js';

/** What the work of a thread gets besides its input. */
export interface ThreadContext {
  /** Aborts with the reason the main thread gave. */
  signal: AbortSignal;
  /** Tells the main thread that a step begins. */
  step: (name: string) => void;
}

/** What the work gives back: the output, and the buffers in it that move to the main thread instead of being copied. */
export interface ThreadResult<Output> {
  output: Output;
  transfer: ArrayBuffer[];
}

/** What a thread does with the input of a call. */
export type ThreadWork<Input, Output> = (input: Input, context: ThreadContext) => Promise<ThreadResult<Output>>;

/**
 * Answers the calls of a `Thread`, one after the other: to be called once, at the top of a thread's module. An error of
 * the work reaches the main thread as it is; whatever is thrown outside it ends the thread and counts as a crash.
 */
export function serveThread<Input, Output>(work: ThreadWork<Input, Output>): void {
  const port = parentPort;
  if (port === null) throw new Error('serveThread runs in a worker thread only.');
  let controller = new AbortController();
  port.on('message', (message: ToThread) => {
    if (message.type === 'abort') return controller.abort(restoreError(message.reason));
    controller = new AbortController();
    answer(port, work, message.input as Input, controller.signal);
  });
}

function answer<Input, Output>(port: MessagePort, work: ThreadWork<Input, Output>, input: Input, signal: AbortSignal) {
  const context = { signal, step: (step: string) => send<Output>(port, { type: 'step', step }) };
  work(input, context).then(
    ({ output, transfer }) => send(port, { type: 'done', output }, transfer),
    (error: unknown) => send<Output>(port, { type: 'failed', error: recordError(error) }),
  );
}

function send<Output>(port: MessagePort, message: FromThread<Output>, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}
