import type { BeforeApplicationShutdown, OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { RecordingKeeper } from './recording-keeper.js';
import type { Recordings } from './recordings.js';
import { Repeating, UNTOLD } from '../lib/repeating.js';

const TIDY_EVERY_MS = 60_000;

/** Ties recording to the life of the process. */
export class RecordingService implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly tidying: Repeating;
  private stopped: Promise<void> | undefined;

  constructor(
    private readonly recordings: Recordings,
    keeper: RecordingKeeper,
  ) {
    this.tidying = new Repeating(() => keeper.tidy(), { everyMs: TIDY_EVERY_MS, events: UNTOLD });
  }

  onApplicationBootstrap(): void {
    if (this.recordings.wanted === 0) return;
    this.recordings.start();
    this.tidying.start();
  }

  /** First hook of a stop: the sooner the cameras are given away, the less is missed. */
  onModuleDestroy(): void {
    this.stopped = this.tidying.isOn ? this.recordings.stop() : Promise.resolve();
    void this.tidying.stop();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.stopped;
  }
}
