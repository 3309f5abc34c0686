import type {
  BeforeApplicationShutdown,
  OnApplicationBootstrap,
  OnApplicationShutdown,
  OnModuleDestroy,
} from '@nestjs/common';
import type { QueueStats } from '../queue/job-queue.js';
import type { PauseScope } from './api/control.dto.js';
import type { WorkerStatusDto } from './api/status.dto.js';
import { isClaiming, type Engine } from './engine.js';
import type { GpuGuard } from './gpu/gpu-guard.js';
import type { QueueMonitor } from './queue-monitor.js';
import { cameraStatus, jobStatus, sumOf } from './worker-status.js';

/** Ties the engine to the life of the process, and answers for it. */
export class WorkerService
  implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown, OnApplicationShutdown
{
  constructor(
    private readonly engine: Engine,
    private readonly gpu: GpuGuard,
    private readonly monitor: QueueMonitor,
    private readonly group: string,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.gpu.start();
    this.engine.worker.start();
  }

  /** First hook of a stop: claim nothing new. */
  onModuleDestroy(): void {
    this.engine.worker.quiet();
  }

  /** Second hook, HTTP still answers: wait for the jobs in hand. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.engine.worker.drain();
    await this.gpu.stop();
  }

  /** Last hook: Redis goes last. */
  async onApplicationShutdown(): Promise<void> {
    await this.engine.queue.close();
  }

  /** When the loop last went round, ms since the epoch. */
  get beatAt(): number {
    return this.engine.worker.beatAt;
  }

  get isDraining(): boolean {
    return this.engine.worker.isDraining;
  }

  get isRedisAway(): boolean {
    return this.engine.outage.startedAt !== undefined;
  }

  /** Why nothing is claimed; empty when jobs are. */
  heldBackBecause(): string[] {
    return this.engine.admission.reasons();
  }

  /** Why the jobs in hand may be lost to other workers; undefined while their leases are renewed. */
  get leasesAtRisk(): string | undefined {
    return this.engine.leases.warning;
  }

  /** Where producers write by mistake instead of to our streams; a sentence each. */
  get producersAstray(): readonly string[] {
    return this.engine.housekeeper.producersAstray;
  }

  resize(limit: number): { concurrency: { limit: number; inUse: number } } {
    this.engine.pool.resize(limit);
    this.engine.worker.reconsider();
    return { concurrency: this.concurrency() };
  }

  /** Pauses this worker at once, or the whole group: each worker notices with its next look. */
  async pause(scope: PauseScope): Promise<{ state: WorkerStatusDto['state']; scope: PauseScope }> {
    if (scope === 'group') await this.pauseGroup(true);
    else this.engine.pause.pause();
    this.engine.worker.reconsider();
    return { state: this.state(), scope };
  }

  async resume(scope: PauseScope): Promise<{ state: WorkerStatusDto['state']; scope: PauseScope }> {
    if (scope === 'group') await this.pauseGroup(false);
    else this.engine.pause.resume();
    this.engine.worker.reconsider();
    return { state: this.state(), scope };
  }

  async cancel(jobId: string): Promise<{ jobId: string; cancel: 'requested' }> {
    await this.engine.queue.cancel(jobId);
    return { jobId, cancel: 'requested' };
  }

  async status(): Promise<WorkerStatusDto> {
    const { inHand, outage, queue } = this.engine;
    const stats = await this.monitor.read();
    const heldBackBecause = this.heldBackBecause();
    const now = Date.now();
    return {
      state: this.state(),
      claiming: isClaiming(this.engine),
      heldBackBecause,
      consumer: queue.consumer,
      group: this.group,
      concurrency: this.concurrency(),
      jobs: inHand.list().map((run) => jobStatus(run, now)),
      gpuGuard: this.gpu.state(),
      cameras: (this.engine.breaker?.list(now) ?? []).map(cameraStatus),
      redisAwayMs: outage.startedAt === undefined ? null : now - outage.startedAt,
      ...this.groupStatus(stats),
    };
  }

  /** This worker need not wait for its next look to know what it did itself. */
  private async pauseGroup(paused: boolean): Promise<void> {
    await this.engine.queue.pauseGroup(paused);
    this.engine.groupPause.note(paused);
  }

  private groupStatus(stats: QueueStats | undefined) {
    const lanes = stats?.lanes;
    return {
      streamLength: sumOf(lanes, 'length'),
      lag: sumOf(lanes, 'lag'),
      pending: sumOf(lanes, 'pending'),
      dlqLength: stats?.dlqLength ?? null,
      streams: lanes ?? [],
      otherConsumers: (stats?.consumers ?? []).filter(({ name }) => name !== this.engine.queue.consumer),
    };
  }

  private concurrency(): { limit: number; inUse: number } {
    return { limit: this.engine.pool.limit, inUse: this.engine.pool.inUse };
  }

  private state(): WorkerStatusDto['state'] {
    if (this.isDraining) return 'draining';
    return this.engine.pause.isPaused || this.engine.groupPause.isPaused ? 'paused' : 'running';
  }
}
