import { busy, Slots } from '../../job/slots.js';

interface Borrower {
  take: () => void;
}

/** So many borrowers may stand in line; who comes then is better told at once than kept waiting. */
export const MOST_WAITING = 16;

/**
 * The slots of this worker: how many jobs may run at once, and how many do. It runs nothing by itself and holds no
 * queue of jobs; who finds no free slot claims nothing. Of two or more slots one is never lent, so that borrowers
 * cannot keep jobs from running; who wants that of a single slot too sets the limit to 2.
 */
export class Pool extends Slots {
  private used = 0;
  private lent = 0;
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
    const promised = Math.min(this.borrowers.length, Math.max(0, this.mostLent - this.lent));
    return Math.max(0, this.size - this.used - promised);
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

  hasRoomBeside(others: number): boolean {
    return this.borrowers.length < MOST_WAITING && others < this.mostLent + MOST_WAITING;
  }

  async borrow<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.slot(signal);
    try {
      return await work();
    } finally {
      this.lent -= 1;
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

  private get mostLent(): number {
    return Math.max(1, this.size - 1);
  }

  private get canLend(): boolean {
    return this.used < this.size && this.lent < this.mostLent;
  }

  private slot(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.canLend && this.borrowers.length >= MOST_WAITING) throw busy();
    return new Promise((resolve, reject) => {
      const borrower: Borrower = {
        take: () => {
          signal.removeEventListener('abort', leave);
          this.lent += 1;
          this.take();
          resolve();
        },
      };
      const leave = (): void => {
        this.borrowers.splice(this.borrowers.indexOf(borrower), 1);
        // What was kept for this borrower is for a job now.
        this.changed();
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.borrowers.push(borrower);
      this.admitBorrowers();
    });
  }

  private admitBorrowers(): void {
    while (this.borrowers.length > 0 && this.canLend) this.borrowers.shift()?.take();
  }
}
