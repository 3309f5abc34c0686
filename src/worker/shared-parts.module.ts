import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { LOG, type Log } from '../log/log.js';
import { Metrics } from '../metrics/metrics.js';
import { GpuGuard } from './gpu/gpu-guard.js';
import { RedisOutages } from './watch/redis-outages.js';

const BYTES_PER_MB = 1024 * 1024;

/** What a process has once, however many engines it runs. */
@Module({
  providers: [
    {
      provide: GpuGuard,
      inject: [Config],
      useFactory: ({ gpu }: Config) => new GpuGuard(gpu.guard, gpu.minFreeBytes / BYTES_PER_MB),
    },
    {
      provide: RedisOutages,
      inject: [LOG, Metrics],
      useFactory: (log: Log, metrics: Metrics) => new RedisOutages(log, metrics),
    },
  ],
  exports: [GpuGuard, RedisOutages],
})
export class SharedPartsModule {}
