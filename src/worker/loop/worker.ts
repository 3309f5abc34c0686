import { setImmediate as nextTurn, setTimeout as after } from 'node:timers/promises';
import type { Delivery, JobQueue } from '../../queue/job-queue.js';
import type { Admission } from './admission.js';
import type { CameraBreaker } from '../breaker/camera-breaker.js';
import type { Executor } from './executor.js';
import type { Housekeeper } from '../watch/housekeeper.js';
import type { InHand } from './in-hand.js';
import type { LeaseWatch } from '../watch/lease-watch.js';
import type { Outage } from '../watch/outage.js';
import type { Pool } from './pool.js';
import type { Reporter } from '../telling/reporter.js';
import type { Rescuer } from './rescuer.js';
import type { WorkerEvents } from './worker-events.js';
import { within } from '../../lib/deadline.js';

/** How a worker claims and stops. Times in ms. */
export interface WorkerSettings {
  /** Most entries in one claim. */
  batchCount: number;
  /** Longest wait of one claim. */
  blockMs: number;
  /** How long a stopping worker waits for the jobs in hand. */
  graceMs: number;
}

/** The loop ends within one claim. ms */
const LOOP_END_MS = 2_000;

/** What the loop works with. */
export interface WorkerParts {
  queue: JobQueue;
  pool: Pool;
  inHand: InHand;
  executor: Executor;
  rescuer: Rescuer;
  admission: Admission;
  outage: Outage;
  housekeeper: Housekeeper;
  leases: LeaseWatch;
  breaker: CameraBreaker | undefined;
  reporter: Reporter;
}

/** Jobs that were told to end get so long to do so. ms */
const ABORT_GRACE_MS = 5_000;

/**
 * The loop: look for deliveries that are due again, claim as many new ones as there are free slots, hand each to the
 * executor, wait for a slot. Nothing is buffered in between.
 */
export class Worker {
  private stopping = false;
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly settings: WorkerSettings,
    private readonly parts: WorkerParts,
    private readonly events: WorkerEvents,
  ) {}

  /** When the loop last went round, ms since the epoch: its heartbeat. */
  beatAt = Date.now();

  /** True from the moment that nothing new is claimed because the worker stops. */
  get isDraining(): boolean {
    return this.stopping;
  }

  start(): void {
    this.parts.inHand.watch();
    this.parts.housekeeper.start();
    this.parts.leases.start();
    this.parts.breaker?.start();
    this.parts.reporter.start();
    this.loop = this.run();
  }

  /** Claims nothing new from now on; running jobs go on. */
  quiet(): void {
    this.stopping = true;
    this.reconsider();
  }

  /** Something that decides about claiming has changed: look again at once. */
  reconsider(): void {
    this.parts.pool.changed();
    this.parts.queue.wake();
  }

  /** Waits for the jobs in hand until the grace period ends, then has the rest aborted and released. */
  async drain(): Promise<void> {
    this.quiet();
    // With Redis away a claim may hang in the air; what it brings later stays pending and comes due again.
    await within(LOOP_END_MS, Promise.resolve(this.loop));
    if (this.parts.inHand.size > 0) this.events.draining(this.parts.inHand.size);
    const finished = await this.parts.inHand.drained(this.settings.graceMs);
    if (!finished) {
      this.parts.inHand.abortAll();
      await this.parts.inHand.drained(ABORT_GRACE_MS);
    }
    this.parts.inHand.unwatch();
    this.parts.housekeeper.stop();
    this.parts.leases.stop();
    this.parts.breaker?.stop();
    this.parts.reporter.stop();
    this.events.drained(finished, this.parts.inHand.size);
  }

  /** One round of the loop. Public so that a test can take the rounds one by one; `start` takes them by itself. */
  async turn(): Promise<void> {
    const free = this.claimable();
    if (this.parts.rescuer.isDue(free)) this.dispatch(await this.parts.rescuer.look(free));
    const count = this.claimable();
    if (count === 0) {
      await this.parts.pool.change(this.parts.rescuer.msUntilDue());
      return;
    }
    this.dispatch(
      await this.parts.queue.claim(count, Math.min(this.settings.blockMs, this.parts.rescuer.msUntilDue())),
    );
    // Slots that come free in this turn of the event loop are filled by one claim.
    if (this.parts.pool.free < this.parts.pool.limit) await nextTurn();
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      this.beatAt = Date.now();
      try {
        await this.parts.queue.open();
        await this.turn();
        this.parts.outage.end();
      } catch (error) {
        if (this.isDraining) return;
        this.parts.outage.begin(error);
        await after(this.parts.outage.nextWait());
      }
    }
  }

  private claimable(): number {
    if (this.stopping || !this.parts.admission.open) return 0;
    return Math.min(this.parts.pool.free, this.settings.batchCount);
  }

  /** Starts each delivery; what came after the limit was lowered, or claiming was forbidden, goes back unstarted. */
  private dispatch(deliveries: readonly Delivery[]): void {
    let startable = this.claimable();
    for (const delivery of deliveries) {
      // Its lease was lost and is ours again: the run that is in hand goes on, a second one would double it.
      if (this.parts.inHand.has(delivery)) continue;
      if (startable > 0) void this.parts.executor.execute(delivery);
      else void this.giveBack(delivery);
      startable -= 1;
    }
  }

  private async giveBack(delivery: Delivery): Promise<void> {
    // When it fails, the entry is a stray and is released later.
    await this.parts.executor.release(delivery).catch(() => undefined);
  }
}
