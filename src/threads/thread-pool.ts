import { Thread, type ThreadCall } from './thread.js';

/** As many as a worker can have slots (`MAX_CONCURRENCY`): a job has work for one thread at a time. */
const MOST_THREADS = 64;

/** A thread that waits for longer is not worth its memory, ms. */
const IDLE_MS = 60_000;

interface IdleThread {
  thread: Thread;
  farewell: NodeJS.Timeout;
}

/**
 * The threads for all work on pictures. They are used again, whatever the task, which saves their start, compiling, models
 * and memory that was asked for before. There are never more than there are calls at once.
 */
export class ThreadPool {
  private readonly idle: IdleThread[] = [];
  private readonly waiting: (() => void)[] = [];
  private busy = 0;

  /**
   * @param most threads; further calls wait for one, in their order
   * @param idleMs after which a thread that waits is ended
   */
  constructor(
    private readonly most = MOST_THREADS,
    private readonly idleMs = IDLE_MS,
  ) {}

  /** How many threads there are now. */
  get size(): number {
    return this.busy + this.idle.length;
  }

  /**
   * Runs a task with `input` in a thread that has nothing else to do. A thread whose call was aborted, or that crashed, is
   * gone when the promise settles, and no other call is touched; any other waits for the next call.
   *
   * @param task a module whose default export is a `task`
   * @throws what `Thread.call` throws
   */
  async call<Output>(task: URL, input: unknown, call: ThreadCall): Promise<Output> {
    await this.turn(call.signal);
    try {
      const thread = this.take(task);
      try {
        return await thread.call<Output>(task, input, call);
      } finally {
        if (thread.isAlive && !call.signal.aborted) this.keep(thread);
        else await thread.end();
      }
    } finally {
      this.busy--;
      this.waiting.shift()?.();
    }
  }

  /** Ends the threads that wait for a call. */
  async close(): Promise<void> {
    await Promise.all(this.idle.splice(0).map(({ thread, farewell }) => (clearTimeout(farewell), thread.end())));
  }

  /** Counts the call in as soon as there is room. @throws the signal's reason */
  private async turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    while (this.busy >= this.most) await this.next(signal);
    this.busy++;
  }

  /** Waits in line until a call ends. */
  private next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.waiting.splice(this.waiting.indexOf(go), 1);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.waiting.push(go);
    });
  }

  /**
   * A thread that did the task before, the one that worked last if there are several: those that are not needed any more then
   * wait until they are ended.
   */
  private take(task: URL): Thread {
    const alive = this.idle.filter(({ thread }) => thread.isAlive);
    const chosen = alive.findLast(({ thread }) => thread.knows(task)) ?? alive.at(-1);
    if (chosen === undefined) return this.start();
    this.forget(chosen.thread);
    chosen.thread.keepProcess(true);
    return chosen.thread;
  }

  private start(): Thread {
    const thread = new Thread();
    thread.onDeath(() => this.forget(thread));
    return thread;
  }

  private keep(thread: Thread): void {
    thread.keepProcess(false);
    const farewell = setTimeout(() => {
      this.forget(thread);
      void thread.end();
    }, this.idleMs).unref();
    this.idle.push({ thread, farewell });
  }

  private forget(thread: Thread): void {
    const at = this.idle.findIndex((waiting) => waiting.thread === thread);
    if (at >= 0) clearTimeout(this.idle.splice(at, 1)[0]?.farewell);
  }
}
