import type { StepTiming } from '../../job/handler.js';
import type { Outcome } from '../../job/outcome.js';
import type { GroupRemade, Settlement, Tidying } from '../../queue/job-queue.js';
import type { JobRun } from './job-run.js';

/**
 * All that happens in a worker and is worth a log line or a number. One method an event; nothing else in the engine
 * logs or counts. Methods must not throw and must not take long.
 */
export interface WorkerEvents {
  started(run: JobRun): void;
  readonly stepFinished: (run: JobRun, timing: StepTiming) => void;
  failed(run: JobRun, error: unknown): void;
  /** A run is over. `gone`: Redis had lost its entry meanwhile. */
  settled(run: JobRun, outcome: Outcome, settlement: Settlement): void;
  settleFailed(run: JobRun, error: unknown): void;
  /** Redis lost the entry of a job in hand; the job goes on. Called once for a run. */
  entryGone(run: JobRun): void;
  /** Somebody destroyed the group, or its stream, and it was made anew. */
  groupRemade(remade: GroupRemade): void;
  rescued(count: number): void;
  /** Leases that look expired are left alone for a while, since Redis was away. Called once for a grace period. */
  graceBegan(): void;
  /** No lease was renewed for so long that jobs in hand may be lost. Called once until renewing works again. */
  leasesAtRisk(message: string): void;
  /** A producer's `MAXLEN`, or a person, removed entries that were delivered but not finished. */
  trimmed(entryIds: readonly string[]): void;
  /** A camera failed so often that its jobs wait from now on. */
  cameraDown(camera: string, failures: number): void;
  cameraBack(camera: string): void;
  tidied(tidying: Tidying): void;
  /** A producer writes where no worker reads. Called once for each such place, until it is gone. */
  producerMisdirected(warning: string): void;
  straysReleased(count: number): void;
  /** Redis cannot be reached or refuses. Called once for an outage. */
  redisLost(error: unknown): void;
  redisBack(afterMs: number): void;
  draining(inHand: number): void;
  drained(finished: boolean, leftInHand: number): void;
}
