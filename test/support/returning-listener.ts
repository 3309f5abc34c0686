import { setTimeout as after } from 'node:timers/promises';
import { isEnd } from '../../src/queue/status/job-note.js';
import { SseReader, type SeenEvent } from './sse-reader.js';

/** Listens to events as a browser does: it comes back with its last id whenever it was cut off. */
export class ReturningListener {
  private readonly readers: SseReader[] = [];
  private isClosed = false;
  private lastId: string | undefined;

  /**
   * @param url where the service is now
   * @param query as in `?types=…`
   */
  constructor(
    private readonly url: () => string,
    private readonly query = '',
  ) {
    void this.run();
  }

  /** All that it was told, in order. */
  get events(): SeenEvent[] {
    return this.readers.flatMap((reader) => reader.events);
  }

  /** Jobs whose end it was told of, in order. */
  get ends(): unknown[] {
    return this.events.filter(({ type }) => isEnd(type)).map(({ data }) => data['jobId']);
  }

  get resyncs(): number {
    return this.events.filter(({ type }) => type === 'resync').length;
  }

  close(): void {
    this.isClosed = true;
    this.readers.at(-1)?.close();
  }

  private async run(): Promise<void> {
    while (!this.isClosed) {
      const headers: Record<string, string> = this.lastId === undefined ? {} : { 'Last-Event-ID': this.lastId };
      const reader = await SseReader.open(`${this.url()}/api/v1/events${this.query}`, headers).catch(() => undefined);
      if (reader === undefined) {
        await after(50);
        continue;
      }
      this.readers.push(reader);
      await reader.closed;
      this.lastId = reader.lastId ?? this.lastId;
      // Of those that are turned away nobody comes back at once.
      if (reader.status !== 200) await after(50);
    }
  }
}
