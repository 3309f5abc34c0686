import type { JobResult } from '../job/handler.js';
import type { PublishedResult } from './results-feed.js';
import type { Judgement } from './risk.js';

/** What is remembered of one camera. */
export interface CameraRecord {
  cctvId: string;
  /** The newest inspection that finished, as it was published; undefined before the first. */
  inspection: JobResult | undefined;
  /** The newest assessment, by the time it is about. */
  assessment: JobResult | undefined;
  /** The assessments that count for its risk. */
  judgements: Judgement[];
}

/** What one worker did. */
export interface WorkerTotals {
  worker: string;
  jobs: number;
  /** Mean duration of a job, ms. */
  meanMs: number;
  /** ms since the epoch */
  lastAt: number;
}

/**
 * What clients see of cameras, made of the results that jobs publish. A result is noted and marked done in one atomic
 * step, so it counts once however often it comes.
 */
export abstract class CameraLedger {
  /** Notes a finished inspection; an older one than the last does not replace it. */
  abstract noteInspection(result: PublishedResult): Promise<void>;

  /** Notes a finished assessment: one for each camera and segment, the last wins. */
  abstract noteAssessment(result: PublishedResult): Promise<void>;

  /** Cameras, those heard of most recently first. */
  abstract list(limit: number): Promise<CameraRecord[]>;

  /** One camera; undefined when nothing was ever heard of it. */
  abstract get(cctvId: string): Promise<CameraRecord | undefined>;

  /** The assessments that finished last, newest first. */
  abstract lastAssessments(limit: number): Promise<JobResult[]>;

  /** What each worker assessed lately, busiest first. */
  abstract assessmentTotals(): Promise<WorkerTotals[]>;
}
