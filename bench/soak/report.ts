import { growthOf, KINDS, memoryAt, type Memory, type Sample } from './samples.js';
import type { Delay } from './soak.js';

/** Shares of the jobs after which memory is told: after 25, 50, 100 and 200 of 200. */
const MARKS = [0.125, 0.25, 0.5, 1];

/** Before this share of the jobs is done, caches and pools still fill. */
const WARM_FROM = 0.25;

/** How late the service's loop ran, over the last one to two minutes, and an idle one beside it meanwhile. ms */
interface Delays {
  service: Delay;
  idle: Delay;
}

/** What a soak showed. */
export interface Summary {
  jobs: number;
  /** After many small jobs and after four full ones. */
  delay: { small: Delays; full: Delays };
  /** Bytes at numbers of jobs. */
  memory: readonly Sample[];
  /** Bytes per job, once a quarter of them is done. */
  growth: Memory;
}

export function summaryOf(samples: readonly Sample[], delay: Summary['delay']): Summary {
  const jobs = samples.at(-1)?.jobs ?? 0;
  const reach = Math.max(2, Math.round(jobs / 40));
  const memory = MARKS.map((share) => Math.round(share * jobs)).map((at) => ({
    jobs: at,
    ...memoryAt(samples, at, reach),
  }));
  return { jobs, delay, memory, growth: growthOf(samples, WARM_FROM * jobs) };
}

export function print({ jobs, delay, memory, growth }: Summary): void {
  console.log('Delay of the event loop while four jobs run, ms:');
  console.table([
    row(`${jobs} of 320x180`, delay.small.service),
    row('  an idle loop beside it', delay.small.idle),
    row('four of 720p side by side', delay.full.service),
    row('  an idle loop beside it', delay.full.idle),
  ]);
  console.log('Memory, MB, and how it goes on from a quarter of the jobs, kB per job:');
  console.table([
    ...memory.map((sample) => ({ jobs: String(sample.jobs), ...cells(sample, 1e6) })),
    { jobs: 'growth', ...cells(growth, 1e3) },
  ]);
}

function row(jobs: string, { p50, p99, max }: Delay): Record<string, string> {
  return { jobs, p50: p50.toFixed(1), p99: p99.toFixed(1), max: max.toFixed(1) };
}

function cells(memory: Memory, unit: number): Record<string, string> {
  return Object.fromEntries(KINDS.map((kind) => [kind, (memory[kind] / unit).toFixed(1)]));
}
