import { Module } from '@nestjs/common';
import { JobHandler } from '../../../src/job/handler.js';
import { WaitingHandler } from '../two-kinds/waiting.handler.js';

/** Exports the handler. */
@Module({
  providers: [{ provide: JobHandler, useFactory: () => new WaitingHandler('errand') }],
  exports: [JobHandler],
})
export class ErrandModule {}
