import { pingMs } from '../../redis/redis-ping.js';
import { derivedKey } from '../../redis/derived-key.js';
import { AHEAD_MS } from '../../lib/clock.js';
import type { JobResult } from '../../job/handler.js';
import {
  JobQueue,
  keyOf,
  type Deferral,
  type Delivery,
  type DiscardReport,
  type GroupRemade,
  type Holdings,
  type QueueStats,
  type Renewals,
  type Rescue,
  type Settlement,
  type Standing,
  type Tidying,
} from '../job-queue.js';
import { Acknowledger } from './acknowledger.js';
import { Claimer } from './claimer.js';
import { checkSlots } from '../one-slot.js';
import { connect, type Connection } from '../../redis/connection.js';
import { Link } from '../../redis/link.js';
import { deadLetterFields } from '../dead-letters/dead-letter-fields.js';
import { digestOf } from './digest.js';
import { ConsumerGroup, newLife } from './group.js';
import { GroupSignals } from './group-signals.js';
import { WAITING_CONSUMER } from '../names.js';
import { heldKey, laneKeys, settledKey, type LaneKeys } from '../lane-keys.js';
import { LeaseKeeper } from './lease-keeper.js';
import { findMisdirected } from '../diagnose/misdirected.js';
import { Reader } from './reader.js';
import { RedisClock } from '../../redis/redis-clock.js';
import { ENTRY_FIELD, enveloped, toRescue, toStanding } from '../replies.js';
import type { ScriptArgument } from '../../redis/lua-scripts.js';
import { defineScripts, runScript, type ScriptName } from '../scripts.js';
import { goneAfterMs, type RedisQueueSettings } from '../settings.js';
import { checkServer } from '../../redis/server-facts.js';
import { readStats } from './stats.js';
import { findStrays } from './strays.js';
import { within } from '../../lib/deadline.js';

const LEAVE_WITHIN_MS = 1_000;
/** The index of what waits is mended this often at most: workers of an earlier version note nothing in it. ms */
const INDEX_EVERY_MS = 10_000;

const SETTLEMENTS = { ours: 'settled', gone: 'gone', others: 'lost' } as const;

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
  private readonly lanes: readonly LaneKeys[];
  private readonly signals: GroupSignals;
  private renewalListener: (holdings: Holdings) => void = () => undefined;
  private remadeListener: (remade: GroupRemade) => void = () => undefined;
  private indexedAt = -Infinity;
  private straysPossible = true;
  private opening: Promise<void> | undefined;

  /** @throws PermanentStepError STREAMS_APART when the streams do not lie in one slot of a Redis Cluster */
  constructor(
    private readonly settings: RedisQueueSettings,
    readonly clock = new RedisClock(),
  ) {
    super();
    const { names, consumer, redis } = settings;
    checkSlots(redis, names);
    this.consumer = consumer;
    this.lanes = names.lanes.map((lane) => laneKeys(lane, names.group));
    this.link = new Link(connect(redis, 'commands'));
    this.readerLink = new Link(connect(redis, 'reader'));
    this.commands = this.link.connection;
    defineScripts(this.commands);
    this.group = new ConsumerGroup(this.commands, this.lanes, settings, (remade) => this.remadeListener(remade));
    this.signals = new GroupSignals(this.commands, names);
    this.reader = new Reader(
      this.readerLink.connection,
      this.commands,
      this.lanes,
      settings,
      () => (this.straysPossible = true),
    );
    this.claimer = new Claimer(this.commands, this.group, this.lanes, settings);
    this.acknowledger = new Acknowledger({
      batch: (deliveries) => this.acknowledgeOurs(deliveries),
      one: (delivery) => this.settle('acknowledge', delivery),
    });
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

  onGroupRemade(listener: (remade: GroupRemade) => void): void {
    this.remadeListener = listener;
  }

  onDisconnect(listener: (error: Error) => void): void {
    this.link.onDown(listener);
  }

  async claim(count: number, waitMs: number): Promise<Delivery[]> {
    this.acknowledger.flush();
    const taken = await this.claimer.claim(count);
    if (taken.length > 0 || waitMs <= 0) return taken;
    // After an outage it may come back later than the other connection: that is no second outage.
    await this.readerLink.up();
    return this.reader.read(Math.max(1, Math.floor(count / this.lanes.length)), waitMs);
  }

  async rescue(count: number, cancelledSince = 0): Promise<Rescue> {
    const { names, visibilityMs, maxEntryBytes } = this.settings;
    const member = [names.group, this.consumer, WAITING_CONSUMER, count, visibilityMs];
    const args = [...member, newLife(), maxEntryBytes, cancelledSince];
    const keys = [
      ...this.signals.keys,
      ...this.lanes.flatMap(({ stream, record, waiting }) => [stream, record, waiting]),
    ];
    void this.clock.set(this.commands);
    const reply = await this.group.with(() => runScript(this.commands, 'rescue', keys, args));
    const { unindexed, ...rescue } = toRescue(reply, names.lanes);
    if (unindexed.length > 0) await this.mendIndex(unindexed);
    return rescue;
  }

  async releaseStrays(inHand: readonly Delivery[]): Promise<number> {
    if (!this.straysPossible) return 0;
    this.straysPossible = false;
    const released = await Promise.all(this.lanes.map((lane) => this.releaseStraysOf(lane, inHand))).catch(
      (error: unknown) => {
        // They are still there: the next look tries again, and says again what Redis refuses.
        this.straysPossible = true;
        throw error;
      },
    );
    return released.reduce((sum, count) => sum + count, 0);
  }

  complete(delivery: Delivery, result?: JobResult): Promise<Settlement> {
    const { names, retentionMs } = this.settings;
    if (result === undefined || names.results === undefined) return this.acknowledger.complete(delivery);
    const args = [retentionMs, ENTRY_FIELD, keyOf(delivery), ...Object.entries(result).flat()];
    return this.settle('publish', delivery, [names.results], args);
  }

  async defer(delivery: Delivery, { delayMs, spent, waitsFor }: Deferral): Promise<Settlement> {
    const { names, visibilityMs } = this.settings;
    const { lane } = delivery;
    const spentDeliveries = spent ? delivery.deliveries : delivery.deliveries - 1;
    const count = Math.max(0, spentDeliveries - delivery.carried);
    const held = waitsFor === undefined ? lane : heldKey(lane, names.group, waitsFor);
    const again = delivery.payload.length === 0 ? [] : enveloped(delivery, spentDeliveries);
    const args = [WAITING_CONSUMER, Math.max(0, Math.round(delayMs)), visibilityMs, count, ...again];
    return this.settle('defer', delivery, [this.keysOf(lane).waiting, held], args);
  }

  async discard(delivery: Delivery, report: DiscardReport): Promise<Settlement> {
    const fields = deadLetterFields(delivery, report, this.consumer, this.clock.now());
    return this.settle('discard', delivery, [this.settings.names.dlq], fields);
  }

  async standing(delivery: Delivery): Promise<Standing> {
    const count = Math.max(1, delivery.deliveries - delivery.carried);
    return toStanding(await this.askOf('ownership', delivery, [], [count]));
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
    const tidyLane = ({ stream }: LaneKeys): Promise<unknown> =>
      runScript(this.commands, 'tidy', [stream], [...args, settledKey(stream, names.group, '')]);
    const tidied = await Promise.all(this.lanes.map((lane) => this.group.with(() => tidyLane(lane))));
    const counts = tidied as [trimmed: number, removed: number][];
    return {
      trimmed: counts.reduce((sum, [trimmed]) => sum + trimmed, await this.trimAhead()),
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
    return this.group.with(() => readStats(this.commands, this.settings.names, this.clock));
  }

  misdirectedProducers(): Promise<string[]> {
    return findMisdirected(this.commands, this.settings.names.lanes);
  }

  async ping(): Promise<number> {
    return pingMs(this.commands);
  }

  async close(): Promise<void> {
    await this.leases.close();
    this.acknowledger.flush();
    if (this.link.isUp) await this.leave();
    await Promise.all([this.readerLink.close(), this.link.close()]);
  }

  private async openOnce(): Promise<void> {
    await Promise.all([this.link.up(), this.readerLink.up()]);
    await checkServer(this.commands);
    await this.clock.set(this.commands);
    await this.group.ensure();
    this.leases.start();
  }

  /** Where somebody wrote an id that lies in the future, age is not told by ids. Gives how many entries were trimmed. */
  private async trimAhead(): Promise<number> {
    const { names, retentionMs } = this.settings;
    const trim = (stream: string, spare: 0 | 1): Promise<unknown> =>
      runScript(this.commands, 'trim_ahead', [stream, derivedKey(stream, 'ahead')], [retentionMs, AHEAD_MS, spare]);
    const results = names.results === undefined ? [] : [trim(names.results, 0)];
    const counts = await Promise.all([...this.lanes.map(({ stream }) => trim(stream, 1)), ...results]);
    return (counts as number[]).reduce((sum, count) => sum + count, 0);
  }

  private async leave(): Promise<void> {
    const { group } = this.settings.names;
    const leaveLane = ({ stream }: LaneKeys): Promise<unknown> =>
      runScript(this.commands, 'leave', [stream, settledKey(stream, group, this.consumer)], [group, this.consumer]);
    // A group that is gone has nobody to leave, and a Redis that stands still does not keep us.
    await within(LEAVE_WITHIN_MS, Promise.allSettled(this.lanes.map(leaveLane)));
  }

  private async settle(
    name: 'acknowledge' | 'defer' | 'discard' | 'publish',
    delivery: Delivery,
    keys: readonly string[] = [],
    args: readonly ScriptArgument[] = [],
  ): Promise<Settlement> {
    const standing = toStanding(await this.askOf(name, delivery, keys, args));
    return SETTLEMENTS[standing];
  }

  /** Runs a script that begins with a look at whose a delivery is. */
  private askOf(
    name: ScriptName,
    delivery: Delivery,
    keys: readonly string[],
    args: readonly ScriptArgument[],
  ): Promise<unknown> {
    const { group } = this.settings.names;
    const { stream, record } = this.keysOf(delivery.lane);
    const settled = settledKey(stream, group, this.consumer);
    const { entryId, life, number, payload } = delivery;
    const who = [group, this.consumer, entryId, life, digestOf(payload), number];
    return this.group.with(() => runScript(this.commands, name, [stream, record, settled, ...keys], [...who, ...args]));
  }

  private async acknowledgeOurs(deliveries: readonly [Delivery, ...Delivery[]]): Promise<ReadonlySet<string>> {
    const { group } = this.settings.names;
    const [{ lane, life }] = deliveries;
    const { stream, record } = this.keysOf(lane);
    const keys = [stream, record, settledKey(stream, group, this.consumer)];
    const args = [group, this.consumer, life, ...deliveries.flatMap(({ entryId, number }) => [entryId, number])];
    const unclear = await this.group.with(() => runScript(this.commands, 'complete', keys, args));
    return new Set((unclear as Buffer[]).map((id) => id.toString('latin1')));
  }

  private keysOf(lane: string): LaneKeys {
    return this.lanes.find(({ stream }) => stream === lane) as LaneKeys;
  }

  /** What a look has brought must not be lost by it: when it fails, a later look tries again. */
  private async mendIndex(lanes: readonly string[]): Promise<void> {
    if (Date.now() - this.indexedAt < INDEX_EVERY_MS) return;
    this.indexedAt = Date.now();
    await Promise.allSettled(lanes.map((lane) => this.group.index(this.keysOf(lane))));
  }

  private async releaseStraysOf(lane: LaneKeys, inHand: readonly Delivery[]): Promise<number> {
    const member = { group: this.settings.names.group, consumer: this.consumer };
    const isSame = async (delivery: Delivery): Promise<boolean> => (await this.standing(delivery)) === 'ours';
    const strays = await this.group.with(() => findStrays(this.commands, lane, member, inHand, isSame));
    await Promise.all(strays.map((stray) => this.defer(stray, { delayMs: 0, spent: false })));
    return strays.length;
  }

  private noteRenewal(holdings: Holdings): void {
    this.straysPossible = true;
    this.renewalListener(holdings);
  }
}
