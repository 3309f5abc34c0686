import { afterEach } from '@jest/globals';
import type { RedisSettings } from '../../src/redis/connection.js';
import { HeldWorker, type HeldSettings } from './held-worker.js';
import type { RedisServer } from './redis-server.js';
import type { TestStreams } from './test-engine.js';

/** How a worker of a suite differs from the others. */
interface Differences extends HeldSettings {
  /** Another Redis than the suite's, or another way to it. */
  redis?: string | RedisSettings;
  /** Not streams of its own. */
  streams?: TestStreams;
}

/** Workers of a suite on its server: each is stopped after the test that made it. */
export function useHeldWorkers(server: RedisServer): {
  make: (differences?: Differences) => HeldWorker;
  start: (differences?: Differences) => HeldWorker;
} {
  const workers: HeldWorker[] = [];
  afterEach(() => Promise.all(workers.splice(0).map((worker) => worker.stop())));

  function make({ redis = server.url, streams, ...settings }: Differences = {}): HeldWorker {
    const worker = new HeldWorker(redis, streams, settings);
    workers.push(worker);
    return worker;
  }

  return { make, start: (differences) => make(differences).start() };
}
