import { Module } from '@nestjs/common';
import { ENGINES } from '../../../src/app.module.js';
import { loadConfig } from '../../../src/config/config.js';
import { readEnvironment } from '../../../src/config/environment.js';
import { JobHandler } from '../../../src/job/handler.js';
import { startService } from '../../../src/service.js';
import { WaitingHandler } from './waiting.handler.js';

/** Stands in for what judges segments. */
@Module({
  providers: [{ provide: JobHandler, useFactory: () => new WaitingHandler() }],
  exports: [JobHandler],
})
class WaitingModule {}

const inspections = ENGINES.filter(({ kind }) => kind === 'inspection');
await startService(loadConfig(readEnvironment()), [
  ...inspections,
  { kind: 'assessment', role: 'assess', module: WaitingModule },
]);
