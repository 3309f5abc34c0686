import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { ArtifactStore } from './artifact-store.js';
import { openStore } from './open-store.js';

/** Where artifacts go. */
@Module({
  providers: [{ provide: ArtifactStore, inject: [Config], useFactory: ({ storage }: Config) => openStore(storage) }],
  exports: [ArtifactStore],
})
export class ArtifactsModule {}
