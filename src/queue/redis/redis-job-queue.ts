import { setTimeout as after } from 'node:timers/promises';
import type { JobResult } from '../../job/handler.js';
import {
  JobQueue,
  keyOf,
  type Deferral,
  type Delivery,
  type DiscardReport,
  type Holdings,
  type QueueStats,
  type Renewals,
  type Rescue,
  type Settlement,
  type Tidying,
} from '../job-queue.js';
import { Acknowledger } from './acknowledger.js';
import { Claimer } from './claimer.js';
import { checkSlots } from './cluster-slot.js';
import { connect, type Connection } from './connection.js';
import { Link } from './link.js';
import { deadLetterFields } from './dead-letter-fields.js';
import { ConsumerGroup } from './group.js';
import { GroupSignals } from './group-signals.js';
import { WAITING_CONSUMER } from './keys.js';
import { LeaseKeeper } from './lease-keeper.js';
import { findNeighbours } from './neighbours.js';
import { Reader } from './reader.js';
import { ENTRY_FIELD, enveloped, toRescue } from './replies.js';
import { defineScripts, runScript } from './scripts.js';
import { goneAfterMs, type RedisQueueSettings } from './settings.js';
import { readStats } from './stats.js';
import { findStrays } from './strays.js';

const LEAVE_WITHIN_MS = 1_000;

/** The job queue on Redis Streams, 7.0 and later. */
export class RedisJobQueue extends JobQueue {
  readonly consumer: string;
  private readonly commands: Connection;
  private readonly link: Link;
  private readonly readerLink: Link;
  private readonly reader: Reader;
  private readonly group: ConsumerGroup;
  private readonly claimer: Claimer;
  private readonly acknowledger: Acknowledger;
  private readonly leases: LeaseKeeper;
  private readonly lanes: readonly string[];
  private readonly signals: GroupSignals;
  private renewalListener: (holdings: Holdings) => void = () => undefined;
  private straysPossible = true;
  private opening: Promise<void> | undefined;

  /** @throws PermanentStepError STREAMS_APART when the streams do not lie in one slot of a Redis Cluster */
  constructor(private readonly settings: RedisQueueSettings) {
    super();
    const { names, consumer, redis } = settings;
    checkSlots(redis, names);
    this.consumer = consumer;
    this.lanes = names.lanes;
    this.link = new Link(connect(redis, 'commands'));
    this.readerLink = new Link(connect(redis, 'reader'));
    this.commands = this.link.connection;
    defineScripts(this.commands);
    this.group = new ConsumerGroup(this.commands, names);
    this.signals = new GroupSignals(this.commands, names);
    this.reader = new Reader(this.readerLink.connection, this.commands, settings, () => (this.straysPossible = true));
    this.claimer = new Claimer(this.commands, this.group, settings);
    this.acknowledger = new Acknowledger(this.commands, this.group, names.group, consumer);
    this.leases = new LeaseKeeper(settings, (holdings) => this.noteRenewal(holdings));
  }

  open(): Promise<void> {
    // Two may ask at the same moment: they wait for the same.
    this.opening ??= this.openOnce().catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    });
    return this.opening;
  }

  onDisconnect(listener: (error: Error) => void): void {
    this.link.onDown(listener);
  }

  async claim(count: number, waitMs: number): Promise<Delivery[]> {
    this.acknowledger.flush();
    const taken = await this.claimer.claim(count);
    if (taken.length > 0 || waitMs <= 0) return taken;
    return this.reader.read(Math.max(1, Math.floor(count / this.lanes.length)), waitMs);
  }

  async rescue(count: number): Promise<Rescue> {
    const args = [this.settings.names.group, this.consumer, WAITING_CONSUMER, count, this.settings.visibilityMs];
    const keys = [...this.signals.keys, ...this.lanes];
    const reply = await this.group.with(() => runScript(this.commands, 'rescue', keys, args));
    return toRescue(reply, this.lanes);
  }

  async releaseStrays(inHand: ReadonlySet<string>): Promise<number> {
    if (!this.straysPossible) return 0;
    this.straysPossible = false;
    const released = await Promise.all(this.lanes.map((lane) => this.releaseStraysOf(lane, inHand)));
    return released.reduce((sum, count) => sum + count, 0);
  }

  complete(delivery: Delivery, result?: JobResult): Promise<Settlement> {
    const { names, retentionMs } = this.settings;
    if (result === undefined || names.results === undefined) return this.acknowledger.complete(delivery);
    const args = [names.group, this.consumer, delivery.entryId, retentionMs, ENTRY_FIELD, keyOf(delivery)];
    return this.settle('publish', [delivery.lane, names.results], [...args, ...Object.entries(result).flat()]);
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

  pauseGroup(paused: boolean): Promise<void> {
    return this.signals.pause(paused);
  }

  cancel(jobId: string): Promise<void> {
    return this.signals.cancel(jobId);
  }

  async tidy(): Promise<Tidying> {
    const { names, retentionMs, visibilityMs } = this.settings;
    const args = [names.group, this.consumer, WAITING_CONSUMER, retentionMs, goneAfterMs(visibilityMs)];
    const tidied = await Promise.all(
      this.lanes.map((lane) => this.group.with(() => runScript(this.commands, 'tidy', [lane], args))),
    );
    const counts = tidied as [trimmed: number, removed: number][];
    return {
      trimmed: counts.reduce((sum, [trimmed]) => sum + trimmed, 0),
      consumersRemoved: counts.reduce((sum, [, removed]) => sum + removed, 0),
    };
  }

  wake(): void {
    this.reader.wake();
  }

  onRenewal(listener: (holdings: Holdings) => void): void {
    this.renewalListener = listener;
  }

  get renewals(): Renewals {
    return this.leases.renewals;
  }

  stats(): Promise<QueueStats> {
    return this.group.with(() => readStats(this.commands, this.settings.names));
  }

  neighbours(): Promise<string[]> {
    return findNeighbours(this.commands, this.lanes);
  }

  async ping(): Promise<number> {
    const started = performance.now();
    await this.commands.ping();
    return performance.now() - started;
  }

  async close(): Promise<void> {
    await this.leases.close();
    this.acknowledger.flush();
    if (this.link.isUp) await this.leave();
    await Promise.all([this.readerLink.close(), this.link.close()]);
  }

  private async openOnce(): Promise<void> {
    await Promise.all([this.link.up(), this.readerLink.up()]);
    await this.group.ensure();
    this.leases.start();
  }

  private async leave(): Promise<void> {
    const args = [this.settings.names.group, this.consumer];
    // A group that is gone has nobody to leave.
    const left = Promise.allSettled(this.lanes.map((lane) => runScript(this.commands, 'leave', [lane], args)));
    // A Redis that stands still does not keep us.
    await Promise.race([left, after(LEAVE_WITHIN_MS, undefined, { ref: false })]);
  }

  private async settle(
    name: 'defer' | 'discard' | 'publish',
    keys: string[],
    args: (string | number | Buffer)[],
  ): Promise<Settlement> {
    const done = await this.group.with(() => runScript(this.commands, name, keys, args));
    return done === 1 ? 'settled' : 'lost';
  }

  private async releaseStraysOf(lane: string, inHand: ReadonlySet<string>): Promise<number> {
    const member = { group: this.settings.names.group, consumer: this.consumer };
    const strays = await this.group.with(() => findStrays(this.commands, lane, member, inHand));
    await Promise.all(strays.map((stray) => this.defer(stray, { delayMs: 0, spent: false })));
    return strays.length;
  }

  private noteRenewal(holdings: Holdings): void {
    this.straysPossible = true;
    this.renewalListener(holdings);
  }
}
