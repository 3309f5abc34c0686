import { parentPort, type MessagePort } from 'node:worker_threads';
import { recordError, restoreError } from './error-record.js';
import type { FromThread, ToThread } from './thread-protocol.js';

/** What a task gets besides its input. */
export interface TaskContext {
  /** Aborts with the reason the main thread gave. */
  signal: AbortSignal;
  /** Tells the main thread that a step begins. */
  step: (name: string) => void;
}

/** What a task gives back: the output, and the buffers in it that move to the main thread instead of being copied. */
export interface TaskResult<Output> {
  output: Output;
  transfer: ArrayBuffer[];
}

/** What a thread does with the input of a call. */
export type Task<Input, Output> = (input: Input, context: TaskContext) => Promise<TaskResult<Output>>;

/** A task for threads: the default export of a module that a `ThreadPool` is given. What the module holds, the thread keeps. */
export function task<Input, Output>(work: Task<Input, Output>): Task<Input, Output> {
  return work;
}

/** A module whose default export is a task. */
interface TaskModule {
  default: Task<unknown, unknown>;
}

/**
 * Answers the calls of a `Thread`, one after the other: to be called once, in the thread. An error of a task reaches the
 * main thread as it is; whatever is thrown outside it ends the thread and counts as a crash.
 */
export function serveThread(): void {
  const port = parentPort;
  if (port === null) throw new Error('serveThread runs in a worker thread only.');
  let controller = new AbortController();
  port.on('message', (message: ToThread) => {
    if (message.type === 'abort') return controller.abort(restoreError(message.reason));
    controller = new AbortController();
    void answer(port, message.task, message.input, controller.signal);
  });
}

async function answer(port: MessagePort, task: string, input: unknown, signal: AbortSignal): Promise<void> {
  const context = { signal, step: (step: string) => send(port, { type: 'step', step }) };
  try {
    const { default: work } = (await import(task)) as TaskModule;
    const { output, transfer } = await work(input, context);
    send(port, { type: 'done', output }, transfer);
  } catch (error) {
    send(port, { type: 'failed', error: recordError(error) });
  }
}

function send(port: MessagePort, message: FromThread<unknown>, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}
