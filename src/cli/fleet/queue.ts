import { loadConfig } from '../../config/config.js';
import { readEnvironment } from '../../config/sources/environment.js';
import { specsOf } from '../../kinds.js';
import { AllQueueNumbers, type KindCount } from '../../queue/numbers/all-numbers.js';
import type { LaneNumbers } from '../../queue/numbers/lane-numbers.js';
import { RedisClock } from '../../redis/redis-clock.js';
import { withQueue } from '../with-queue.js';

/** Prints the numbers of each stream, and the dead letters by code. */
export function queue(kind?: string): Promise<void> {
  const config = loadConfig(readEnvironment());
  return withQueue(config, async ({ connection }) => {
    const clock = new RedisClock();
    await clock.set(connection);
    for (const count of await new AllQueueNumbers(specsOf(config), connection, clock).read(kind)) print(count);
  });
}

function print({ spec, lanes, deadLetters: { total, byCode } }: KindCount): void {
  const demand = lanes.reduce((sum, lane) => sum + lane.demand, 0);
  console.log(`${spec.kind}  demand ${demand}`);
  for (const lane of lanes) console.log(`  ${lineOf(lane)}`);
  const codes = Object.entries(byCode).map(([code, count]) => `${code} ${count}`);
  console.log(`  ${[`dead letters ${total}`, ...codes].join('  ')}`);
}

function lineOf({ stream, undelivered, running, waiting, oldestUndeliveredMs }: LaneNumbers): string {
  const oldest =
    oldestUndeliveredMs === undefined ? '' : `oldest undelivered ${Math.round(oldestUndeliveredMs / 1_000)} s`;
  return [stream, `undelivered ${undelivered}`, `running ${running}`, `waiting ${waiting}`, oldest]
    .join('  ')
    .trimEnd();
}
