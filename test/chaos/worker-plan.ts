import type { TestStreams } from '../support/test-engine.js';

/** All that a worker process of the chaos suite is told. It travels as JSON on the command line. Times in ms. */
export interface WorkerPlan {
  redisUrl: string;
  streams: TestStreams;
  consumer: string;
  concurrency: number;
  visibilityMs: number;
  graceMs: number;
  maxRetry: number;
  /** Whether every job publishes a result; left out: none does. */
  publishes?: boolean;
  /** How wrong the worker's clock is. */
  clockOffMs?: number;
  /** The file to which every worker writes what it does. */
  journal: string;
  /** The folder in which artifacts are stored. */
  artifacts: string;
  /** The folder that remembers which jobs have had their crash. */
  graves: string;
}
