import {
  JobQueue,
  keyOf,
  type Deferral,
  type Delivery,
  type DiscardReport,
  type Holdings,
  type QueueStats,
  type Rescue,
  type Settlement,
} from '../job-queue.js';
import { Acknowledger } from './acknowledger.js';
import { connect, type Connection } from './connection.js';
import { Link } from './link.js';
import { deadLetterFields } from './dead-letter-fields.js';
import { ConsumerGroup } from './group.js';
import { derivedKey, WAITING_CONSUMER } from './keys.js';
import { LeaseKeeper } from './lease-keeper.js';
import { Reader } from './reader.js';
import { enveloped, toDelivery, type RawEntry } from './replies.js';
import { defineScripts, runScript } from './scripts.js';
import type { RedisQueueSettings } from './settings.js';
import { readStats } from './stats.js';

/** The job queue on Redis Streams, 7.0 and later. */
export class RedisJobQueue extends JobQueue {
  readonly consumer: string;
  private readonly commands: Connection;
  private readonly link: Link;
  private readonly readerLink: Link;
  private readonly reader: Reader;
  private readonly group: ConsumerGroup;
  private readonly acknowledger: Acknowledger;
  private readonly leases: LeaseKeeper;
  private readonly lanes: readonly string[];
  private readonly tick: string;
  private renewalListener: (holdings: Holdings) => void = () => undefined;
  private straysPossible = true;
  private isOpen = false;

  constructor(private readonly settings: RedisQueueSettings) {
    super();
    const { names, consumer, redis } = settings;
    this.consumer = consumer;
    this.lanes = names.lanes;
    this.tick = derivedKey(mainLane(names.lanes), `tick:${names.group}`);
    this.link = new Link(connect(redis, 'commands'));
    this.readerLink = new Link(connect(redis, 'reader'));
    this.commands = this.link.connection;
    defineScripts(this.commands);
    this.group = new ConsumerGroup(this.commands, names);
    this.reader = new Reader(this.readerLink.connection, this.commands, settings, () => (this.straysPossible = true));
    this.acknowledger = new Acknowledger(this.commands, this.group, names.group, consumer);
    this.leases = new LeaseKeeper(settings, (holdings) => this.noteRenewal(holdings));
  }

  async open(): Promise<void> {
    if (this.isOpen) return;
    await Promise.all([this.link.up(), this.readerLink.up()]);
    await this.group.ensure();
    this.leases.start();
    this.isOpen = true;
  }

  onDisconnect(listener: (error: Error) => void): void {
    this.link.onDown(listener);
  }

  async claim(count: number, waitMs: number): Promise<Delivery[]> {
    this.acknowledger.flush();
    const args = [this.settings.names.group, this.consumer, count];
    const taken = (await this.group.with(() => runScript(this.commands, 'claim', this.lanes, args))) as [
      lane: number,
      entries: RawEntry[],
    ][];
    if (taken.length === 0 && waitMs > 0) return this.reader.read(Math.ceil(count / this.lanes.length), waitMs);
    return taken.flatMap(([lane, entries]) => entries.map((entry) => toDelivery(this.laneAt(lane), entry, 1)));
  }

  async rescue(count: number): Promise<Rescue> {
    const args = [this.settings.names.group, this.consumer, WAITING_CONSUMER, count, this.settings.visibilityMs];
    const reply = await this.group.with(() => runScript(this.commands, 'rescue', [this.tick, ...this.lanes], args));
    const [grace, trimmed, rescued] = reply as [
      number,
      Buffer[],
      [lane: number, entry: RawEntry, deliveries: number][],
    ];
    return {
      deliveries: rescued.map(([lane, entry, deliveries]) => toDelivery(this.laneAt(lane), entry, deliveries)),
      trimmed: trimmed.map((id) => id.toString('latin1')),
      grace: grace === 1,
    };
  }

  async releaseStrays(inHand: ReadonlySet<string>): Promise<number> {
    if (!this.straysPossible) return 0;
    this.straysPossible = false;
    const released = await Promise.all(this.lanes.map((lane) => this.releaseStraysOf(lane, inHand)));
    return released.reduce((sum, count) => sum + count, 0);
  }

  complete(delivery: Delivery): Promise<Settlement> {
    return this.acknowledger.complete(delivery);
  }

  async defer(delivery: Delivery, { delayMs, spent }: Deferral): Promise<Settlement> {
    const { visibilityMs } = this.settings;
    const idle = Math.max(0, visibilityMs - Math.round(delayMs));
    const spentDeliveries = spent ? delivery.deliveries : delivery.deliveries - 1;
    const args = [this.settings.names.group, this.consumer, WAITING_CONSUMER, delivery.entryId, idle];
    const count = Math.max(0, spentDeliveries - delivery.carried);
    const again = delivery.payload.length === 0 ? [] : enveloped(delivery, spentDeliveries);
    return this.settle('defer', [delivery.lane], [...args, count, ...again]);
  }

  async discard(delivery: Delivery, report: DiscardReport): Promise<Settlement> {
    const { names } = this.settings;
    const fields = deadLetterFields(delivery, report, this.consumer, Date.now());
    const args = [names.group, this.consumer, delivery.entryId, ...fields];
    return this.settle('discard', [delivery.lane, names.dlq], args);
  }

  async isOurs(delivery: Delivery): Promise<boolean> {
    const args = [this.settings.names.group, this.consumer, delivery.entryId];
    return (await this.group.with(() => runScript(this.commands, 'ownership', [delivery.lane], args))) === 1;
  }

  wake(): void {
    this.reader.wake();
  }

  onRenewal(listener: (holdings: Holdings) => void): void {
    this.renewalListener = listener;
  }

  stats(): Promise<QueueStats> {
    return this.group.with(() => readStats(this.commands, this.settings.names));
  }

  async ping(): Promise<number> {
    const started = performance.now();
    await this.commands.ping();
    return performance.now() - started;
  }

  async close(): Promise<void> {
    await this.leases.close();
    this.acknowledger.flush();
    await Promise.all([this.readerLink.close(), this.link.close()]);
  }

  private async settle(
    name: 'defer' | 'discard',
    keys: string[],
    args: (string | number | Buffer)[],
  ): Promise<Settlement> {
    const done = await this.group.with(() => runScript(this.commands, name, keys, args));
    return done === 1 ? 'settled' : 'lost';
  }

  private async releaseStraysOf(lane: string, inHand: ReadonlySet<string>): Promise<number> {
    const { names } = this.settings;
    const rows = (await this.group.with(() =>
      this.commands.xpending(lane, names.group, '-', '+', 1000, this.consumer),
    )) as [id: string, consumer: string, idle: number, deliveries: number][];
    const strays = rows.filter(([entryId]) => !inHand.has(keyOf({ lane, entryId })));
    const released = strays.map(([id, , , deliveries]) =>
      this.defer(
        { entryId: id, sourceId: id, lane, payload: [], deliveries, carried: 0, again: false },
        { delayMs: 0, spent: false },
      ),
    );
    await Promise.all(released);
    return strays.length;
  }

  private noteRenewal(holdings: Holdings): void {
    this.straysPossible = true;
    this.renewalListener(holdings);
  }

  private laneAt(number: number): string {
    return this.lanes[number - 1] as string;
  }
}

/** The last lane is the plain one; derived keys are named after it. */
function mainLane(lanes: readonly string[]): string {
  return lanes[lanes.length - 1] as string;
}
