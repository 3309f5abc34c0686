import { FolderArtifactStore } from '../../src/artifacts/folder/folder.store.js';
import { WatchedStore } from '../../src/artifacts/watched-store.js';
import { assemble, type Engine } from '../../src/worker/engine.js';
import { silentEvents } from '../support/silent-events.js';
import { GROUP, TEST_SETTINGS } from '../support/test-engine.js';
import { ChaosHandler } from './chaos-handler.js';
import { ChaosQueue } from './chaos-queue.js';
import { Crash } from './crash.js';
import { Journal } from './journal.js';
import type { WorkerPlan } from './worker-plan.js';

/** One worker: the engine as it ships, with a handler that keeps a journal. Ends at SIGTERM as the service does. */
const plan = JSON.parse(process.argv[2] ?? '') as WorkerPlan;
const journal = new Journal(plan.journal, plan.consumer);

function build(): Engine {
  const { visibilityMs, concurrency, graceMs, maxRetry } = plan;
  const crash = new Crash(plan.graves, journal);
  const handler = new ChaosHandler(openStore(), journal, crash, plan.publishes);
  const retry = { maxRetry, baseMs: 200, capMs: visibilityMs };
  const settings = { ...TEST_SETTINGS, concurrency, graceMs, retry, visibilityMs };
  return assemble(settings, openQueue(crash), handler, silentEvents());
}

function openStore(): WatchedStore {
  const unheard = { lost: () => undefined, back: () => undefined };
  return new WatchedStore(new FolderArtifactStore(plan.artifacts), unheard);
}

function openQueue(crash: Crash): ChaosQueue {
  const { streams, consumer, visibilityMs } = plan;
  const settings = {
    redis: { url: plan.redisUrl },
    names: { lanes: [streams.high, streams.stream], dlq: streams.dlq, results: streams.results, group: GROUP },
    ...{
      consumer,
      visibilityMs,
      retentionMs: 3_600_000,
      urgentCheckMs: 20,
      maxEntryBytes: 1_048_576,
      longestRunMs: 120_000,
    },
  };
  return new ChaosQueue(settings, journal, crash);
}

async function stop({ worker, queue }: Engine): Promise<void> {
  await worker.drain();
  await queue.close();
  journal.write({ kind: 'left', at: journal.now() });
  process.exit();
}

const engine = build();
engine.worker.start();
journal.write({ kind: 'ready', at: journal.now() });
process.once('SIGTERM', () => void stop(engine));
// Whoever started us is gone, killed by an impatient person perhaps.
process.once('disconnect', () => process.exit(1));
