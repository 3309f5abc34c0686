import type { Death } from './fleet.js';
import type { JournalLine } from './journal.js';

/** One run of one job by one worker. Times in ms on the machine's monotonic clock. */
export interface JobRunRecord {
  entry: string;
  worker: string;
  attempt: number;
  from: number;
  /** When the handler ended or its worker was dead. */
  to: number;
  /** When the lease ended that this run held: a visibility timeout after it was claimed or last renewed. */
  leaseUntil: number;
  /** `ok`, the code of an error, or `died`. */
  result: string;
}

/** A time during which Redis could not be reached, or not by all. ms */
export interface Outage {
  from: number;
  to: number;
}

/** How long a job that its worker's death left undone waited for the next one. ms */
export interface Recovery {
  entry: string;
  killedAt: number;
  tookMs: number;
  /** Workers in whose hands it died: more than one when the next had it and was killed before its run began. */
  lives: number;
}

/** What a journal tells about the promise. */
export class History {
  readonly runs: readonly JobRunRecord[];
  private readonly goneAt: ReadonlyMap<string, number>;

  constructor(
    private readonly lines: readonly JournalLine[],
    private readonly deaths: readonly Death[],
    private readonly visibilityMs: number,
  ) {
    this.goneAt = new Map(deaths.map(({ worker, goneAt }) => [worker, goneAt]));
    this.runs = this.readRuns();
  }

  /** Entries with a run that came to its end. */
  get completed(): Set<string> {
    return new Set(this.runs.filter(({ result }) => result === 'ok').map(({ entry }) => entry));
  }

  /**
   * Pairs of runs of one job that were under way at once, both by living workers and both under a lease: claimed or
   * renewed less than a visibility timeout before.
   */
  overlaps(): [JobRunRecord, JobRunRecord][] {
    return this.pairs().filter(([a, b]) => b.from < Math.min(a.to, a.leaseUntil));
  }

  /** Pairs of runs of which the second began though the first had completed the job and its worker lived. */
  doubled(): [JobRunRecord, JobRunRecord][] {
    return this.pairs().filter(([a, b]) => a.result === 'ok' && this.deathOf(a) > b.from);
  }

  /** Runs that a worker's death made necessary although the job's work was done: at least once. */
  repeated(): [JobRunRecord, JobRunRecord][] {
    return this.pairs().filter(([a, b]) => a.result === 'ok' && this.deathOf(a) <= b.from);
  }

  /** For each job that died with its worker, the time until it ran again. */
  recoveries(): Recovery[] {
    const killedAt = new Map(this.deaths.map((death) => [death.worker, death.killedAt]));
    const nextOf = (run: JobRunRecord) => this.pairs().find(([first]) => first === run);
    return this.runs
      .filter(({ result }) => result === 'died')
      .flatMap((run) => [nextOf(run)].filter((pair) => pair !== undefined))
      .map(([died, next]) => {
        const killed = killedAt.get(died.worker) ?? died.to;
        const between = this.deaths.filter(({ killedAt: at }) => at > killed && at < next.from).length;
        const lives = Math.min(next.attempt - died.attempt, 1 + between);
        return { entry: died.entry, killedAt: killed, tookMs: next.from - killed, lives };
      });
  }

  private deathOf({ worker }: JobRunRecord): number {
    return this.goneAt.get(worker) ?? Infinity;
  }

  /** Each run of a job with every one that began later, in the order of their beginning. */
  private pairs(): [JobRunRecord, JobRunRecord][] {
    const earlier = new Map<string, JobRunRecord[]>();
    return this.runs.flatMap((run) => {
      const before = earlier.get(run.entry) ?? [];
      earlier.set(run.entry, [...before, run]);
      return before.map((first): [JobRunRecord, JobRunRecord] => [first, run]);
    });
  }

  private readRuns(): JobRunRecord[] {
    const open = new Map<string, JobRunRecord>();
    const runs: JobRunRecord[] = [];
    for (const line of this.lines) {
      if (line.kind === 'start') {
        const run = this.begin(line);
        open.set(`${line.worker} ${line.entry}`, run);
        runs.push(run);
      } else if (line.kind === 'renewed') {
        for (const entry of line.entries) this.renew(open.get(`${line.worker} ${entry}`), line.at);
      } else if (line.kind === 'end') {
        Object.assign(open.get(`${line.worker} ${line.entry}`) ?? {}, { to: line.at, result: line.result });
        open.delete(`${line.worker} ${line.entry}`);
      }
    }
    return runs;
  }

  private begin({ entry, worker, attempt, at }: JournalLine & { kind: 'start' }): JobRunRecord {
    const to = this.goneAt.get(worker) ?? Infinity;
    return { entry, worker, attempt, from: at, to, leaseUntil: at + this.visibilityMs, result: 'died' };
  }

  private renew(run: JobRunRecord | undefined, at: number): void {
    if (run !== undefined) run.leaseUntil = Math.max(run.leaseUntil, at + this.visibilityMs);
  }
}

/** The outages that a recovery met, those included whose grace period reaches beyond the kill. */
export function outagesMet(recovery: Recovery, visibilityMs: number, outages: readonly Outage[]): Outage[] {
  const { killedAt, tookMs } = recovery;
  return outages.filter(({ from, to }) => to + visibilityMs > killedAt && from < killedAt + tookMs);
}

/**
 * The longest that a recovery may take: for each worker that died with the job its lease has to run out and somebody has
 * to look; an outage stops the clock.
 */
export function recoveryLimitMs(recovery: Recovery, visibilityMs: number, outages: readonly Outage[]): number {
  const met = outagesMet(recovery, visibilityMs, outages);
  const lostMs = met.map(({ from, to }) => to - from + visibilityMs / 2);
  return lostMs.reduce((sum, ms) => sum + ms, recovery.lives * (visibilityMs + 2_000));
}
