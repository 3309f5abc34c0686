import type { Redis } from 'ioredis';
import type { Book } from './book.js';

const BLOCK_MS = 500;
const AT_ONCE = 500;

/** Reads the results stream from now on, as a back end does that has no group. */
export class ResultsWatch {
  private isOver = false;
  private readonly reading: Promise<void>;

  private constructor(
    private readonly redis: Redis,
    private readonly stream: string,
    private readonly book: Book,
    from: string,
  ) {
    this.reading = this.read(from);
    this.reading.catch(() => undefined);
  }

  /** @param redis a connection of its own, since it blocks */
  static async open(redis: Redis, stream: string, book: Book): Promise<ResultsWatch> {
    const [newest] = await redis.xrevrange(stream, '+', '-', 'COUNT', 1);
    return new ResultsWatch(redis, stream, book, newest?.[0] ?? '0-0');
  }

  /** Rejects when the results could not be read. */
  async close(): Promise<void> {
    this.isOver = true;
    await this.reading;
  }

  private async read(from: string): Promise<void> {
    let last = from;
    while (!this.isOver) {
      const found = await this.redis.xread('COUNT', AT_ONCE, 'BLOCK', BLOCK_MS, 'STREAMS', this.stream, last);
      for (const [id, flat] of found?.[0]?.[1] ?? []) {
        last = id;
        this.note(id, flat);
      }
    }
  }

  private note(id: string, flat: readonly string[]): void {
    const field = (name: string): string => {
      const at = flat.findIndex((word, i) => i % 2 === 0 && word === name);
      return at < 0 ? '' : (flat[at + 1] ?? '');
    };
    const [ms = '0'] = id.split('-');
    this.book.result(field('jobId'), {
      outcome: field('outcome'),
      attempt: Number(field('attempt') || 1),
      code: field('code'),
      at: Number(ms),
    });
  }
}
