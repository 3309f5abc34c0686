import { get, type IncomingMessage } from 'node:http';
import { eventually } from './eventually.js';

/** One event as a client sees it. */
export interface SeenEvent {
  readonly id: string;
  readonly type: string;
  readonly data: Record<string, unknown>;
}

/** A client of server-sent events that reads as fast as it can, and keeps what it saw. */
export class SseReader {
  readonly events: SeenEvent[] = [];
  /** Comments, and what they hold. */
  readonly comments: string[] = [];
  retryMs: number | undefined;
  /** What it would bring back as `Last-Event-ID`. */
  lastId: string | undefined;
  isOver = false;
  /** Resolves when the stream is over. */
  readonly closed: Promise<void>;
  private rest = '';

  private constructor(private readonly response: IncomingMessage) {
    response.setEncoding('utf8');
    response.on('data', (text: string) => this.take(text));
    this.closed = new Promise((resolve) => response.once('close', resolve)).then(() => void (this.isOver = true));
    response.on('error', () => undefined);
  }

  /** Resolves with the head of the answer, of whatever status. */
  static async open(url: string, headers: Record<string, string> = {}): Promise<SseReader> {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get(url, { headers, agent: false }, resolve).on('error', reject);
    });
    return new SseReader(response);
  }

  get status(): number {
    return this.response.statusCode ?? 0;
  }

  get headers(): IncomingMessage['headers'] {
    return this.response.headers;
  }

  /** The first event that this is true for, once it is there. */
  async first(what: string, is: (event: SeenEvent) => boolean): Promise<SeenEvent> {
    return eventually(what, () => this.events.find(is));
  }

  /** Waits until so many events were seen. */
  async count(events: number): Promise<SeenEvent[]> {
    await eventually(`${events} events, of which ${this.events.length} are seen`, () => this.events.length >= events);
    return this.events;
  }

  async over(): Promise<void> {
    await eventually('the stream is over', () => this.isOver);
  }

  close(): void {
    this.response.destroy();
  }

  private take(text: string): void {
    const blocks = (this.rest + text).split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) this.read(block.split('\n'));
  }

  private read(lines: readonly string[]): void {
    const of = (field: string): string[] =>
      lines.flatMap((line) => (line.startsWith(`${field}:`) ? [line.slice(field.length + 1).replace(/^ /, '')] : []));
    this.comments.push(...of(''));
    const [retry] = of('retry');
    if (retry !== undefined) this.retryMs = Number(retry);
    this.lastId = of('id').at(-1) ?? this.lastId;
    const data = of('data');
    if (data.length === 0) return;
    const type = of('event').at(-1) ?? 'message';
    this.events.push({ id: this.lastId ?? '', type, data: JSON.parse(data.join('\n')) as Record<string, unknown> });
  }
}
