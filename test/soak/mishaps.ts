import { setTimeout as after } from 'node:timers/promises';
import { Faults } from '../chaos/faults.js';
import type { Fleet } from '../chaos/fleet.js';
import type { Random } from '../chaos/random.js';
import type { ServiceMember } from './service-member.js';
import type { Stage } from './stage.js';

/** How far apart mishaps of one sort are on average, in a soak that is long enough. s */
const GAPS = { kill: 45, stop: 60, redis: 90, line: 120, swift: 60, gemini: 20 } as const;

export type Mishap = keyof typeof GAPS;

/** In a short soak every sort happens so many times at least. */
const TIMES = 3;

/** Everything that goes wrong around the workers, again and again at random moments. */
export class Mishaps {
  readonly counts: Record<Mishap, number> = { kill: 0, stop: 0, redis: 0, line: 0, swift: 0, gemini: 0 };
  private readonly faults: Faults;
  private stopping = new AbortController();
  private loops: Promise<unknown> = Promise.resolve();
  private redisIsFree: Promise<void> = Promise.resolve();

  constructor(
    private readonly stage: Stage,
    private readonly fleet: Fleet<ServiceMember>,
    private readonly random: Random,
    private readonly minutes: number,
  ) {
    this.faults = new Faults(stage.field, fleet, random);
  }

  start(): void {
    this.stopping = new AbortController();
    this.loops = Promise.all((Object.keys(GAPS) as Mishap[]).map((sort) => this.repeat(sort)));
  }

  /** Resolves when the last one is over and all is well again. */
  async pause(): Promise<void> {
    this.stopping.abort();
    await this.loops;
    this.stage.gemini.heal();
  }

  private async repeat(sort: Mishap): Promise<void> {
    const gapMs = 1_000 * Math.min(GAPS[sort], (60 * this.minutes) / TIMES / 1.5);
    for (;;) {
      const waited = after(gapMs * this.random.between(0.3, 1.7), undefined, { signal: this.stopping.signal });
      if (
        await waited.then(
          () => false,
          () => true,
        )
      )
        return;
      await this.play(sort);
      this.counts[sort] += 1;
    }
  }

  private play(sort: Mishap): Promise<void> | void {
    switch (sort) {
      case 'kill':
        return this.end((member) => this.fleet.kill(member));
      case 'stop':
        return this.end((member) => member.signal('SIGTERM'));
      case 'redis':
        return this.alone(() => this.faults.restartRedis());
      case 'line':
        return this.alone(() => this.faults.trouble());
      case 'swift':
        return this.swift();
      case 'gemini':
        return this.stage.gemini.fail(this.random.pick(['unavailable', 'reset', 'invalid-json', 'rate-limited'])!);
    }
  }

  /** Another one starts in its place. */
  private async end(how: (member: ServiceMember) => void): Promise<void> {
    const victim = this.random.pick(this.fleet.living);
    if (victim === undefined) return;
    how(victim);
    await victim.exited;
  }

  /** One trouble with Redis at a time. */
  private alone(play: () => Promise<void>): Promise<void> {
    return (this.redisIsFree = this.redisIsFree.then(play));
  }

  private async swift(): Promise<void> {
    await this.stage.swift.down();
    await after(this.random.between(500, 4_000));
    await this.stage.swift.up();
  }
}
