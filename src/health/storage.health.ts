import { Injectable } from '@nestjs/common';
import { HealthIndicatorService } from '@nestjs/terminus';
import { ArtifactStore } from '../artifacts/artifact-store.js';

const REMEMBERED_MS = 10_000;

/** Storage: up when a small artifact can be stored. Tried at most every ten seconds. */
@Injectable()
export class StorageHealth {
  constructor(
    private readonly indicator: HealthIndicatorService,
    private readonly store: ArtifactStore,
  ) {}

  check() {
    return this.indicator
      .check('storage')
      .attempt(async () => {
        const { ok, message } = await this.store.check();
        if (!ok) throw new Error(message);
        return { message };
      })
      .cacheFor(REMEMBERED_MS);
  }
}
