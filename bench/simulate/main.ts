import { setTimeout as after } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { RedisServer } from '../../test/support/redis-server.js';
import { Arrivals } from './arrivals.js';
import { Day } from './day.js';
import { Fleet } from './fleet.js';
import { Gauge } from './gauge.js';
import { planOf, type Plan } from './plan.js';
import { print, summaryOf, type Costs, type Summary } from './report.js';
import { VirtualClock } from './virtual-clock.js';

const NAMES = {
  lanes: ['stream:preprocess:high', 'stream:preprocess'],
  dlq: 'stream:preprocess:dlq',
  group: 'workers',
  results: 'stream:preprocess:results',
};

/** For so long the fleet is watched at rest. ms */
const REST_MS = 4_000;

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    ...{ cameras: text, workers: text, slots: text, hours: text, 'every-minutes': text },
    ...{ 'seconds-per-job': text, 'outage-minutes': text, 'recover-minutes': text },
  },
});

async function main(plan: Plan): Promise<Summary> {
  const startedAt = performance.now();
  const redis = await RedisServer.start();
  const clock = new VirtualClock();
  const gauge = new Gauge(redis.url);
  const arrivals = new Arrivals(plan, redis.url, NAMES);
  const fleet = new Fleet(plan, clock, redis.url, NAMES);
  try {
    await fleet.open();
    const restCpuMsPerSecond = await costOfRest(fleet, gauge);
    const before = await gauge.cpuMs();
    const sight = await new Day(plan, clock, arrivals, fleet, gauge, tellHour).run();
    const costs: Costs = {
      restCpuMsPerSecond,
      dayCpuMs: (await gauge.cpuMs()) - before,
      entriesBytes: await gauge.memoryOf(NAMES.lanes[1] as string),
      resultsBytes: await gauge.memoryOf(NAMES.results),
    };
    return summaryOf(plan, sight, costs, (performance.now() - startedAt) / 1_000);
  } finally {
    await fleet.close();
    await arrivals.close();
    await gauge.close();
    await redis.stop();
  }
}

/** On standard error: `--json` prints nothing else than that. */
function tellHour(hour: number, waiting: number): void {
  console.error(`${String(hour).padStart(2, '0')}:00, ${waiting} jobs wait`);
}

/** Redis' CPU for a fleet that waits for jobs, ms per second. */
async function costOfRest(fleet: Fleet, gauge: Gauge): Promise<number> {
  let cpuMs = 0;
  await fleet.rest(async () => {
    // The first looks come all at once.
    await after(1_000);
    const before = await gauge.cpuMs();
    await after(REST_MS);
    cpuMs = (await gauge.cpuMs()) - before;
  });
  return (cpuMs * 1_000) / REST_MS;
}

function wanted(): Plan {
  const { json: _json, ...given } = values;
  try {
    return planOf(given);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  }
}

const plan = wanted();
const summary = await main(plan);
if (values.json) console.log(JSON.stringify(summary));
else print(plan, summary);
