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

const FILE = new URL('./task.thread.js', import.meta.url);

/** A thread that does tasks. It takes one call at a time. */
export class Thread {
  private readonly worker: Worker;
  private readonly tasks = new Set<string>();
  private alive = true;

  constructor() {
    this.worker = new Worker(FILE, { resourceLimits: LIMITS });
    // Heard first, so that whoever hears of a crash finds the thread dead. Without a listener an error would end the process.
    this.worker.once('error', () => (this.alive = false));
    this.worker.once('exit', () => (this.alive = false));
  }

  get isAlive(): boolean {
    return this.alive;
  }

  /** Whether it did a task before, and so holds what that needs. */
  knows(task: URL): boolean {
    return this.tasks.has(task.href);
  }

  /**
   * Runs a task with `input`, and gives back its output. A call that was aborted leaves a thread that is good for nothing but
   * {@link end}.
   *
   * @param task a module whose default export is a `task`
   * @param input anything that structured cloning copies
   * @throws the thread's own error, of the same class, code, message and step
   * @throws the signal's reason when it aborts
   * @throws TransientStepError `VISION_CRASHED` when the thread dies; nothing but this call is lost
   */
  async call<Output>(task: URL, input: unknown, { signal, onStep, graceMs = GRACE_MS }: ThreadCall): Promise<Output> {
    signal.throwIfAborted();
    this.tasks.add(task.href);
    const stopRelaying = this.relayAbort(signal, graceMs);
    try {
      const output = await this.answerTo<Output>(task, input, onStep);
      signal.throwIfAborted();
      return output;
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    } finally {
      stopRelaying();
    }
  }

  /** Tells when it has ended, however that came. */
  onDeath(listener: () => void): void {
    this.worker.once('exit', listener);
  }

  /** Lets the process end although this thread waits for a call; `true` takes it back. */
  keepProcess(keep: boolean): void {
    if (keep) this.worker.ref();
    else this.worker.unref();
  }

  /** Ends the thread, whatever it does. */
  async end(): Promise<void> {
    await this.worker.terminate();
  }

  private relayAbort(signal: AbortSignal, graceMs: number): () => void {
    let deadline: NodeJS.Timeout | undefined;
    const abort = () => {
      this.worker.postMessage({ type: 'abort', reason: recordError(signal.reason) } satisfies ToThread);
      deadline = setTimeout(() => void this.end(), graceMs);
    };
    signal.addEventListener('abort', abort, { once: true });
    return () => {
      signal.removeEventListener('abort', abort);
      clearTimeout(deadline);
    };
  }

  private answerTo<Output>(task: URL, input: unknown, onStep: ThreadCall['onStep']): Promise<Output> {
    const { worker } = this;
    let stopListening = () => {};
    const answer = new Promise<Output>((resolve, reject) => {
      const listeners = {
        message: (message: FromThread<Output>) => {
          if (message.type === 'step') onStep?.(message.step);
          else if (message.type === 'done') resolve(message.output);
          else reject(restoreError(message.error));
        },
        error: (error: unknown) => reject(crashed(messageOf(error), error)),
        exit: (code: number) => reject(crashed(`it exited with code ${code}`, undefined)),
      };
      for (const [event, listener] of Object.entries(listeners)) worker.on(event, listener);
      stopListening = () => {
        for (const [event, listener] of Object.entries(listeners)) worker.off(event, listener);
      };
      worker.postMessage({ type: 'call', task: task.href, input } satisfies ToThread);
    });
    return answer.finally(() => stopListening());
  }
}

function crashed(what: string, cause: unknown): TransientStepError {
  const hint = 'If this repeats, lower MAX_CONCURRENCY or give the worker more memory.';
  return new TransientStepError('VISION_CRASHED', `The vision thread died (${what}). ${hint}`, { cause });
}
