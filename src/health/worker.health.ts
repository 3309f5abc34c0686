import { Injectable } from '@nestjs/common';
import { HealthIndicatorService } from '@nestjs/terminus';
import { WorkerService } from '../worker/worker.service.js';

/** The loop goes round at least every few seconds, even when Redis hangs; past this it is stuck. ms */
const STUCK_AFTER_MS = 60_000;

/** The worker's loop: its heartbeat, and whether it drains. */
@Injectable()
export class WorkerHealth {
  constructor(
    private readonly indicator: HealthIndicatorService,
    private readonly worker: WorkerService,
  ) {}

  /** Down when the loop no longer goes round. A drain or a pause is no illness. */
  live() {
    const check = this.indicator.check('worker');
    const { beatMs } = this;
    if (this.isStuck) return check.down(`The worker loop has stood still for ${Math.round(beatMs / 1_000)} s.`);
    return check.up({ beatMs });
  }

  /** Down while the worker drains: send nothing new here. Degraded while producers write where it does not read. */
  ready() {
    const check = this.indicator.check('worker');
    if (this.worker.isDraining) return check.down('The worker is draining.');
    const astray = this.worker.producersAstray;
    return astray.length > 0 ? check.degraded(astray.join(' ')) : check.up();
  }

  /** Down when stuck; degraded while nothing is claimed for a reason, or jobs go where no worker finds them. */
  state() {
    if (this.isStuck) return this.live();
    const { leasesAtRisk, producersAstray } = this.worker;
    const warnings = [leasesAtRisk ?? [], this.worker.heldBackBecause(), producersAstray].flat();
    if (warnings.length > 0) return this.indicator.check('worker').degraded(warnings.join(' '));
    return this.worker.isDraining ? this.ready() : this.live();
  }

  private get beatMs(): number {
    return Date.now() - this.worker.beatAt;
  }

  private get isStuck(): boolean {
    return this.beatMs > STUCK_AFTER_MS && !this.worker.isDraining && !this.worker.isRedisAway;
  }
}
