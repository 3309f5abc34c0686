import type { Budgets, Reservation } from '../../src/gemini/budget/budgets.js';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pacificDays } from '../../src/gemini/budget/pacific-days.js';
import { BudgetBench, budgetedKey } from './budget-bench.js';
import { useRedis } from '../support/use-redis.js';

const MINUTE_MS = 60_000;
const LONGEST_MS = 5 * MINUTE_MS;
/** Shortly before midnight in Los Angeles, so that days matter. */
const START = Date.parse('2026-06-01T06:50:00Z');
const LIMITS = { rpm: 3, tpm: 1_000, rpd: 6 };

/** One question: when it comes, how long until it arrives at Google, how long until it is settled, and how it ends. */
interface Plan {
  comesAt: number;
  travels: number;
  takes: number;
  tokens: number;
  ends: 'settled' | 'lost' | 'given back';
}

const plans = fc.array(
  fc.record<Plan>({
    comesAt: fc.integer({ min: 0, max: 20 * MINUTE_MS }),
    travels: fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 0, max: LONGEST_MS / 2 })),
    takes: fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: LONGEST_MS / 2 })),
    tokens: fc.integer({ min: 1, max: 700 }),
    ends: fc.oneof(
      { weight: 8, arbitrary: fc.constant('settled' as const) },
      { weight: 1, arbitrary: fc.constant('lost' as const) },
      { weight: 1, arbitrary: fc.constant('given back' as const) },
    ),
  }),
  { minLength: 20, maxLength: 60 },
);

interface Arrival {
  project: string;
  at: number;
  tokens: number;
}

/** A world in which time passes from event to event. */
class Simulation {
  readonly arrivals: Arrival[] = [];
  /** Questions that found no room; each comes again when it was told to. */
  refusals = 0;
  private readonly events: { at: number; happens: () => Promise<void> }[] = [];

  constructor(
    private readonly bench: BudgetBench,
    private readonly workers: readonly Budgets[],
  ) {}

  async run(all: readonly Plan[], until: number): Promise<void> {
    all.forEach((plan, i) => this.at(START + plan.comesAt, () => this.comes(plan, i)));
    for (;;) {
      this.events.sort((a, b) => a.at - b.at);
      const next = this.events.shift();
      if (next === undefined || next.at > until) return;
      await this.bench.setTime(next.at);
      await next.happens();
    }
  }

  private at(at: number, happens: () => Promise<void>): void {
    this.events.push({ at, happens });
  }

  private async comes(plan: Plan, i: number): Promise<void> {
    const budgets = this.workers[i % this.workers.length] as Budgets;
    const { reservation, standing } = await budgets.reserve({ model: this.bench.model, tokens: plan.tokens });
    if (reservation !== undefined) return this.goes(plan, reservation, budgets);
    this.refusals += 1;
    expect(standing.opensInMs).toBeGreaterThan(0);
    this.at(this.bench.now + (standing.opensInMs as number), () => this.comes(plan, i));
  }

  private async goes(plan: Plan, reservation: Reservation, budgets: Budgets): Promise<void> {
    const arrives = this.bench.now + plan.travels;
    if (plan.ends === 'given back') return this.at(arrives, () => budgets.giveBack(reservation));
    this.at(arrives, async () => {
      this.arrivals.push({ project: reservation.key.project, at: arrives, tokens: plan.tokens });
    });
    if (plan.ends === 'settled') this.at(arrives + plan.takes, () => budgets.settle(reservation, plan.tokens));
  }
}

/** The most of something in any window of so many ms that begins at an arrival. */
function most(arrivals: readonly Arrival[], windowMs: number, of: (arrival: Arrival) => number): number {
  const sums = arrivals.map(({ at }) =>
    arrivals.filter((other) => other.at >= at && other.at < at + windowMs).reduce((sum, other) => sum + of(other), 0),
  );
  return Math.max(0, ...sums);
}

function mostADay(arrivals: readonly Arrival[]): number {
  const days = new Map<number | undefined, number>();
  for (const { at } of arrivals) days.set(pacificDays(at)[1], (days.get(pacificDays(at)[1]) ?? 0) + 1);
  return Math.max(0, ...days.values());
}

const { server } = useRedis();

describe('whatever comes when, takes however long and ends however', () => {
  it('no project gets more in any minute or day than it may, and every question gets through', async () => {
    let refusals = 0;
    const property = fc.asyncProperty(plans, async (all) => {
      const bench = new BudgetBench(server);
      const keys = [budgetedKey('a', LIMITS), budgetedKey('b', LIMITS)];
      const workers = [1, 2].map(() => bench.workerOutOfTime(keys, { longestRequestMs: LONGEST_MS }));
      const simulation = new Simulation(bench, workers);
      // Days enough: what one has no room for gets through on another.
      await simulation.run(all, START + 8 * 24 * 60 * MINUTE_MS);
      await bench.close();
      refusals += simulation.refusals;

      for (const project of ['a', 'b']) {
        const arrivals = simulation.arrivals.filter((arrival) => arrival.project === project);
        expect(most(arrivals, MINUTE_MS, () => 1)).toBeLessThanOrEqual(LIMITS.rpm);
        expect(most(arrivals, MINUTE_MS, ({ tokens }) => tokens)).toBeLessThanOrEqual(LIMITS.tpm);
        expect(mostADay(arrivals)).toBeLessThanOrEqual(LIMITS.rpd);
      }
      expect(simulation.arrivals).toHaveLength(all.filter(({ ends }) => ends !== 'given back').length);
    });
    await fc.assert(property, { numRuns: 60, interruptAfterTimeLimit: 90_000 });
    expect(refusals).toBeGreaterThan(0);
  }, 120_000);
});
