import { connect, type RedisSettings } from '../redis/connection.js';
import { BlockedReader, type KindEvents, type ReaderListener } from './blocked-reader.js';
import { bySlot } from './by-slot.js';
import { START, type Position } from './position.js';
import { ProgressPacer } from './progress-pacer.js';
import type { RoadEvent } from './road-event.js';
import { sseText } from './sse-text.js';

/** An event on its way to those who listen. */
export interface ToldEvent {
  readonly event: RoadEvent;
  /** As it goes over the wire, the same for all. */
  readonly text: string;
}

/** Somebody who has read all up to the hub's position, and is told of what comes. */
export interface LiveListener {
  told(events: readonly ToldEvent[]): void;
  /** Events may be missing; it is not told of any more and has to join anew. */
  lost(): void;
}

/**
 * One blocked read for all who listen in this process: it is there while somebody does. Streams that lie in one slot of a Cluster
 * share a reader.
 */
export class EventHub {
  private running: HubRun | undefined;
  private users = 0;

  /** @param sources the streams of all kinds, in the order of kinds */
  constructor(
    readonly sources: readonly KindEvents[],
    private readonly redis: RedisSettings,
  ) {}

  /** Somebody begins to listen; ends with {@link leave}. */
  enter(): HubRun {
    this.running ??= new HubRun(this.sources, this.redis);
    this.users += 1;
    return this.running;
  }

  /** Somebody has listened. The last one ends the reading. */
  leave(): void {
    this.users -= 1;
    if (this.users > 0) return;
    this.running?.close();
    this.running = undefined;
  }
}

/** The reading while somebody listens. */
export class HubRun implements ReaderListener {
  private readonly ids = new Map<string, string>();
  private readonly listeners = new Map<LiveListener, number>();
  private readonly readers: readonly BlockedReader[];
  private readonly pacer = new ProgressPacer((events) => this.tell(events));
  private readonly waiting = new Set<() => void>();
  /** When each event that may be held back came in, in events. */
  private readonly cameAt = new WeakMap<RoadEvent, number>();
  private count = 0;

  constructor(
    private readonly sources: readonly KindEvents[],
    redis: RedisSettings,
  ) {
    const open = (group: readonly KindEvents[]) => new BlockedReader(connect(redis, 'reader'), group, this);
    this.readers = bySlot(sources, redis).map(open);
    for (const reader of this.readers) reader.start();
  }

  /** How far it has read; undefined before it knows where the streams are. */
  get position(): Position | undefined {
    if (this.ids.size < this.sources.length) return undefined;
    return this.sources.map(({ key }) => this.ids.get(key) ?? START);
  }

  /** Resolves when the position changes, or the reading ends. */
  moved(): Promise<void> {
    return new Promise((resolve) => this.waiting.add(resolve));
  }

  /** From now on the listener, who has read all up to the position of this moment, is told of what comes. */
  attach(listener: LiveListener): void {
    this.listeners.set(listener, this.count);
  }

  /** It is told of nothing more. */
  detach(listener: LiveListener): void {
    this.listeners.delete(listener);
  }

  /** Reads no more; those who wait are woken. */
  close(): void {
    for (const reader of this.readers) reader.close();
    this.pacer.stop();
    this.wake();
  }

  began(position: ReadonlyMap<string, string>): void {
    this.move(position);
  }

  read(key: string, events: readonly RoadEvent[]): void {
    // One by one, so that each tells the position that it brings.
    const told: ToldEvent[] = [];
    for (const event of events) {
      this.count += 1;
      this.cameAt.set(event, this.count);
      this.ids.set(key, event.id);
      for (const passed of this.pacer.pass([event])) told.push(this.toTold(passed));
    }
    this.send(told);
    this.wake();
  }

  lost(position: ReadonlyMap<string, string>): void {
    const all = [...this.listeners.keys()];
    this.listeners.clear();
    this.pacer.stop();
    this.move(position);
    for (const listener of all) listener.lost();
  }

  private move(position: ReadonlyMap<string, string>): void {
    for (const [key, id] of position) this.ids.set(key, id);
    this.wake();
  }

  private tell(events: readonly RoadEvent[]): void {
    this.send(events.map((event) => this.toTold(event)));
  }

  /** Who joined after an event came in has read it by himself. */
  private send(told: readonly ToldEvent[]): void {
    for (const [listener, since] of this.listeners) {
      const news = told.filter(({ event }) => (this.cameAt.get(event) ?? 0) > since);
      if (news.length > 0) listener.told(news);
    }
  }

  private toTold(event: RoadEvent): ToldEvent {
    return { event, text: sseText(this.position ?? [], event) };
  }

  private wake(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}
