import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { ArtifactStore } from './artifact-store.js';
import { FolderArtifactStore } from './folder.store.js';

/** Where artifacts go. */
@Module({
  providers: [
    {
      provide: ArtifactStore,
      inject: [Config],
      useFactory: ({ storage }: Config): ArtifactStore => new FolderArtifactStore(storage.directory),
    },
  ],
  exports: [ArtifactStore],
})
export class ArtifactsModule {}
