import { setTimeout as after } from 'node:timers/promises';
import { Fleet } from '../chaos/fleet.js';
import { History } from '../chaos/history.js';
import { Random } from '../chaos/random.js';
import { eventually } from '../support/eventually.js';
import { Calls } from './calls.js';
import { Endings } from './endings.js';
import { Load } from './load.js';
import { LogJournal } from './log-journal.js';
import { Mishaps } from './mishaps.js';
import { Resting, type Rest } from './rest.js';
import { ServiceMember } from './service-member.js';
import type { Stage } from './stage.js';
import { VISIBILITY_SECONDS } from './stage.js';
import type { Summary } from './summary.js';

/** Workers that are killed and stopped; beside them one lives all along, whose numbers are judged. */
const RESTARTED = 2;
/** Before the first rest, so that what every worker loads once is there. */
const WARM_UP_JOBS = 25;
const WARM_UP_WITHIN_MS = 300_000;

/** Everything at once for so long. */
export class Soak {
  private readonly journal = new LogJournal();
  private readonly endings: Endings;
  private readonly load: Load;
  private readonly steady: Fleet<ServiceMember>;
  private readonly restarted: Fleet<ServiceMember>;
  private readonly mishaps: Mishaps;
  private readonly resting: Resting;
  private readonly stuck = new Set<string>();
  private readonly rests: Rest[] = [];
  private calls: Calls | undefined;

  constructor(
    private readonly stage: Stage,
    private readonly minutes: number,
    private readonly seed: number,
  ) {
    this.endings = new Endings(stage);
    this.load = new Load(stage, this.endings, new Random(seed));
    this.steady = this.fleet();
    this.restarted = this.fleet();
    this.mishaps = new Mishaps(stage, this.restarted, new Random(seed + 1), minutes);
    const living = (fleet: Fleet<ServiceMember>) => () => fleet.living;
    this.resting = new Resting(stage, this.load, living(this.steady), living(this.restarted));
  }

  async run(): Promise<Summary> {
    const members = (): ServiceMember[] => [...this.steady.living, ...this.restarted.living];
    this.calls = await Calls.prepare(members, new Random(this.seed + 2));
    this.steady.add();
    for (let i = 0; i < RESTARTED; i += 1) this.restarted.add();
    await this.warmUp();
    for (let half = 0; half < 2; half += 1) {
      this.load.start();
      this.calls.start();
      this.mishaps.start();
      await after((this.minutes * 60_000) / 2);
      await this.rest();
    }
    await Promise.all([this.steady.stop(), this.restarted.stop()]);
    await this.endings.stop();
    return this.summary(this.calls);
  }

  private fleet(): Fleet<ServiceMember> {
    const onLine = (name: string) => (line: string) => this.journal.add(name, line);
    return new Fleet((name) => new ServiceMember(name, this.stage.environment(), onLine(name)));
  }

  private async warmUp(): Promise<void> {
    this.load.start();
    this.calls?.start();
    const isWarm = (): boolean => this.endings.completed.size >= WARM_UP_JOBS;
    await eventually('the workers are warm', isWarm, WARM_UP_WITHIN_MS);
    await this.rest();
  }

  private async rest(): Promise<void> {
    await this.mishaps.pause();
    await Promise.all([this.load.pause(), this.calls?.pause()]);
    const { rest, stuck } = await this.resting.take();
    this.rests.push(rest);
    for (const job of stuck) this.stuck.add(job);
  }

  private summary({ answers, wrong }: Calls): Summary {
    const deaths = [...this.steady.deaths, ...this.restarted.deaths];
    const history = new History(this.journal.lines, deaths, 1_000 * VISIBILITY_SECONDS);
    const { endings, load } = this;
    const doubled = new Set([...endings.doubled, ...history.doubled().map(([{ entry }]) => entry)]);
    const [start, middle, end] = this.rests as [Rest, Rest, Rest];
    return {
      ...{ seed: this.seed, minutes: this.minutes, mishaps: this.mishaps.counts },
      accepted: load.accepted.size,
      completed: endings.completed.size,
      deadLetters: [...endings.dead.values()].flat(),
      lost: load.open,
      late: [...this.stuck].filter((job) => endings.has(job)),
      doubled: [...doubled],
      overlapping: history.overlaps().map(([{ entry }]) => entry),
      repeated: history.repeated().length,
      unsealed: endings.unsealed,
      alarms: [...this.journal.alarms, ...this.deathsNobodyAskedFor()],
      ...{ answers, wrong, start, middle, end },
    };
  }

  /** Each death of a restarted worker was a mishap, some of two at once; the steady one leaves when it is told to. */
  private deathsNobodyAskedFor(): string[] {
    const { kill, stop } = this.mishaps.counts;
    const surplus = this.restarted.deaths.length - RESTARTED - kill - stop;
    const restarted = surplus <= 0 ? [] : [`${surplus} restarted worker(s) died by themselves`];
    return this.steady.deaths.length === 1 ? restarted : [...restarted, 'the steady worker died'];
  }
}
