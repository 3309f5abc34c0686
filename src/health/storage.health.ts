import { Injectable } from '@nestjs/common';
import { HealthIndicatorService } from '@nestjs/terminus';
import { ArtifactStore } from '../artifacts/artifact-store.js';
import { WorkerService } from '../worker/worker.service.js';

/** Storage: up when a small artifact can be stored. Tried at most every ten seconds, and more seldom in an outage. */
@Injectable()
export class StorageHealth {
  constructor(
    private readonly indicator: HealthIndicatorService,
    private readonly store: ArtifactStore,
    private readonly worker: WorkerService,
  ) {}

  /** Degraded while it works, but is nearly full. */
  async check() {
    const check = this.indicator.check('storage');
    const { ok, isShort = false, message } = await this.store.check();
    if (!ok) return check.down(message);
    return isShort ? check.degraded(message) : check.up({ message });
  }

  /** Down in an outage, where jobs run: none could be finished. Tries nothing out. */
  ready() {
    const check = this.indicator.check('storage');
    const why = this.store.heldBackBecause();
    return why === undefined || this.worker.loops().length === 0 ? check.up() : check.down(why);
  }
}
