import type { Plan } from './plan.js';

type Load = Pick<Plan, 'cameras' | 'everySeconds' | 'secondsPerJob'>;

/** What Redis keeps after a job: its entry and its result, for so long each. h */
const ENTRY_HOURS = 24;
const RESULT_HOURS = 72;

/** Redis is to use at most so much of its `maxmemory`: a copy on write, a bad day. */
const MOST_OF_MEMORY = 2 / 3;

/** Slots that are taken on average when nothing waits: by Little, jobs per second times seconds per job. */
export function busySlots({ cameras, everySeconds, secondsPerJob }: Load): number {
  return (cameras / everySeconds) * secondsPerJob;
}

/** How long so many slots take to catch up after an outage, s; null when they never do. */
export function recoverySeconds(load: Load & Pick<Plan, 'outageSeconds'>, slots: number): number | null {
  const busy = busySlots(load);
  if (slots <= busy) return null;
  return (busy * load.outageSeconds) / (slots - busy);
}

/** The fewest slots that catch up after the outage within the time that the plan allows. */
export function slotsToBuy(plan: Load & Pick<Plan, 'outageSeconds' | 'recoverSeconds'>): number {
  // A slot beside those that are taken at any time: with none to spare a queue grows without end.
  const spare = Math.max(1, (busySlots(plan) * plan.outageSeconds) / plan.recoverSeconds);
  return Math.ceil(round(busySlots(plan) + spare));
}

/** What Redis held, bytes. */
export interface Held {
  /** Of one entry in the stream of jobs. */
  perEntry: number;
  /** Of one result. */
  perResult: number;
  /** All else. */
  rest: number;
}

/** Memory for Redis when entries are kept for a day and results for three, as they are unless set otherwise; bytes. */
export function memoryToBuy({ cameras, everySeconds }: Load, { perEntry, perResult, rest }: Held): number {
  const jobsPerHour = (cameras * 3_600) / everySeconds;
  const used = rest + jobsPerHour * (ENTRY_HOURS * perEntry + RESULT_HOURS * perResult);
  return used / MOST_OF_MEMORY;
}

/** Without what adding fractions leaves behind: 125.00000000000001 slots are 125. */
function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
