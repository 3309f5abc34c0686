/** A city's day, as it is asked for. Times in s. */
export interface Plan {
  cameras: number;
  workers: number;
  /** Jobs at once of each worker: `MAX_CONCURRENCY`. */
  slotsPerWorker: number;
  hours: number;
  everySeconds: number;
  /** For so long a job has its slot. */
  secondsPerJob: number;
  /** For so long all workers are away. */
  outageSeconds: number;
  /** A third of the day is over when they go. */
  outageAt: number;
  /** What a fleet to buy has to catch up within after such an outage. */
  recoverSeconds: number;
}

/** The schedule looks at its clock this often. s */
export const TICK_SECONDS = 5;

/** The options with what each is unless said; a test holds them against the README. */
export const DEFAULTS = {
  cameras: 10_000,
  workers: 40,
  slots: 4,
  hours: 24,
  'every-minutes': 60,
  'seconds-per-job': 45,
  'outage-minutes': 60,
  'recover-minutes': 120,
} as const;

export type Option = keyof typeof DEFAULTS;

/** What each may be: a worker of the simulation holds a thread and three connections, and a day is held in memory. */
const BOUNDS: Readonly<Record<Option, readonly [min: number, max: number]>> = {
  cameras: [1, 100_000],
  workers: [1, 100],
  slots: [1, 64],
  hours: [1, 72],
  'every-minutes': [1, 1_440],
  'seconds-per-job': [1, 3_600],
  'outage-minutes': [0, 720],
  'recover-minutes': [1, 1_440],
};

/** @throws Error a sentence that names the option, when one is no whole number within its bounds */
export function planOf(given: Partial<Record<Option, string | undefined>>): Plan {
  const whole = (name: Option): number => {
    const [min, max] = BOUNDS[name];
    const value = Number(given[name] ?? DEFAULTS[name]);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    throw new Error(`--${name} must be a whole number from ${min} to ${max}, not "${given[name]}".`);
  };
  const hours = whole('hours');
  const outageSeconds = whole('outage-minutes') * 60;
  const outageAt = Math.floor(hours / 3) * 3_600;
  if (outageAt + outageSeconds > hours * 3_600)
    throw new Error(`--outage-minutes must end within the day: it begins after ${outageAt / 3_600} of ${hours} hours.`);
  return {
    ...{ hours, outageSeconds, outageAt },
    cameras: whole('cameras'),
    workers: whole('workers'),
    slotsPerWorker: whole('slots'),
    everySeconds: whole('every-minutes') * 60,
    secondsPerJob: whole('seconds-per-job'),
    recoverSeconds: whole('recover-minutes') * 60,
  };
}
