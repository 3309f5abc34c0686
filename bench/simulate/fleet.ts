import type { QueueNames } from '../../src/job/kind.js';
import type { Outcome } from '../../src/job/outcome.js';
import { RedisJobQueue } from '../../src/queue/streams/redis-job-queue.js';
import { assemble, type Engine } from '../../src/worker/engine.js';
import { silentEvents } from '../../test/support/silent-events.js';
import type { Plan } from './plan.js';
import { StubHandler } from './stub-handler.js';
import type { VirtualClock } from './virtual-clock.js';

const HOUR_MS = 3_600_000;

/** Longest wait of one claim of a worker at rest, ms; in the simulated day nobody waits. */
const REST_BLOCK_MS = 5_000;

/**
 * Workers as they run in production: queue, claims, settlements, rescue, leases. Only their loop is not their own: who has a
 * free slot is told to go round, when there is something to do.
 */
export class Fleet {
  private readonly queues: RedisJobQueue[];
  private engines: Engine[] = [];
  private done = 0;
  private released = 0;
  /** Runs that ended, however. */
  private ended = 0;
  /** No job of the simulation may fail: numbers of such a day would be wrong. */
  private failure: Error | undefined;
  private awaited: { until: number; resolve: () => void } | undefined;

  constructor(
    private readonly plan: Plan,
    private readonly clock: VirtualClock,
    url: string,
    names: QueueNames,
  ) {
    this.queues = Array.from({ length: plan.workers }, (_, number) => queueOf(url, names, `worker-${number}`));
  }

  async open(): Promise<void> {
    for (const queue of this.queues) await queue.open();
  }

  /** Has the workers do what they do when there is nothing to do, in real time. */
  async rest(work: () => Promise<void>): Promise<void> {
    this.start(REST_BLOCK_MS);
    for (const { worker } of this.engines) worker.start();
    await work();
    await this.stop();
  }

  start(blockMs = 0): void {
    this.engines = this.queues.map((queue) => this.engine(queue, blockMs));
  }

  /** Stops all workers as SIGTERM does, with no patience: jobs in hand are given back. Gives how many. */
  async stop(): Promise<number> {
    const before = this.released;
    await Promise.all(this.engines.map(({ worker }) => worker.drain()));
    this.engines = [];
    return this.released - before;
  }

  async close(): Promise<void> {
    await Promise.all(this.queues.map((queue) => queue.close()));
  }

  /** Jobs that ended well. */
  get completed(): number {
    return this.done;
  }

  /** Jobs that have a slot. */
  get inHand(): number {
    return this.engines.reduce((sum, { pool }) => sum + pool.inUse, 0);
  }

  /** Ends the jobs whose time has come, and waits until each is settled. @throws when one did not end well */
  async finishDue(): Promise<void> {
    const until = this.ended + this.clock.wakeDue();
    if (this.ended < until) await new Promise<void>((resolve) => (this.awaited = { until, resolve }));
    if (this.failure !== undefined) throw this.failure;
  }

  /** Has workers claim until nothing waits, or no slot is free. */
  async claim(waiting: number): Promise<void> {
    for (let left = waiting; left > 0;) {
      const before = this.inHand;
      await Promise.all(this.claimersFor(left).map(({ worker }) => worker.turn()));
      // Who was told to claim and found nothing will find nothing now.
      if (this.inHand === before) return;
      left -= this.inHand - before;
    }
  }

  /** As many workers as it takes; who claimed last comes last. */
  private claimersFor(waiting: number): Engine[] {
    const free = this.engines.filter(({ pool }) => pool.free > 0);
    let slots = 0;
    const chosen = free.filter(({ pool }) => (slots += pool.free) - pool.free < waiting);
    this.engines = [...this.engines.filter((engine) => !chosen.includes(engine)), ...chosen];
    return chosen;
  }

  private note(outcome: Outcome): void {
    const { kind } = outcome;
    this.ended += 1;
    if (kind === 'complete') this.done += 1;
    else if (kind === 'release') this.released += 1;
    else
      this.failure ??= new Error(`A job ended by ${kind}.`, { cause: 'error' in outcome ? outcome.error : undefined });
    if (this.ended === this.awaited?.until) this.awaited.resolve();
  }

  private engine(queue: RedisJobQueue, blockMs: number): Engine {
    const settings = {
      ...{ blockMs, graceMs: 0 },
      concurrency: this.plan.slotsPerWorker,
      batchCount: 64,
      retry: { maxRetry: 3, baseMs: 2_000, capMs: 300_000 },
      jobTimeoutMs: HOUR_MS,
      visibilityMs: 300_000,
    };
    const events = silentEvents({ settled: (_run, outcome) => this.note(outcome) });
    return assemble(settings, queue, new StubHandler(this.clock, this.plan.secondsPerJob), events);
  }
}

function queueOf(url: string, names: QueueNames, consumer: string): RedisJobQueue {
  return new RedisJobQueue({
    redis: { url },
    names,
    consumer,
    visibilityMs: 300_000,
    urgentCheckMs: 20,
    maxEntryBytes: 1_048_576,
    retentionMs: 24 * HOUR_MS,
    resultsKeepMs: 72 * HOUR_MS,
    longestRunMs: 2 * HOUR_MS,
  });
}
