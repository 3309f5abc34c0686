/** What is measured: an engine at a concurrency. */
export interface Setting {
  engine: EngineName;
  concurrency: number;
}

/** The engines that are compared. */
export const ENGINES = ['roadstream', 'bullmq', 'bare'] as const;
/** Our engine with jobs that publish a result, as real ones do, and with such jobs whose status was asked for. */
export const TELLING = ['published', 'tracked'] as const;
export type EngineName = (typeof ENGINES)[number] | (typeof TELLING)[number];

/** What one run of no-op jobs cost. CPU is µs per job. */
export interface ThroughputRun extends Setting {
  jobsPerSecond: number;
  workerCpuMicros: number;
  redisCpuMicros: number;
  /** Commands that Redis counted, those inside scripts included, per job. */
  commandsPerJob: number;
  /** Writes to a socket per job: what went out together counts once. */
  roundTripsPerJob: number;
}

/** What a job costs in front of a backlog. */
export interface BacklogRun {
  /** Entries that wait in the stream while the jobs run. */
  backlog: number;
  /** Pending entries that wait for a retry meanwhile. */
  waitingForRetry: number;
  workerCpuMicros: number;
  redisCpuMicros: number;
  /** Resident memory of the worker at the end, MB. */
  rssMb: number;
}

/** Enqueue-to-start latency at low load, ms. */
export interface LatencyRun {
  engine: EngineName;
  p50Ms: number;
  p99Ms: number;
}

/** The median of some numbers; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length % 2 === 1) return sorted[middle] as number;
  return ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** The value below which a share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
