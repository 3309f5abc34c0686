import { pingMs } from '../../redis/redis-ping.js';
import type { JobResult } from '../../job/handler.js';
import {
  JobQueue,
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
import { Claimer } from './claimer.js';
import { checkSlots } from '../one-slot.js';
import { connect, type Connection } from '../../redis/connection.js';
import { Link } from '../../redis/link.js';
import { ConsumerGroup, newLife } from './group.js';
import { GroupSignals } from './group-signals.js';
import { WAITING_CONSUMER } from '../names.js';
import { keysOf, laneKeys, type LaneKeys } from '../lane-keys.js';
import { LeaseKeeper } from './lease-keeper.js';
import { findMisdirected } from '../diagnose/misdirected.js';
import { Reader } from './reader.js';
import { RedisClock } from '../../redis/redis-clock.js';
import { toRescue } from '../replies.js';
import { defineScripts, runScript } from '../scripts.js';
import type { RedisQueueSettings } from '../settings.js';
import type { JobNote } from '../status/job-note.js';
import { checkServer } from '../../redis/server-facts.js';
import { QueueNumbers } from '../numbers/queue-numbers.js';
import { readStats } from './stats.js';
import { Settler } from './settler.js';
import { findStrays } from './strays.js';
import { Tidier } from './tidier.js';

/** The index of what waits is mended this often at most: workers of an earlier version note nothing in it. ms */
const INDEX_EVERY_MS = 10_000;

/** The job queue on Redis Streams, 7.0 and later. */
export class RedisJobQueue extends JobQueue {
  readonly consumer: string;
  private readonly commands: Connection;
  private readonly link: Link;
  private readonly readerLink: Link;
  private readonly reader: Reader;
  private readonly group: ConsumerGroup;
  private readonly claimer: Claimer;
  private readonly settler: Settler;
  private readonly tidier: Tidier;
  private readonly leases: LeaseKeeper;
  private readonly lanes: readonly LaneKeys[];
  private readonly signals: GroupSignals;
  private readonly numbers: QueueNumbers;
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
    this.numbers = new QueueNumbers(this.commands, names, clock);
    this.reader = new Reader(
      this.readerLink.connection,
      this.commands,
      this.lanes,
      settings,
      () => (this.straysPossible = true),
    );
    this.claimer = new Claimer(this.commands, this.group, this.lanes, settings);
    this.settler = new Settler(this.commands, this.group, this.lanes, settings, clock);
    this.tidier = new Tidier(this.commands, this.group, this.lanes, settings);
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
    this.settler.flush();
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

  complete(delivery: Delivery, result?: JobResult, note?: JobNote): Promise<Settlement> {
    return this.settler.complete(delivery, result, note);
  }

  defer(delivery: Delivery, deferral: Deferral, note?: JobNote): Promise<Settlement> {
    return this.settler.defer(delivery, deferral, note);
  }

  discard(delivery: Delivery, report: DiscardReport, note?: JobNote): Promise<Settlement> {
    return this.settler.discard(delivery, report, note);
  }

  tell(delivery: Delivery, note: JobNote): Promise<void> {
    return this.settler.tell(delivery, note);
  }

  standing(delivery: Delivery): Promise<Standing> {
    return this.settler.standing(delivery);
  }

  pauseGroup(paused: boolean): Promise<void> {
    return this.signals.pause(paused);
  }

  cancel(jobId: string): Promise<void> {
    return this.signals.cancel(jobId);
  }

  tidy(): Promise<Tidying> {
    return this.tidier.tidy();
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
    return this.group.with(() => readStats(this.commands, this.settings.names, this.numbers));
  }

  misdirectedProducers(): Promise<string[]> {
    return findMisdirected(this.commands, this.settings.names.lanes);
  }

  async ping(): Promise<number> {
    return pingMs(this.commands);
  }

  async close(): Promise<void> {
    await this.leases.close();
    this.settler.flush();
    if (this.link.isUp) await this.tidier.leave();
    await Promise.all([this.readerLink.close(), this.link.close()]);
  }

  private async openOnce(): Promise<void> {
    await Promise.all([this.link.up(), this.readerLink.up()]);
    await checkServer(this.commands);
    await this.clock.set(this.commands);
    await this.group.ensure();
    this.leases.start();
  }

  /** What a look has brought must not be lost by it: when it fails, a later look tries again. */
  private async mendIndex(lanes: readonly string[]): Promise<void> {
    if (Date.now() - this.indexedAt < INDEX_EVERY_MS) return;
    this.indexedAt = Date.now();
    await Promise.allSettled(lanes.map((lane) => this.group.index(keysOf(this.lanes, lane))));
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
