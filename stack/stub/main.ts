import { Module } from '@nestjs/common';
import { loadConfig } from '../../src/config/config.js';
import { readEnvironment } from '../../src/config/sources/environment.js';
import type { InspectionJob } from '../../src/inspection/inspection-job.js';
import { InspectionModule } from '../../src/inspection/inspection.module.js';
import { JobHandler } from '../../src/job/handler.js';
import { KINDS } from '../../src/kinds.js';
import { startService } from '../../src/service.js';
import { StubHandler } from './stub.handler.js';

const REAL = Symbol('REAL');

/** The real handler, under another name. */
@Module({
  imports: [InspectionModule],
  providers: [{ provide: REAL, useExisting: JobHandler }],
  exports: [REAL],
})
class RealModule {}

/** Inspections, of which those of stub cameras watch nothing. */
@Module({
  imports: [RealModule],
  providers: [
    { provide: JobHandler, inject: [REAL], useFactory: (real: JobHandler<InspectionJob>) => new StubHandler(real) },
  ],
  exports: [JobHandler],
})
class StubModule {}

const kinds = KINDS.map((kind) => (kind.kind === 'inspection' ? { ...kind, load: async () => StubModule } : kind));
await startService(loadConfig(readEnvironment()), kinds);
