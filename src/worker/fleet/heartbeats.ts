import { within } from '../../lib/deadline.js';
import { Repeating, UNTOLD } from '../../lib/repeating.js';
import type { RunningEngine } from '../engines.js';
import type { FleetBook, WorkerOrder } from './fleet-book.js';
import { reportOf, type ProcessFacts, type WorkerReport } from './worker-report.js';

const BEAT_EVERY_MS = 1_000;
const LEAVE_WITHIN_MS = 1_000;

/** Does what a worker is told to do. */
export type CarryOut = (kind: string, order: WorkerOrder) => Promise<void>;

/** Has the workers of this process say how they are once a second, and do what they are told. What fails hurts no job. */
export class Heartbeats {
  private readonly beats: readonly Heartbeat[];

  /** @param bookOf the book of a kind */
  constructor(engines: readonly RunningEngine[], bookOf: (kind: string) => FleetBook, facts: ProcessFacts) {
    this.beats = engines.map((running) => new Heartbeat(running, bookOf(running.spec.kind), facts));
  }

  start(carryOut: CarryOut): void {
    for (const beat of this.beats) beat.start(carryOut);
  }

  /** Says that the workers have stopped; not for long. Throws nothing. */
  async leave(): Promise<void> {
    await Promise.all(this.beats.map((beat) => beat.leave()));
  }
}

/** That of one engine. */
class Heartbeat {
  private readonly rounds: Repeating;
  private carryOut: CarryOut = async () => undefined;
  private carriedOut = 0;
  private told = '';

  constructor(
    private readonly running: RunningEngine,
    private readonly book: FleetBook,
    private readonly facts: ProcessFacts,
  ) {
    // Redis being away is told by the engines.
    const options = { everyMs: BEAT_EVERY_MS, events: UNTOLD, endsWithProcess: true };
    this.rounds = new Repeating(() => this.beat(), options);
  }

  start(carryOut: CarryOut): void {
    this.carryOut = carryOut;
    this.rounds.start();
  }

  async leave(): Promise<void> {
    const leaving = this.rounds.stop().then(() => this.book.leave(this.report()));
    await within(LEAVE_WITHIN_MS, leaving);
  }

  /** Gives whether to say at once that something was done. */
  private async beat(): Promise<boolean> {
    const report = this.report();
    const news = `${report.state} ${report.limit}`;
    const told = await this.book.beat(report, this.carriedOut, news !== this.told);
    this.told = news;
    if (told === undefined || told.id <= this.carriedOut) return false;
    await this.carryOut(report.kind, told.order);
    this.carriedOut = told.id;
    return true;
  }

  private report(): WorkerReport {
    return reportOf(this.running, this.facts, Date.now());
  }
}
