import { setTimeout as after } from 'node:timers/promises';
import type { Field } from './field.js';
import type { Fleet, FleetMember } from './fleet.js';
import type { Outage } from './history.js';
import { monotonicMs } from './journal.js';
import type { Random } from './random.js';

/** All that goes wrong around the workers, one thing after another at random moments. */
export class Faults {
  readonly outages: Outage[] = [];
  killed = 0;

  constructor(
    private readonly field: Field,
    private readonly fleet: Fleet<FleetMember>,
    private readonly random: Random,
  ) {}

  /** Kills a worker that lives so many times, `gapMs` apart on average. */
  async kill(times: number, gapMs: number): Promise<void> {
    for (let i = 0; i < times; i += 1) {
      await after(gapMs * this.random.between(0.3, 1.7));
      const victim = this.random.pick(this.fleet.living);
      if (victim === undefined) continue;
      this.fleet.kill(victim);
      this.killed += 1;
      await victim.exited;
    }
  }

  /** Breaks every connection, then makes the line slow for a while. */
  async trouble(): Promise<void> {
    this.field.proxy.cut();
    await after(this.random.between(500, 1_500));
    this.field.proxy.slow(this.random.between(10, 40));
    await after(4_000);
    this.field.proxy.slow(0);
    this.field.proxy.cut();
  }

  /** Holds every byte back for so long. */
  stall(ms: number): Promise<void> {
    return this.during(() => this.field.proxy.stall(ms));
  }

  /** Kills Redis and starts it again after a while. */
  restartRedis(): Promise<void> {
    return this.during(async () => {
      await this.field.server.down('SIGKILL');
      await after(this.random.between(100, 2_900));
      await this.field.server.up();
    });
  }

  /** Stops Redis in its tracks for so long. */
  freezeRedis(ms: number): Promise<void> {
    return this.during(async () => {
      process.kill(this.field.server.pid, 'SIGSTOP');
      await after(ms);
      process.kill(this.field.server.pid, 'SIGCONT');
    });
  }

  private async during(outage: () => Promise<void>): Promise<void> {
    const from = monotonicMs();
    await outage();
    this.outages.push({ from, to: monotonicMs() });
  }
}
