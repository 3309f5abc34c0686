import { ENGINES, type EngineName, type LatencyRun, type ThroughputRun } from './measures.js';

/** One engine at one concurrency: medians over all rounds. Latency is measured at low load, once for each engine. */
export interface Row extends ThroughputRun {
  p50Ms: number;
  p99Ms: number;
}

type Middle = (values: readonly number[]) => number;

/** Brings the runs of all rounds together. */
export function toRows(throughput: readonly ThroughputRun[], latency: readonly LatencyRun[], middle: Middle): Row[] {
  const concurrencies = [...new Set(throughput.map(({ concurrency }) => concurrency))];
  return concurrencies.flatMap((concurrency) =>
    ENGINES.map((engine) => {
      const runs = throughput.filter((run) => run.engine === engine && run.concurrency === concurrency);
      const waits = latency.filter((run) => run.engine === engine);
      const of = (name: Exclude<keyof ThroughputRun, 'engine'>): number => middle(runs.map((run) => run[name]));
      return {
        ...{ engine, concurrency },
        jobsPerSecond: of('jobsPerSecond'),
        workerCpuMicros: of('workerCpuMicros'),
        redisCpuMicros: of('redisCpuMicros'),
        commandsPerJob: of('commandsPerJob'),
        roundTripsPerJob: of('roundTripsPerJob'),
        p50Ms: middle(waits.map(({ p50Ms }) => p50Ms)),
        p99Ms: middle(waits.map(({ p99Ms }) => p99Ms)),
      };
    }),
  );
}

/** Prints the table, and what counts: ratios of one run. */
export function printReport(rows: readonly Row[]): void {
  console.table(
    rows.map((row) => ({
      engine: row.engine,
      concurrency: row.concurrency,
      'jobs/s': Math.round(row.jobsPerSecond),
      'worker µs/job': round(row.workerCpuMicros),
      'redis µs/job': round(row.redisCpuMicros),
      'commands/job': round(row.commandsPerJob),
      'round trips/job': round(row.roundTripsPerJob),
      'p50 ms': round(row.p50Ms),
      'p99 ms': round(row.p99Ms),
    })),
  );
  for (const concurrency of [16, 64]) printRatios(rows, concurrency);
}

function printRatios(rows: readonly Row[], concurrency: number): void {
  const row = (engine: EngineName): Row =>
    rows.find((r) => r.engine === engine && r.concurrency === concurrency) as Row;
  const [own, bullmq, bare] = [row('roadstream'), row('bullmq'), row('bare')];
  console.log(`roadstream at ${concurrency}, as a ratio:`);
  console.log(
    `  worker CPU per job: ${round(own.workerCpuMicros / bullmq.workerCpuMicros)} of BullMQ's, ` +
      `${round(own.workerCpuMicros / bare.workerCpuMicros)} of the bare loop's`,
  );
  console.log(`  Redis CPU per job:  ${round(own.redisCpuMicros / bullmq.redisCpuMicros)} of BullMQ's`);
  console.log(`  jobs/s:             ${round(own.jobsPerSecond / bullmq.jobsPerSecond)} times BullMQ's`);
  console.log(`  latency p50:        ${round(own.p50Ms / bullmq.p50Ms)} of BullMQ's`);
}

/** What it costs to ask for the status of jobs: of jobs that publish a result, with and without. */
export function printTelling(runs: readonly ThroughputRun[], middle: Middle): void {
  for (const concurrency of new Set(runs.map((run) => run.concurrency))) {
    const of = (engine: EngineName, name: 'jobsPerSecond' | 'workerCpuMicros' | 'redisCpuMicros'): number =>
      middle(runs.filter((run) => run.engine === engine && run.concurrency === concurrency).map((run) => run[name]));
    const ratio = (name: Parameters<typeof of>[1]): number => round(of('tracked', name) / of('published', name));
    console.log(`jobs whose status was asked for, at ${concurrency}, of the same jobs without:`);
    console.log(
      `  jobs/s ${ratio('jobsPerSecond')}, worker CPU per job ${ratio('workerCpuMicros')}, ` +
        `Redis CPU per job ${ratio('redisCpuMicros')} (${round(of('published', 'redisCpuMicros'))} to ` +
        `${round(of('tracked', 'redisCpuMicros'))} µs)`,
    );
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
