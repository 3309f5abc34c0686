import { Global, Module } from '@nestjs/common';
import { EventLoopDelay } from './event-loop-delay.js';
import { Metrics } from './metrics.js';

/** Every metric of the service, for everybody. */
@Global()
@Module({
  providers: [
    Metrics,
    {
      provide: EventLoopDelay,
      useFactory: () => {
        const delay = new EventLoopDelay();
        delay.start();
        return delay;
      },
    },
  ],
  exports: [Metrics, EventLoopDelay],
})
export class MetricsModule {}
