import { once } from 'node:events';
import { Worker, type ResourceLimits } from 'node:worker_threads';
import { messageOf, TransientStepError } from '../job/errors.js';
import { recordError, restoreError } from './error-record.js';
import type { FromThread, ToThread } from './thread-protocol.js';

/** How a thread is called. */
export interface ThreadCall {
  signal: AbortSignal;
  /** Hears the name of each step as it begins. */
  onStep?: (step: string) => void;
  /** ms from the abort to the end of a thread that does not listen; default {@link GRACE_MS}. */
  graceMs?: number;
}

/** Long enough for the thread to end ffmpeg: SIGTERM, and SIGKILL 2 s later. */
const GRACE_MS = 4_000;

/** The heap of a thread holds no pixels: they lie in array buffers, outside these limits. */
const LIMITS: ResourceLimits = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 32 };

/**
 * Runs `file` (a module that calls `serveThread`) in a thread of its own with `input`, and gives back its output.
 * The thread is gone when the promise settles.
 *
 * @param input anything that structured cloning copies
 * @throws the thread's own error, of the same class, code, message and step
 * @throws the signal's reason when it aborts
 * @throws TransientStepError `VISION_CRASHED` when the thread dies; nothing but this call is lost
 */
export async function callThread<Output>(file: URL, input: unknown, call: ThreadCall): Promise<Output> {
  call.signal.throwIfAborted();
  const worker = new Worker(file, { workerData: input, resourceLimits: LIMITS });
  const stopRelaying = relayAbort(worker, call.signal, call.graceMs ?? GRACE_MS);
  try {
    const output = await resultOf<Output>(worker, call.onStep);
    call.signal.throwIfAborted();
    return output;
  } catch (error) {
    throw call.signal.aborted ? call.signal.reason : error;
  } finally {
    stopRelaying();
    await worker.terminate();
  }
}

function relayAbort(worker: Worker, signal: AbortSignal, graceMs: number): () => void {
  let deadline: NodeJS.Timeout | undefined;
  const abort = () => {
    worker.postMessage({ type: 'abort', reason: recordError(signal.reason) } satisfies ToThread);
    deadline = setTimeout(() => void worker.terminate(), graceMs);
  };
  signal.addEventListener('abort', abort, { once: true });
  return () => {
    signal.removeEventListener('abort', abort);
    clearTimeout(deadline);
  };
}

function resultOf<Output>(worker: Worker, onStep: ThreadCall['onStep']): Promise<Output> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: FromThread<Output>) => {
      if (message.type === 'step') onStep?.(message.step);
      else if (message.type === 'done') resolve(message.output);
      else reject(restoreError(message.error));
    });
    worker.once('error', (error) => reject(crashed(messageOf(error), error)));
    void once(worker, 'exit').then(
      ([code]) => reject(crashed(`it exited with code ${code}`, undefined)),
      () => {},
    );
  });
}

function crashed(what: string, cause: unknown): TransientStepError {
  const hint = 'If this repeats, lower MAX_CONCURRENCY or give the worker more memory.';
  return new TransientStepError('VISION_CRASHED', `The vision thread died (${what}). ${hint}`, { cause });
}
