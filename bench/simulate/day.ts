import type { Arrivals } from './arrivals.js';
import type { Fleet } from './fleet.js';
import type { Gauge } from './gauge.js';
import { TICK_SECONDS, type Plan } from './plan.js';
import type { VirtualClock } from './virtual-clock.js';

/** Redis is asked for its memory this often. s */
const SAMPLE_SECONDS = 600;

/** A rate is told over this time: jobs that began together end together. s */
const STRETCH_SECONDS = 600;

/** What was seen in a day. Times in s since it began. */
export interface Sight {
  jobs: number;
  completed: number;
  /** Given back when the workers went; each ran again. */
  released: number;
  /** Most jobs that waited at once, and when. */
  backlog: { most: number; at: number };
  /** Jobs that waited at the end. */
  waiting: number;
  /** When nothing waited any more after the outage; null: not in this day. */
  emptyAgainAt: number | null;
  /** Jobs completed per second in the best ten minutes. */
  peakJobsPerSecond: number;
  /** Most slots that were taken at once, and how many on average from the second stroke of each camera to the outage; null: too short. */
  slots: { most: number; onAverage: number | null };
  /** `used_memory`, bytes. */
  memory: { before: number; peak: number };
}

/**
 * One day. The clock jumps from one event to the next, and stands still until all that an event brings has been done: so
 * the day is as long as it is, whatever the machine that simulates it.
 */
export class Day {
  private areAway = false;
  private emptyAgainAt: number | null = null;
  private released = 0;
  private readonly backlog = { most: 0, at: 0 };
  private readonly memory = { before: 0, peak: 0 };
  private mostSlots = 0;
  private readonly byStretch = new Map<number, number>();
  /** Slot seconds taken before the outage, the first of them left out: the fleet is empty then. */
  private taken = { seconds: 0, of: 0 };

  constructor(
    private readonly plan: Plan,
    private readonly clock: VirtualClock,
    private readonly arrivals: Arrivals,
    private readonly fleet: Fleet,
    private readonly gauge: Gauge,
    private readonly onHour: (hour: number, waiting: number) => void,
  ) {}

  async run(): Promise<Sight> {
    this.memory.before = await this.gauge.memory();
    this.fleet.start();
    const end = this.plan.hours * 3_600;
    for (let tick = 0; this.clock.now < end;) {
      const isTick = this.clock.now >= tick;
      if (isTick) tick += TICK_SECONDS;
      await this.event(isTick);
      this.go(Math.min(tick, this.clock.nextWake));
    }
    const waiting = this.waiting;
    await this.fleet.stop();
    return this.sight(waiting);
  }

  private get waiting(): number {
    return this.arrivals.added - this.fleet.completed - this.fleet.inHand;
  }

  private async event(isTick: boolean): Promise<void> {
    const { now } = this.clock;
    const before = this.fleet.completed;
    await this.fleet.finishDue();
    this.note(now, this.fleet.completed - before);
    if (isTick) {
      await this.comeAndGo(now);
      await this.arrivals.tick(now);
    }
    if (!this.areAway) await this.fleet.claim(this.waiting);
    this.look(now);
    if (isTick && now % 3_600 === 0) this.onHour(now / 3_600, this.waiting);
    if (isTick && now % SAMPLE_SECONDS === 0) this.memory.peak = Math.max(this.memory.peak, await this.gauge.memory());
  }

  private async comeAndGo(now: number): Promise<void> {
    const { outageAt, outageSeconds } = this.plan;
    const shouldBeAway = now >= outageAt && now < outageAt + outageSeconds;
    if (shouldBeAway === this.areAway) return;
    this.areAway = shouldBeAway;
    if (shouldBeAway) this.released = await this.fleet.stop();
    else this.fleet.start();
  }

  private note(now: number, completed: number): void {
    const stretch = Math.floor(now / STRETCH_SECONDS);
    this.byStretch.set(stretch, (this.byStretch.get(stretch) ?? 0) + completed);
  }

  private look(now: number): void {
    const { waiting } = this;
    if (waiting > this.backlog.most) Object.assign(this.backlog, { most: waiting, at: now });
    this.mostSlots = Math.max(this.mostSlots, this.fleet.inHand);
    const isOver = now >= this.plan.outageAt + this.plan.outageSeconds;
    if (isOver && waiting === 0) this.emptyAgainAt ??= now;
  }

  private go(to: number): void {
    const { now } = this.clock;
    if (now >= this.plan.everySeconds && now < this.plan.outageAt) {
      this.taken.seconds += (to - now) * this.fleet.inHand;
      this.taken.of += to - now;
    }
    this.clock.now = to;
  }

  private sight(waiting: number): Sight {
    return {
      ...{ waiting, backlog: this.backlog, emptyAgainAt: this.emptyAgainAt, memory: this.memory },
      jobs: this.arrivals.added,
      completed: this.fleet.completed,
      released: this.released,
      peakJobsPerSecond: Math.max(0, ...this.byStretch.values()) / STRETCH_SECONDS,
      slots: { most: this.mostSlots, onAverage: this.taken.of === 0 ? null : this.taken.seconds / this.taken.of },
    };
  }
}
