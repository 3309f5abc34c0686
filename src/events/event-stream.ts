import { setTimeout as after } from 'node:timers/promises';
import { InvalidJobError } from '../job/errors.js';
import type { EventFeed } from './event-feed.js';
import type { EventHub, HubRun, LiveListener, ToldEvent } from './event-hub.js';
import { isAfter, START, type Position } from './position.js';
import { withoutOldProgress } from './progress-pacer.js';
import { dataOf, RESYNC, type RoadEvent } from './road-event.js';
import type { SseClient } from './sse-client.js';
import { beatText, sseText } from './sse-text.js';

/** How a state of things is told at the beginning of a stream. */
export interface Snapshot {
  /** The name of the event that tells it, such as `job.state`. */
  readonly type: string;
  readonly data: object;
  /** Whether it tells already what an event tells that came in while it was read: such an event is left out. */
  readonly covers?: (event: RoadEvent) => boolean;
}

/** What a stream of events tells. */
export interface StreamOptions {
  /** Which events are for it. */
  readonly filter: (event: RoadEvent) => boolean;
  /**
   * Told first, and again after a `resync`. It is read after the stream began to listen, so that nothing falls between; when it
   * rejects it is read again soon. Undefined, or an InvalidJobError: there is nothing to tell of any more, and the stream ends.
   */
  readonly snapshot?: () => Promise<Snapshot | undefined>;
  /** The stream ends itself after an event, or a snapshot, for which this is true. */
  readonly endAfter?: (type: string, data: Readonly<Record<string, unknown>>) => boolean;
}

/** Events that were missed are read so many at a time. */
const PAGE = 200;
/** Between two tries while Redis is away. ms */
const AGAIN_AFTER_MS = 500;

/**
 * One client's stream: what it missed, then what comes. It reads up to the hub's position by itself, and goes over to what the
 * hub tells in the moment when both are at the same place: nothing is missed, and nothing comes twice.
 */
export class EventStream implements LiveListener {
  private readonly run: HubRun;
  private readonly over: Promise<void>;
  private readonly isResumed: boolean;
  private isLive = false;
  private needsSnapshot: boolean;
  private covers: (event: RoadEvent) => boolean = () => false;
  private wake: () => void = () => undefined;

  /** @param cursor what the client has read; undefined: it begins now */
  constructor(
    private readonly client: SseClient,
    private readonly hub: EventHub,
    private readonly feed: EventFeed,
    private readonly options: StreamOptions,
    private cursor: Position | undefined,
  ) {
    this.isResumed = cursor !== undefined;
    this.needsSnapshot = cursor === undefined && options.snapshot !== undefined;
    this.run = hub.enter();
    this.over = new Promise((resolve) => client.onGone(resolve));
    void this.over.then(() => this.wake());
  }

  /** Goes on until the client left or the stream has ended; never rejects. */
  async start(): Promise<void> {
    // Who comes back to what has ended, and was told so, is told once more by the status alone.
    if (!this.mayBeOver) this.client.begin();
    while (!this.client.isGone) {
      try {
        await this.follow();
      } catch {
        await this.pause();
      }
    }
    this.run.detach(this);
    this.hub.leave();
  }

  /** Ends it, as when the process stops. */
  end(): void {
    this.client.end();
    this.wake();
  }

  /** Shows that it is there: a proxy ends what is silent. */
  beat(): void {
    // Who takes long for what was missed is given the time for it.
    if (!this.isLive && this.client.isBehind) return;
    this.client.send(beatText(this.isLive ? this.run.position : undefined));
  }

  told(events: readonly ToldEvent[]): void {
    let text = '';
    for (const told of events) {
      if (!this.isFor(told.event)) continue;
      text += told.text;
      if (this.options.endAfter === undefined || !this.isEnd(told.event.type, dataOf(told.event))) continue;
      this.client.send(text);
      this.end();
      return;
    }
    this.client.send(text);
  }

  lost(): void {
    this.isLive = false;
    this.resync();
    this.wake();
  }

  /** Whether a client came back to something that has an end. */
  private get mayBeOver(): boolean {
    return this.isResumed && this.options.endAfter !== undefined && this.options.snapshot !== undefined;
  }

  private async follow(): Promise<void> {
    await this.hubIsThere();
    if (this.run.position === undefined) return;
    this.cursor ??= this.run.position;
    if (this.cursor.length !== this.run.position.length) this.resync();
    if (this.needsSnapshot) await this.tellSnapshot();
    await this.catchUp();
    if (this.isLive && this.mayBeOver) await this.endIfOver();
    await this.stay();
  }

  private async hubIsThere(): Promise<void> {
    while (this.run.position === undefined && !this.client.isGone) await Promise.race([this.run.moved(), this.over]);
  }

  /** From here on nothing is known to be missing but what was missed before. */
  private resync(): void {
    this.cursor = this.run.position ?? [];
    this.client.send(sseText(this.cursor, { type: RESYNC, data: '{}' }));
    this.needsSnapshot = this.options.snapshot !== undefined;
  }

  private async tellSnapshot(): Promise<void> {
    const snapshot = await this.snapshot();
    this.needsSnapshot = false;
    if (this.client.isGone) return;
    if (snapshot === undefined) {
      this.end();
      return;
    }
    this.covers = snapshot.covers ?? (() => false);
    this.tell(snapshot);
  }

  private tell({ type, data }: Snapshot): void {
    this.client.send(sseText(this.cursor ?? [], { type, data: JSON.stringify(data) }));
    if (this.isEnd(type, data)) this.end();
  }

  /** What ended before the client was told of it, or while nobody listened. */
  private async endIfOver(): Promise<void> {
    const snapshot = await this.snapshot();
    if (this.client.isGone) return;
    const isOver = snapshot === undefined || this.isEnd(snapshot.type, snapshot.data);
    if (!isOver) this.client.begin();
    else if (!this.client.hasBegun) this.client.endForGood();
    else if (snapshot === undefined) this.end();
    else this.tell(snapshot);
  }

  /** Waits for Redis; undefined where there is none, or nobody is left to be told. */
  private async snapshot(): Promise<Snapshot | undefined> {
    while (!this.client.isGone) {
      try {
        return await this.options.snapshot?.();
      } catch (error) {
        if (error instanceof InvalidJobError) return undefined;
        await this.pause();
      }
    }
    return undefined;
  }

  private pause(): Promise<void> {
    return Promise.race([after(AGAIN_AFTER_MS, undefined, { ref: false }), this.over]);
  }

  /** Reads up to the hub's position and joins it there, in one turn of the event loop. */
  private async catchUp(): Promise<void> {
    while (!this.client.isGone && !this.needsSnapshot) {
      const cursor = this.cursor ?? [];
      const target = this.run.position ?? [];
      const behind = target.findIndex((id, i) => id !== cursor[i]);
      if (behind < 0) {
        this.isLive = true;
        this.run.attach(this);
        return;
      }
      await this.readOn(behind, cursor, target);
    }
  }

  private async readOn(at: number, cursor: Position, target: Position): Promise<void> {
    const { key, kind } = this.hub.sources[at] ?? { key: '', kind: '' };
    const [from, to] = [cursor[at] ?? START, target[at] ?? START];
    const isAhead = isAfter(from, to);
    const events = isAhead ? [] : await this.feed.between(key, kind, from, to, PAGE);
    // Asked after it was read: what is still there then was there.
    if (!(await this.feed.isKept(key, from))) return this.resync();
    // Another process told it sooner than our hub has read it.
    if (isAhead) return Promise.race([this.run.moved(), this.over]);
    const placed = events.map((event) => ({ event, text: sseText(cursor.with(at, event.id), event) }));
    const worth = new Set(withoutOldProgress(events));
    this.cursor = cursor.with(at, events.length < PAGE ? to : (events.at(-1)?.id ?? to));
    this.told(placed.filter(({ event }) => worth.has(event)));
    await this.client.drained();
  }

  /** Is told of what comes, until the client is gone or events may be missing. */
  private async stay(): Promise<void> {
    while (this.isLive && !this.client.isGone) await new Promise<void>((resolve) => (this.wake = resolve));
  }

  private isFor(event: RoadEvent): boolean {
    return this.options.filter(event) && !this.covers(event);
  }

  private isEnd(type: string, data: object): boolean {
    return this.options.endAfter?.(type, data as Readonly<Record<string, unknown>>) === true;
  }
}
