import type { BeforeApplicationShutdown, OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { Log } from '../log/log.js';
import type { Repeating } from '../lib/repeating.js';

/** Ties the schedule to the life of the process. */
export class ScheduleService implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private stopped: Promise<unknown> = Promise.resolve();

  /** @param summary what is scheduled, a sentence each */
  constructor(
    private readonly schedules: readonly Repeating[],
    private readonly summary: readonly string[],
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    for (const sentence of this.summary) this.log.info(sentence);
    for (const schedule of this.schedules) schedule.start();
  }

  onModuleDestroy(): void {
    this.stopped = Promise.all(this.schedules.map((schedule) => schedule.stop()));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.stopped;
  }
}
