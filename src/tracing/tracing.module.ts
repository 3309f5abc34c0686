import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config/config.js';
import { LibraryMissingError } from '../lib/optional-library.js';
import { LOG, type Log } from '../log/log.js';
import { openTracer } from './open-tracer.js';
import { NoTracer, Tracer } from './tracer.js';

/** Traces of what a process does, for everybody; what is left is sent when all jobs have ended. */
@Global()
@Module({
  providers: [{ provide: Tracer, inject: [Config, LOG], useFactory: open }],
  exports: [Tracer],
})
export class TracingModule implements OnApplicationShutdown {
  constructor(@Inject(Tracer) private readonly tracer: Tracer) {}

  async onApplicationShutdown(): Promise<void> {
    await this.tracer.close();
  }
}

/** The variable is everybody's, and a platform may set it for all that runs there: no reason not to do our work. */
async function open({ tracing }: Config, log: Log): Promise<Tracer> {
  try {
    return await openTracer(tracing, log);
  } catch (error) {
    if (!(error instanceof LibraryMissingError)) throw error;
    log.warn({ code: error.code }, `${error.message}; jobs run, and are not traced`);
    return new NoTracer();
  }
}
