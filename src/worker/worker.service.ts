import type {
  BeforeApplicationShutdown,
  OnApplicationBootstrap,
  OnApplicationShutdown,
  OnModuleDestroy,
} from '@nestjs/common';
import { REFUSALS } from '../redis/refusal/refusals.js';
import type { RedisPing } from '../redis/redis-ping.js';
import type { PauseScope } from './api/control.dto.js';
import type { WorkerStatusDto } from './api/status.dto.js';
import { concurrencyOf, engineStatus, noEngineStatus, stateOf } from './engine-status.js';
import { heldBack, refusalsOf } from './engine.js';
import type { Engines, RunningEngine } from './engines.js';
import type { EventFeed } from '../events/event-feed.js';
import type { WorkerOrder } from './fleet/fleet-book.js';
import type { Heartbeats } from './fleet/heartbeats.js';
import type { GpuGuard } from './gpu/gpu-guard.js';
import { within } from '../lib/deadline.js';

const PING_PATIENCE_MS = 2_000;

/** What a pause or its end came to: the state of those it was for. */
export interface PauseAnswer {
  state: WorkerStatusDto['state'];
  scope: PauseScope;
  kinds: string[];
}

/** How the loop of one engine goes. */
export interface LoopState {
  kind: string;
  /** Since it last went round, ms. */
  beatMs: number;
  isRedisAway: boolean;
}

/** Ties the engines to the life of the process, and answers for them. */
export class WorkerService
  implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown, OnApplicationShutdown
{
  private draining = false;

  constructor(
    private readonly engines: Engines,
    private readonly gpu: GpuGuard,
    private readonly redis: RedisPing,
    private readonly roles: readonly string[],
    private readonly beats: Heartbeats,
    private readonly feed: EventFeed,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.engines.all.some(({ spec }) => spec.needs.gpu === true)) await this.gpu.start();
    for (const { engine } of this.engines.all) engine.worker.start();
    this.beats.start((kind, order) => this.carryOut(kind, order));
  }

  /** First hook of a stop: claim nothing new. */
  onModuleDestroy(): void {
    this.draining = true;
    for (const { engine } of this.engines.all) engine.worker.quiet();
  }

  /** Second hook, HTTP still answers: wait for the jobs in hand, of all kinds at once. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.engines.all.map(({ engine }) => engine.worker.drain()));
    await Promise.all([this.beats.leave(), this.gpu.stop()]);
  }

  /** Last hook: Redis goes last. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.engines.all.map(({ engine }) => engine.queue.close()));
  }

  get isDraining(): boolean {
    return this.draining;
  }

  /** How the loop of each engine goes. */
  loops(): LoopState[] {
    const now = Date.now();
    return this.engines.all.map(({ spec: { kind }, engine: { worker, outage } }) => ({
      kind,
      beatMs: now - worker.beatAt,
      isRedisAway: outage.startedAt !== undefined,
    }));
  }

  /** Why jobs are not claimed; empty when they are. */
  heldBackBecause(): string[] {
    return this.ofEach(heldBack);
  }

  /** Why jobs cannot be claimed or settled although Redis answers; empty while it does what it is asked. */
  blockedBecause(): string[] {
    return this.ofEach(refusalsOf);
  }

  /** All that Redis refuses this process, whatever for; a sentence each. */
  redisRefuses(): string[] {
    return REFUSALS.list();
  }

  /** Why jobs in hand may be lost to other workers; empty while their leases are renewed. */
  leasesAtRisk(): string[] {
    return this.ofEach(({ leases }) => (leases.warning === undefined ? [] : [leases.warning]));
  }

  /** Where producers write by mistake instead of to our streams; a sentence each. */
  misdirectedProducers(): string[] {
    return this.engines.all.flatMap(({ engine }) => engine.housekeeper.misdirectedProducers);
  }

  /** Round trip to Redis, ms, by the connection that an engine works with; undefined when it takes too long. */
  pingMs(): Promise<number | undefined> {
    return this.engines.main?.monitor.ping() ?? within(PING_PATIENCE_MS, this.redis.ping());
  }

  /** @throws InvalidJobError KIND_NOT_HERE, as do all calls that name a kind */
  resize(limit: number, kind?: string): { kind: string; concurrency: { limit: number; inUse: number } } {
    const running = this.engines.one(kind);
    running.engine.pool.resize(limit);
    running.engine.worker.reconsider();
    return { kind: running.spec.kind, concurrency: concurrencyOf(running.engine) };
  }

  /** Pauses here at once, or the whole group: each worker notices with its next look. Without a kind, all of them. */
  pause(scope: PauseScope, kind?: string): Promise<PauseAnswer> {
    return this.setPaused(true, scope, kind);
  }

  resume(scope: PauseScope, kind?: string): Promise<PauseAnswer> {
    return this.setPaused(false, scope, kind);
  }

  /** Without a kind the job is looked for among all that run here. */
  async cancel(jobId: string, kind?: string): Promise<{ jobId: string; cancel: 'requested' }> {
    await Promise.all(this.engines.meant(kind).map(({ engine }) => engine.queue.cancel(jobId)));
    return { jobId, cancel: 'requested' };
  }

  async status(): Promise<WorkerStatusDto> {
    const { main } = this.engines;
    const others = this.engines.all.filter((running) => running !== main);
    const kinds = others.map(async (running) => [running.spec.kind, await engineStatus(running)] as const);
    return {
      ...(main === undefined ? noEngineStatus(this.draining) : await engineStatus(main)),
      gpuGuard: this.gpu.state(),
      redisRefuses: this.redisRefuses(),
      roles: [...this.roles],
      kinds: Object.fromEntries(await Promise.all(kinds)),
    };
  }

  /** What was asked of this worker at any process: the same as if it had been asked itself. */
  private async carryOut(kind: string, { concurrency, paused }: WorkerOrder): Promise<void> {
    if (concurrency !== undefined) this.resize(concurrency, kind);
    if (paused !== undefined) await this.setPaused(paused, 'worker', kind);
  }

  private async setPaused(paused: boolean, scope: PauseScope, kind: string | undefined): Promise<PauseAnswer> {
    const meant = this.engines.meant(kind);
    await Promise.all(
      meant.map((running) => (scope === 'group' ? this.pauseGroup(running, paused) : pauseHere(running, paused))),
    );
    for (const { engine } of meant) engine.worker.reconsider();
    return { state: stateOf(meant[0].engine), scope, kinds: meant.map((running) => running.spec.kind) };
  }

  /** This worker need not wait for its next look to know what it did itself. */
  private async pauseGroup({ spec: { kind, queue }, engine }: RunningEngine, paused: boolean): Promise<void> {
    await engine.queue.pauseGroup(paused);
    engine.groupPause.note(paused);
    const event = { type: 'queue.changed', data: { kind, paused } } as const;
    // Not waited for: it only tells.
    void this.feed.append(queue.lanes.at(-1) as string, event).catch(() => undefined);
  }

  /** Where several kinds run, what concerns one is said with its name. */
  private ofEach(read: (engine: RunningEngine['engine']) => string[]): string[] {
    const { all } = this.engines;
    return all.flatMap(({ spec: { kind }, engine }) =>
      read(engine).map((sentence) => (all.length > 1 ? `${kind}: ${sentence}` : sentence)),
    );
  }
}

async function pauseHere({ engine }: RunningEngine, paused: boolean): Promise<void> {
  if (paused) engine.pause.pause();
  else engine.pause.resume();
}
