import { setTimeout as after } from 'node:timers/promises';
import type { Book } from './book.js';
import type { Entrance } from './formats.js';

const COMES_BACK_AFTER_MS = 500;
const ENDS = 'job.completed,job.failed,job.cancelled';

/** Listens to the ends of jobs as any client does: over server-sent events, coming back with its last id. */
export class Listener {
  /** How often it was told that events may be missing. */
  resyncs = 0;
  private lastId: string | undefined;
  private readonly stop = new AbortController();
  private listening: Promise<void> = Promise.resolve();

  private constructor(
    private readonly entrance: Pick<Entrance, 'api' | 'token'>,
    private readonly book: Book,
  ) {}

  /** Resolves once it listens. @throws when it is not let in */
  static async open(entrance: Pick<Entrance, 'api' | 'token'>, book: Book): Promise<Listener> {
    const listener = new Listener(entrance, book);
    const first = await listener.connect();
    listener.listening = listener.listen(first);
    return listener;
  }

  async close(): Promise<void> {
    this.stop.abort();
    await this.listening;
  }

  private async listen(first: AsyncIterable<Uint8Array>): Promise<void> {
    let stream: AsyncIterable<Uint8Array> | undefined = first;
    while (!this.stop.signal.aborted) {
      try {
        stream ??= await this.connect();
        await this.read(stream);
      } catch {
        // Cut, or the process is gone: it comes back.
      }
      stream = undefined;
      await after(COMES_BACK_AFTER_MS, undefined, { signal: this.stop.signal }).catch(() => undefined);
    }
  }

  private async connect(): Promise<AsyncIterable<Uint8Array>> {
    const { api, token } = this.entrance;
    const headers = {
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(this.lastId === undefined ? {} : { 'Last-Event-ID': this.lastId }),
    };
    const answer = await fetch(`${api}/api/v1/events?types=${ENDS}`, { headers, signal: this.stop.signal });
    if (!answer.ok || answer.body === null) throw new Error(`GET /api/v1/events was answered ${answer.status}.`);
    return answer.body;
  }

  private async read(stream: AsyncIterable<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of stream) {
      const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) this.take(block);
    }
  }

  private take(block: string): void {
    const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1];
    this.lastId = field('id') ?? this.lastId;
    const [type, data] = [field('event'), field('data')];
    if (type === 'resync') this.resyncs += 1;
    else if (type?.startsWith('job.') && data !== undefined) {
      this.book.tell((JSON.parse(data) as { jobId: string }).jobId);
    }
  }
}
