import type { Request, Response } from 'express';
import { RateLimitedError } from '../job/errors.js';
import type { EventFeed } from './event-feed.js';
import type { EventHub } from './event-hub.js';
import { EventStream, type StreamOptions } from './event-stream.js';
import { readPosition, type Position } from './position.js';
import { SseClient } from './sse-client.js';
import { STOPPING } from './sse-text.js';

const BEAT_EVERY_MS = 15_000;
/** When there may be room again. ms */
const ROOM_AFTER_MS = 5_000;

/** The clients that listen to events over HTTP. */
export class EventStreams {
  private readonly opened = new Set<EventStream>();
  private beats: NodeJS.Timeout | undefined;
  private isStopping = false;

  /** @param mostClients more are sent away */
  constructor(
    private readonly hub: EventHub,
    private readonly feed: EventFeed,
    private readonly mostClients: number,
  ) {}

  /** How many listen. */
  get size(): number {
    return this.opened.size;
  }

  /**
   * Answers a request with server-sent events: what the client missed since its `Last-Event-ID` (or `lastEventId` in the query), then
   * what comes, until it leaves, until `endAfter` says so, or until the process stops. While Redis is away it waits. For a
   * route's handler that has `@Res()`: checks that may refuse come before, and nothing else is sent after.
   *
   * The stream of one job tells its state first, and ends itself. It listens before the state is read, so that nothing falls between:
   *
   * ```ts
   * streams.open(request, response, {
   *   filter: (event) => event.kind === kind && event.jobId === id,
   *   snapshot: async () => ({ type: 'job.state', data: job, covers: (event) => Number(dataOf(event)['version']) <= job.version }),
   *   endAfter: (type, data) => isEnd(type) || ENDED.includes(data['state']),
   * });
   * ```
   *
   * Who comes back to a job whose end it was told is answered 204, at which a browser's `EventSource` stops to come.
   * @throws RateLimitedError TOO_MANY_LISTENERS; InvalidJobError BAD_EVENT_ID
   */
  open(request: Request, response: Response, options: StreamOptions): void {
    const cursor = cursorOf(request);
    const client = new SseClient(response);
    if (this.isStopping || request.method === 'HEAD') {
      client.begin(STOPPING);
      client.end();
      return;
    }
    if (this.opened.size >= this.mostClients) throw noRoom(this.mostClients);
    void this.follow(new EventStream(client, this.hub, this.feed, options, cursor));
  }

  /** Ends all streams at once, and those that are asked for from now on. */
  stop(): void {
    this.isStopping = true;
    for (const stream of this.opened) stream.end();
  }

  private async follow(stream: EventStream): Promise<void> {
    this.opened.add(stream);
    this.beats ??= setInterval(() => this.beat(), BEAT_EVERY_MS).unref();
    await stream.start();
    this.opened.delete(stream);
    if (this.opened.size > 0) return;
    clearInterval(this.beats);
    this.beats = undefined;
  }

  private beat(): void {
    for (const stream of this.opened) stream.beat();
  }
}

/** Undefined: it begins now. */
function cursorOf({ headers, query }: Request): Position | undefined {
  const brought = headers['last-event-id'] ?? query['lastEventId'];
  if (brought === undefined || brought === '') return undefined;
  return readPosition(typeof brought === 'string' ? brought : '');
}

function noRoom(most: number): RateLimitedError {
  const sentence = `As many as may listen to events already do (${most}): come back later, or raise SSE_CLIENTS_MAX.`;
  return new RateLimitedError('TOO_MANY_LISTENERS', sentence, ROOM_AFTER_MS);
}
