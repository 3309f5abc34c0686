import { describe, expect, it } from '@jest/globals';
import { recoverySeconds } from '../../bench/simulate/arithmetic.js';
import { Arrivals } from '../../bench/simulate/arrivals.js';
import { Day } from '../../bench/simulate/day.js';
import { Fleet } from '../../bench/simulate/fleet.js';
import { Gauge } from '../../bench/simulate/gauge.js';
import { planOf } from '../../bench/simulate/plan.js';
import { VirtualClock } from '../../bench/simulate/virtual-clock.js';
import { useRedis } from '../support/use-redis.js';

const NAMES = { lanes: ['jobs:high', 'jobs'], dlq: 'jobs:dlq', group: 'workers', results: 'results' };

const { server } = useRedis();

describe('a simulated day', () => {
  it('loses no job in an outage, and catches up with it as arithmetic says', async () => {
    const plan = planOf({ cameras: '120', workers: '1', slots: '3', hours: '4', 'outage-minutes': '30' });
    const clock = new VirtualClock();
    const arrivals = new Arrivals(plan, server.url, NAMES);
    const fleet = new Fleet(plan, clock, server.url, NAMES);
    const gauge = new Gauge(server.url);
    try {
      await fleet.open();
      const sight = await new Day(plan, clock, arrivals, fleet, gauge, () => undefined).run();
      expect(sight.jobs).toBe(4 * 120);
      // What had a slot when the day ended was given back, and is the rest.
      expect(sight.jobs - sight.completed - sight.waiting).toBeLessThanOrEqual(3);
      expect(sight.waiting).toBe(0);
      expect(sight.slots.most).toBe(3);
      // It grew until the workers came back.
      expect(sight.backlog.at).toBeGreaterThan(85 * 60);
      expect(sight.backlog.at).toBeLessThan(90 * 60);
      const recovered = (sight.emptyAgainAt ?? Infinity) - 90 * 60;
      // A dozen cameras more or less in these minutes.
      expect(Math.abs(recovered - (recoverySeconds(plan, 3) ?? 0))).toBeLessThan(600);
    } finally {
      await fleet.close();
      await arrivals.close();
      await gauge.close();
    }
  });
});
