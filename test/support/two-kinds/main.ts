import { Module } from '@nestjs/common';
import { assessmentKind } from '../../../src/assessment/assessment.kind.js';
import { loadConfig } from '../../../src/config/config.js';
import { readEnvironment } from '../../../src/config/sources/environment.js';
import { JobHandler } from '../../../src/job/handler.js';
import { KINDS } from '../../../src/kinds.js';
import { startService } from '../../../src/service.js';
import { WaitingHandler } from './waiting.handler.js';

/** Stands in for what judges segments. */
@Module({
  providers: [{ provide: JobHandler, useFactory: () => new WaitingHandler() }],
  exports: [JobHandler],
})
class WaitingModule {}

const inspections = KINDS.filter(({ kind }) => kind === 'inspection');
await startService(loadConfig(readEnvironment()), [
  ...inspections,
  { kind: 'assessment', spec: assessmentKind, load: async () => WaitingModule },
]);
