import type { BeforeApplicationShutdown, OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { RecordingKeeper } from './recording-keeper.js';
import type { Recordings } from './recordings.js';

const TIDY_EVERY_MS = 60_000;

/** Ties recording to the life of the process. */
export class RecordingService implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private stopped: Promise<void> | undefined;

  constructor(
    private readonly recordings: Recordings,
    private readonly keeper: RecordingKeeper,
  ) {}

  onApplicationBootstrap(): void {
    if (this.recordings.wanted === 0) return;
    this.recordings.start();
    this.timer = setInterval(() => void this.keeper.tidy(), TIDY_EVERY_MS);
    void this.keeper.tidy();
  }

  /** First hook of a stop: the sooner the cameras are given away, the less is missed. */
  onModuleDestroy(): void {
    clearInterval(this.timer);
    this.stopped = this.timer === undefined ? Promise.resolve() : this.recordings.stop();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.stopped;
  }
}
