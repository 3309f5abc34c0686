import { setTimeout as after } from 'node:timers/promises';
import type { ChaosOrder } from './chaos-job.js';
import { BOUNDARIES } from './crash.js';
import type { Field } from './field.js';
import type { Random } from './random.js';

/** What the suite's producer queued, by the ids of the entries. */
export interface Queued {
  jobs: Map<string, ChaosOrder>;
  unreadable: Set<string>;
}

/** What a worker's death left undone meets another death before its next run begins. */
export const TWO_DEATHS = ['after capture', 'before parse'] as const;

/** Every tenth job is urgent. */
const URGENT = 10;

/** Queues so many jobs of random length over so many ms, in random bursts, with one that crashes at each boundary and one that does twice. */
export async function produce(field: Field, count: number, overMs: number, random: Random): Promise<Queued> {
  const queued: Queued = { jobs: new Map(), unreadable: new Set() };
  for (let i = 0; i < count; i += 1) {
    const lane = i % URGENT === 0 ? field.streams.high : field.streams.stream;
    const order = orderFor(i, count, random);
    if (order === undefined) queued.unreadable.add(await field.add(['note', 'no job at all'], lane));
    else queued.jobs.set(await field.enqueue(order, lane), order);
    // Most come in bursts.
    if (random.next() < 0.2) await after((random.next() * 10 * overMs) / count);
  }
  return queued;
}

function orderFor(i: number, count: number, random: Random): ChaosOrder | undefined {
  const lengthMs = Math.round(lengthFor(i, random));
  const jobId = `job-${i}`;
  const crash = BOUNDARIES.findIndex((_boundary, at) => i === Math.floor(((at + 0.5) * count) / BOUNDARIES.length));
  if (crash >= 0) return { jobId, lengthMs, dieAt: BOUNDARIES.slice(crash, crash + 1) };
  if (i === 1) return { jobId, lengthMs, dieAt: TWO_DEATHS };
  if (i % 50 === 7) return undefined;
  if (i % 40 === 3) return { jobId, lengthMs, fails: 'for good' };
  if (i % 20 === 11) return { jobId, lengthMs, fails: 'once' };
  return { jobId, lengthMs };
}

/** Mostly short, some of seconds, a few longer than a lease. ms */
function lengthFor(i: number, random: Random): number {
  if (i % 100 === 50) return 7_000;
  return 30 + 2_500 * random.next() ** 2;
}
