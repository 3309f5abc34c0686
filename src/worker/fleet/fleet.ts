import { setTimeout as after } from 'node:timers/promises';
import { unknownKind } from '../../job/kind.js';
import type { FleetBook, KnownWorker, WorkerOrder } from './fleet-book.js';

/** What became of an order to some workers. */
export interface Steered {
  /** Those that carried it out, as they are now. */
  readonly done: readonly KnownWorker[];
  /** Those that did not say so in time; they will, unless they are gone. */
  readonly pending: readonly KnownWorker[];
}

/** Workers look for orders once a second. ms */
const DONE_WITHIN_MS = 3_000;
const LOOK_EVERY_MS = 100;

/** The workers of all kinds of jobs, on whichever machine. */
export class Fleet {
  /** @param books one for each kind of job */
  constructor(private readonly books: readonly FleetBook[]) {}

  /**
   * All that are there, by name.
   * @param kind only those of this kind
   * @throws InvalidJobError KIND_UNKNOWN
   */
  async list(kind?: string): Promise<KnownWorker[]> {
    const books = this.books.filter((book) => kind === undefined || book.kind === kind);
    if (books.length === 0) throw unknownKind(this.books.map((book) => book.kind));
    const found = (await Promise.all(books.map((book) => book.list()))).flat();
    return found.sort((a, b) => (a.report.name < b.report.name ? -1 : 1));
  }

  /** One; undefined when there is none of that name. */
  async get(name: string): Promise<KnownWorker | undefined> {
    const [found] = (await Promise.all(this.books.map((book) => book.list(name)))).flat();
    return found;
  }

  /** Tells workers what to do, and waits some seconds for them to have done it. Who is gone by now is in neither list. */
  async steer(workers: readonly KnownWorker[], order: WorkerOrder): Promise<Steered> {
    const ids = await Promise.all(
      workers.map(async ({ report }) => this.bookOf(report.kind)?.order(report.name, order)),
    );
    const wanted = new Map(workers.map(({ report }, i) => [report.name, ids[i]]));
    const deadline = performance.now() + DONE_WITHIN_MS;
    for (;;) {
      const now = (await this.seenOf(workers)).filter(({ report }) => wanted.get(report.name) !== undefined);
      const isDone = ({ report, carriedOut }: KnownWorker): boolean => carriedOut >= (wanted.get(report.name) ?? 0);
      const pending = now.filter((worker) => !isDone(worker));
      if (pending.length === 0 || performance.now() > deadline) return { done: now.filter(isDone), pending };
      await after(LOOK_EVERY_MS);
    }
  }

  private async seenOf(workers: readonly KnownWorker[]): Promise<KnownWorker[]> {
    const [only] = workers;
    if (only === undefined) return [];
    if (workers.length > 1) return this.list();
    return (await this.bookOf(only.report.kind)?.list(only.report.name)) ?? [];
  }

  private bookOf(kind: string): FleetBook | undefined {
    return this.books.find((book) => book.kind === kind);
  }
}
