import { Slots } from '../job/slots.js';

interface Borrower {
  take: () => void;
}

/**
 * The slots of this worker: how many jobs may run at once, and how many do. It runs nothing by itself and holds no
 * queue of jobs; who finds no free slot claims nothing.
 */
export class Pool extends Slots {
  private used = 0;
  private readonly borrowers: Borrower[] = [];
  private readonly listeners = new Set<() => void>();

  constructor(private size: number) {
    super();
  }

  /** How many jobs may run at once. */
  get limit(): number {
    return this.size;
  }

  /** How many slots are taken. May exceed the limit for a while after it was lowered. */
  get inUse(): number {
    return this.used;
  }

  /** How many deliveries may be claimed now. */
  get free(): number {
    return Math.max(0, this.size - this.used - this.borrowers.length);
  }

  /** Changes the limit at once. Running jobs are left alone: a lower limit counts as slots come free. */
  resize(limit: number): void {
    this.size = limit;
    this.admitBorrowers();
    this.changed();
  }

  /** Takes a slot; the caller made sure that one is free. */
  take(): void {
    this.used += 1;
  }

  /** Gives a slot back. */
  give(): void {
    this.used -= 1;
    this.admitBorrowers();
    this.changed();
  }

  async borrow<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.slot(signal);
    try {
      return await work();
    } finally {
      this.give();
    }
  }

  /** Resolves when a slot came free or the limit changed, after `ms` at the latest. */
  change(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.listeners.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.listeners.add(done);
    });
  }

  /** Wakes whoever waits for a change: something else that decides about claiming has changed. */
  changed(): void {
    for (const listener of this.listeners) listener();
  }

  private slot(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const borrower: Borrower = {
        take: () => {
          signal.removeEventListener('abort', leave);
          this.take();
          resolve();
        },
      };
      const leave = (): void => {
        this.borrowers.splice(this.borrowers.indexOf(borrower), 1);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.borrowers.push(borrower);
      this.admitBorrowers();
    });
  }

  private admitBorrowers(): void {
    while (this.borrowers.length > 0 && this.used < this.size) this.borrowers.shift()?.take();
  }
}
