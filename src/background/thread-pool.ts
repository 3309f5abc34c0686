import { Thread, type ThreadCall } from './thread.js';

/** A thread that waits for longer is not worth its memory, ms. */
const IDLE_MS = 60_000;

/**
 * Threads that run one module and are used again, which saves their start, compiling, and memory that was asked for
 * before. There are never more than there are calls at once, so never more than slots.
 */
export class ThreadPool {
  private readonly idle: { thread: Thread; farewell: NodeJS.Timeout }[] = [];

  /**
   * @param file a module that calls `serveThread`
   * @param idleMs after which a thread that waits is ended
   */
  constructor(
    private readonly file: URL,
    private readonly idleMs = IDLE_MS,
  ) {}

  /**
   * Runs the work with `input` in a thread that has nothing else to do. A thread whose call was aborted, or that crashed, is
   * gone when the promise settles; any other waits for the next call.
   *
   * @throws what `Thread.call` throws
   */
  async call<Output>(input: unknown, call: ThreadCall): Promise<Output> {
    call.signal.throwIfAborted();
    const thread = this.take() ?? new Thread(this.file);
    try {
      return await thread.call<Output>(input, call);
    } finally {
      if (thread.isAlive && !call.signal.aborted) this.keep(thread);
      else await thread.end();
    }
  }

  /** The one that worked last: those that are not needed any more then wait until they are ended. */
  private take(): Thread | undefined {
    for (let waiting = this.idle.pop(); waiting !== undefined; waiting = this.idle.pop()) {
      clearTimeout(waiting.farewell);
      waiting.thread.keepProcess(true);
      if (waiting.thread.isAlive) return waiting.thread;
    }
    return undefined;
  }

  private keep(thread: Thread): void {
    thread.keepProcess(false);
    const farewell = setTimeout(() => this.dismiss(thread), this.idleMs).unref();
    this.idle.push({ thread, farewell });
  }

  private dismiss(thread: Thread): void {
    this.idle.splice(
      this.idle.findIndex((waiting) => waiting.thread === thread),
      1,
    );
    void thread.end();
  }
}
