import { Module } from '@nestjs/common';
import { ArtifactStore } from '../../artifacts/artifact-store.js';
import { ArtifactsModule } from '../../artifacts/artifacts.module.js';
import { Config } from '../../config/config.js';
import { LedgerModule } from '../../ledger/ledger.module.js';
import { RecordedSegments } from './recorded-segments.js';
import { RecordedController } from './recorded.controller.js';
import { SegmentJudgements } from './segment-judgements.js';

/** What was recorded, over HTTP: also where nothing is recorded, since the folder may be shared. */
@Module({
  imports: [LedgerModule, ArtifactsModule],
  controllers: [RecordedController],
  providers: [
    {
      provide: RecordedSegments,
      inject: [Config],
      useFactory: ({ segments }: Config) => new RecordedSegments(segments.directory, segments.stableMs),
    },
    {
      provide: SegmentJudgements,
      inject: [ArtifactStore],
      useFactory: (store: ArtifactStore) => new SegmentJudgements(store),
    },
  ],
})
export class RecordedModule {}
