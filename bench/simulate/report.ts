import { busySlots, memoryToBuy, recoverySeconds, slotsToBuy } from './arithmetic.js';
import type { Sight } from './day.js';
import type { Plan } from './plan.js';

/** What the day cost Redis. */
export interface Costs {
  /** Of the fleet with nothing to do, ms of CPU per second. */
  restCpuMsPerSecond: number;
  /** Of all jobs of the day, ms. */
  dayCpuMs: number;
  /** Memory of the entries of all jobs, and of all results. */
  entriesBytes: number;
  resultsBytes: number;
}

/** All that is known after a day. */
export interface Summary extends Sight {
  /** By arithmetic. */
  expected: { busySlots: number; recoverySeconds: number | null };
  /** How long the backlog took to go after the outage, s; null: it did not. */
  recoverySeconds: number | null;
  redisCpuMsPer1000Jobs: number;
  redisCpuMsPerSecondAtRest: number;
  buy: { slots: number; workers: number; redisMemoryMb: number };
  /** How long the simulation took, s of this machine's time. */
  tookSeconds: number;
}

const MB = 1024 * 1024;

export function summaryOf(plan: Plan, sight: Sight, costs: Costs, tookSeconds: number): Summary {
  const { jobs, completed, emptyAgainAt } = sight;
  const slots = slotsToBuy(plan);
  const { entriesBytes, resultsBytes } = costs;
  const held = {
    perEntry: entriesBytes / jobs,
    perResult: resultsBytes / completed,
    rest: Math.max(0, sight.memory.peak - entriesBytes - resultsBytes),
  };
  return {
    ...sight,
    expected: {
      busySlots: busySlots(plan),
      recoverySeconds: recoverySeconds(plan, plan.workers * plan.slotsPerWorker),
    },
    recoverySeconds: emptyAgainAt === null ? null : emptyAgainAt - plan.outageAt - plan.outageSeconds,
    redisCpuMsPer1000Jobs: (costs.dayCpuMs * 1_000) / completed,
    redisCpuMsPerSecondAtRest: costs.restCpuMsPerSecond,
    buy: {
      slots,
      workers: Math.ceil(slots / plan.slotsPerWorker),
      redisMemoryMb: Math.ceil(memoryToBuy(plan, held) / MB),
    },
    tookSeconds,
  };
}

export function print(plan: Plan, summary: Summary): void {
  const { backlog, expected, memory, slots, buy } = summary;
  const rows: [what: string, seen: string, expected?: string][] = [
    ['jobs', `${summary.jobs}, ${summary.completed} done, ${summary.waiting} wait at the end`],
    ['slots taken on average', slots.onAverage?.toFixed(1) ?? 'too short a day', expected.busySlots.toFixed(1)],
    ['slots taken at most', `${slots.most} of ${plan.workers * plan.slotsPerWorker}`],
    ['largest backlog', `${backlog.most} jobs at ${timeOf(backlog.at)}`],
    ['empty again', summary.emptyAgainAt === null ? 'not in this day' : `at ${timeOf(summary.emptyAgainAt)}`],
    ['recovery', minutesOf(summary.recoverySeconds), minutesOf(expected.recoverySeconds)],
    ['jobs given back at the outage', String(summary.released)],
    ['jobs/s in the best ten minutes', summary.peakJobsPerSecond.toFixed(2)],
    ['used_memory of Redis at its peak', `${mb(memory.peak)} MB (${mb(memory.before)} before the first job)`],
    ['CPU of Redis per 1000 jobs', `${summary.redisCpuMsPer1000Jobs.toFixed(0)} ms`],
    ['CPU of Redis for the fleet at rest', `${summary.redisCpuMsPerSecondAtRest.toFixed(1)} ms per second`],
  ];
  console.log(heading(plan));
  console.table(Object.fromEntries(rows.map(([what, seen, by = '']) => [what, { seen, 'by arithmetic': by }])));
  console.log(
    `What to buy: ${buy.slots} slots, that is ${buy.workers} workers with MAX_CONCURRENCY=${plan.slotsPerWorker}, and a ` +
      `Redis with a maxmemory of ${buy.redisMemoryMb} MB, to catch up with such an outage within ${plan.recoverSeconds / 60} min.`,
  );
  console.log(`The day took ${summary.tookSeconds.toFixed(0)} s of real time.`);
}

function heading(plan: Plan): string {
  return (
    `${plan.cameras} cameras every ${plan.everySeconds / 60} min, ${plan.secondsPerJob} s a job, ${plan.workers} workers of ` +
    `${plan.slotsPerWorker} slots; ${plan.hours} h, all workers away from ${timeOf(plan.outageAt)} for ${plan.outageSeconds / 60} min.`
  );
}

function timeOf(seconds: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${two(seconds / 3_600)}:${two((seconds / 60) % 60)}`;
}

function minutesOf(seconds: number | null): string {
  return seconds === null ? 'never' : `${Math.round(seconds / 60)} min`;
}

function mb(bytes: number): string {
  return (bytes / MB).toFixed(0);
}
