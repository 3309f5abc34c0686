import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config/config.js';
import { LOG, type Log } from '../log/log.js';
import { Metrics } from '../metrics/metrics.js';
import { ArtifactStore } from './artifact-store.js';
import { LoggedOutages } from './logged-outages.js';
import { openStore } from './open-store.js';
import { WatchedStore } from './watched-store.js';

/** Where artifacts go. */
@Module({
  providers: [
    { provide: WatchedStore, inject: [Config, LOG, Metrics], useFactory: openWatched },
    { provide: ArtifactStore, useExisting: WatchedStore },
  ],
  exports: [ArtifactStore],
})
export class ArtifactsModule implements OnApplicationShutdown {
  constructor(@Inject(WatchedStore) private readonly store: WatchedStore) {}

  onApplicationShutdown(): void {
    this.store.stop();
  }
}

/** Tried out before anything is claimed: a store that is away at the start holds jobs back from the first one on. */
async function openWatched({ storage }: Config, log: Log, metrics: Metrics): Promise<WatchedStore> {
  const store = new WatchedStore(await openStore(storage), new LoggedOutages(log, metrics));
  await store.check();
  return store;
}
