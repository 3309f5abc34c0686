import type { Clock } from '../../lib/clock.js';
import type { EventLoopDelay } from '../../metrics/event-loop-delay.js';
import type { Metrics } from '../../metrics/metrics.js';
import { within } from '../../lib/deadline.js';
import type { QueueStats } from '../../queue/job-queue.js';
import type { AllQueueNumbers } from '../../queue/numbers/all-numbers.js';
import { figuresOf } from '../../queue/streams/stats.js';
import { isClaiming } from '../engine.js';
import type { Engines, RunningEngine } from '../engines.js';
import type { GpuGuard } from '../gpu/gpu-guard.js';
import { QueueMetrics, type QueueFigures } from './queue-metrics.js';

/** As the engines' own monitors wait. ms */
const PATIENCE_MS = 2_000;
const BYTES_PER_MB = 1024 * 1024;

/**
 * What `/metrics` answers to `Accept: application/json`; its shape is fixed. What is counted (`processed`, `failed`,
 * `retried`, `dlq`) is of all kinds of jobs together, since this process started. What is measured now (`pending`,
 * `concurrency_current`) is of the main engine alone, the inspections' where they run: dashboards hold it against
 * `REDIS_STREAM` and `MAX_CONCURRENCY`. The Prometheus form tells every kind apart.
 */
export interface JsonMetrics {
  counters: {
    processed: number;
    failed: number;
    retried: number;
    dlq: number;
    pending: number;
    concurrency_current: number;
  };
  uptime_seconds: number;
  start_time: string;
}

/** The numbers that are looked up when somebody asks, and both forms to give them in. */
export class WorkerMetrics {
  private lastPending = 0;
  private readonly queues: QueueMetrics;
  private readonly startedAt = Date.now() - process.uptime() * 1_000;

  constructor(
    private readonly metrics: Metrics,
    private readonly engines: Engines,
    private readonly gpu: GpuGuard,
    private readonly eventLoop: EventLoopDelay,
    private readonly clock: Clock,
    private readonly allQueues: AllQueueNumbers,
  ) {
    this.queues = new QueueMetrics(metrics);
  }

  /** Prometheus text, and its content type. */
  async text(): Promise<{ contentType: string; body: string }> {
    this.readProcess();
    this.readGpu();
    for (const running of this.engines.all) this.readEngine(running);
    await this.readQueues();
    return { contentType: this.metrics.registry.contentType, body: await this.metrics.text() };
  }

  async json(): Promise<JsonMetrics> {
    const { main } = this.engines;
    const stats = await main?.monitor.read();
    const outcomes = await this.outcomes();
    const count = (outcome: string): number => outcomes.get(outcome) ?? 0;
    return {
      counters: {
        processed: count('complete'),
        failed: count('retry') + count('discard'),
        retried: count('retry'),
        dlq: count('discard'),
        pending: this.pendingOf(stats),
        concurrency_current: main?.engine.pool.inUse ?? 0,
      },
      uptime_seconds: Math.round(process.uptime() * 10) / 10,
      start_time: new Date(this.startedAt).toISOString(),
    };
  }

  /** While Redis is silent, what it said last: 0 would look like an empty queue. */
  private pendingOf(stats: QueueStats | undefined): number {
    if (stats !== undefined) this.lastPending = stats.lanes.reduce((sum, lane) => sum + lane.pending, 0);
    return this.lastPending;
  }

  private async outcomes(): Promise<Map<string, number>> {
    const { values } = await this.metrics.jobs.get();
    const sums = new Map<string, number>();
    for (const { labels, value } of values) {
      const outcome = String(labels.outcome);
      sums.set(outcome, (sums.get(outcome) ?? 0) + value);
    }
    return sums;
  }

  private readProcess(): void {
    const { user, system } = process.cpuUsage();
    this.metrics.cpu.reset();
    this.metrics.cpu.inc((user + system) / 1e6);
    const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
    this.metrics.residentMemory.set(rss);
    this.metrics.heapUsed.set(heapUsed);
    this.metrics.externalMemory.set(external);
    this.metrics.arrayBuffers.set(arrayBuffers);
    this.metrics.startTime.set(Math.round(this.startedAt / 1_000));
    for (const percentile of [50, 99, 100]) {
      this.metrics.eventLoopDelay.set({ percentile: String(percentile) }, this.eventLoop.percentile(percentile));
    }
  }

  private readGpu(): void {
    const { leastFreeMb } = this.gpu.state();
    if (leastFreeMb !== null) this.metrics.gpuMemoryFree.set(leastFreeMb * BYTES_PER_MB);
  }

  private readEngine({ spec: { kind, needs }, engine }: RunningEngine): void {
    const { pool, breaker } = engine;
    this.metrics.slots.set({ kind, state: 'limit' }, pool.limit);
    this.metrics.slots.set({ kind, state: 'in_use' }, pool.inUse);
    this.metrics.claiming.set({ kind }, isClaiming(engine) ? 1 : 0);
    this.metrics.paused.set({ kind }, engine.pause.isPaused || engine.groupPause.isPaused ? 1 : 0);
    this.metrics.leasesAtRisk.set(
      { kind },
      engine.leases.warning !== undefined || engine.queue.renewals.refused ? 1 : 0,
    );
    if (breaker === undefined || needs.cameras !== true) return;
    const failing = breaker.list(Date.now());
    const down = failing.filter(({ opensInMs }) => opensInMs !== undefined).length;
    this.metrics.cameras.set({ kind, state: 'down' }, down);
    this.metrics.cameras.set({ kind, state: 'failing' }, failing.length - down);
  }

  private async readQueues(): Promise<void> {
    const read = await (this.engines.all.length === 0 ? this.readAll() : this.readOwn());
    this.queues.forget();
    for (const [kind, figures] of read) this.queues.note(kind, figures, this.clock.now());
  }

  private readOwn(): Promise<(readonly [string, QueueFigures | undefined])[]> {
    return Promise.all(
      this.engines.all.map(async ({ spec: { kind }, monitor }) => [kind, await monitor.read()] as const),
    );
  }

  /** A process that runs no jobs tells of all queues: of a kind without a worker nobody else does. */
  private async readAll(): Promise<(readonly [string, QueueFigures])[]> {
    const counts = (await within(PATIENCE_MS, this.allQueues.read())) ?? [];
    return counts.map((count) => [count.spec.kind, figuresOf(count)] as const);
  }
}
