import { Injectable } from '@nestjs/common';
import { HealthIndicatorService } from '@nestjs/terminus';
import { WorkerService, type LoopState } from '../worker/worker.service.js';

/** The loop goes round at least every few seconds, even when Redis hangs; past this it is stuck. ms */
const STUCK_AFTER_MS = 60_000;

/** The worker's loops, one for each kind of job: their heartbeat, and whether they drain. */
@Injectable()
export class WorkerHealth {
  constructor(
    private readonly indicator: HealthIndicatorService,
    private readonly worker: WorkerService,
  ) {}

  /** Down when a loop no longer goes round. A drain or a pause is no illness. */
  live() {
    const check = this.indicator.check('worker');
    const stuck = this.stuck();
    if (stuck.length > 0) return check.down(stuck.map(stuckSentence).join(' '));
    const beats = this.worker.loops().map(({ beatMs }) => beatMs);
    return beats.length === 0 ? check.up() : check.up({ beatMs: Math.max(...beats) });
  }

  /** Down while the worker drains, or Redis refuses what it needs to claim and settle: send nothing new here. Degraded while producers write where it does not read. */
  ready() {
    const check = this.indicator.check('worker');
    if (this.worker.isDraining) return check.down('The worker is draining.');
    const blocked = this.worker.blockedBecause();
    if (blocked.length > 0) return check.down(blocked.join(' '));
    const misdirected = this.worker.misdirectedProducers();
    return misdirected.length > 0 ? check.degraded(misdirected.join(' ')) : check.up();
  }

  /** Down when stuck; degraded while jobs are not claimed for a reason, or go where no worker finds them. */
  state() {
    if (this.stuck().length > 0) return this.live();
    if (this.worker.blockedBecause().length > 0) return this.ready();
    const { worker } = this;
    const warnings = [...worker.leasesAtRisk(), ...worker.heldBackBecause(), ...worker.misdirectedProducers()];
    if (warnings.length > 0) return this.indicator.check('worker').degraded(warnings.join(' '));
    return worker.isDraining ? this.ready() : this.live();
  }

  private stuck(): LoopState[] {
    if (this.worker.isDraining) return [];
    return this.worker.loops().filter(({ beatMs, isRedisAway }) => beatMs > STUCK_AFTER_MS && !isRedisAway);
  }
}

function stuckSentence({ kind, beatMs }: LoopState): string {
  return `The worker loop for ${kind} jobs has stood still for ${Math.round(beatMs / 1_000)} s.`;
}
