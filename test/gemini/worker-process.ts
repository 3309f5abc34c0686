import { questionAbout, PICTURE, SpreadWorker } from './spread-bench.js';
import type { BudgetedKey } from '../../src/gemini/budget/projects.js';
import { testEngine, testQueue, type TestStreams } from '../support/test-engine.js';

/** What a worker process is told in its first argument, as JSON. */
export interface WorkerPlan {
  readonly redis: string;
  readonly gemini: string;
  readonly streams: TestStreams;
  readonly keys: readonly BudgetedKey[];
  readonly windowMs: number;
  readonly marginMs: number;
}

// A worker as it ships, but for the job: ask Gemini about a picture, by the job's name.
const plan = JSON.parse(process.argv[2] as string) as WorkerPlan;
const { gemini } = new SpreadWorker(plan.redis, { url: plan.gemini }, plan.keys, plan);
const queue = testQueue(plan.redis, plan.streams);
const { worker } = testEngine(
  queue,
  async ({ jobId }, { signal }) => {
    await gemini.ask(questionAbout(PICTURE, jobId), signal);
  },
  { settings: { concurrency: 4 } },
);

process.once('SIGTERM', () => void stop());
worker.start();

async function stop(): Promise<void> {
  await worker.drain();
  await gemini.close();
  await queue.close();
}
