import { writeSync } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';
import { PermanentStepError } from '../../src/job/errors.js';
import { testEngine, testQueue, type TestStreams } from '../support/test-engine.js';

/** What {@link Fleet} tells a worker. */
export interface WorkerPlan {
  url: string;
  streams: TestStreams;
  name: string;
}

/** One worker: the engine as it ships. It writes the name of every job that it has done on a line of its own. */
const { url, streams, name } = JSON.parse(process.argv[2] ?? '') as WorkerPlan;
const { worker, queue } = testEngine(
  testQueue(url, streams, name),
  async ({ jobId, fields }) => {
    await after(Number(fields.ms));
    if (fields.hopeless === 'yes') throw new PermanentStepError('HLS_NOT_FOUND', 'The camera is gone.');
    writeSync(1, `${jobId}\n`);
  },
  { settings: { concurrency: 4 } },
);
worker.start();

process.once('SIGTERM', () => {
  void worker
    .drain()
    .then(() => queue.close())
    .then(() => process.exit());
});
// Whoever started us is gone, killed by an impatient person perhaps.
process.once('disconnect', () => process.exit(1));
