/** A lease, ms: so long that the test's own running time does not count beside the time that it lets pass. */
export const VISIBILITY_MS = 1_000_000;

/** Slots of a fresh worker. */
export const CONCURRENCY = 2;

/** With a random number of one half every retry comes after an eighth of a lease. */
export const RETRY = { maxRetry: 2, baseMs: VISIBILITY_MS / 4, capMs: VISIBILITY_MS / 4 };
export const RETRY_DELAY_MS = VISIBILITY_MS / 8;
export const SNOOZE_MS = VISIBILITY_MS / 2;

/** Who owns entries that nobody works on. */
const NOBODY = 'waiting';

export type LaneName = 'high' | 'stream';
export const LANES: readonly LaneName[] = ['high', 'stream'];

/** How a test ends a run. */
export type Ending = 'complete' | 'retry' | 'snooze' | 'discard';

/** A job as its producer knows it. */
export interface ModelJob {
  name: string;
  lane: LaneName;
  prior: number;
  /** A field of any bytes, to see that payloads come through, as hexadecimal. */
  bytes: string;
  /** Id of the first entry. */
  source: string;
  /** Times that it was completed or set aside, and times that it was put back. */
  settlements: number;
  redriven: number;
  /** A producer trimmed an entry of it that was not settled: it may be missing. */
  trimmed: boolean;
  /** An entry of it left the stream: who lost it cannot know any more whether it was settled. */
  removed: boolean;
}

/** One entry of a stream, or what is left of it. */
export interface ModelEntry {
  /** Empty until Redis was asked for the id of an entry that a worker added again. */
  id: string;
  job: ModelJob;
  lane: LaneName;
  inStream: boolean;
  delivered: boolean;
  /** The group that delivered it is gone: nobody knows any more whether it was settled. */
  forgotten: boolean;
  carried: number;
  pending: { owner: string; idleMs: number; deliveries: number } | undefined;
}

export interface ModelRun {
  entry: ModelEntry;
  /** The entry's id when it was delivered. */
  id: string;
  /** The life of the streams in which it was delivered. */
  life: number;
  deliveries: number;
}

export interface ModelWorker {
  name: string;
  limit: number;
  paused: boolean;
  sawGroupPaused: boolean;
  /** Names of cancelled jobs that it heard of. */
  heardCancelled: Set<string>;
  runs: ModelRun[];
}

export interface ModelLetter {
  job: ModelJob;
  code: string;
  attempts: number;
}

/** What a look at the queue brought: `lane id` of what was rescued, ids of what was found trimmed. */
export interface Took {
  rescued: string[];
  trimmed: string[];
}

/** The promise: where every job is, and what may become of it. Knows nothing of Redis' commands. */
export class PromiseModel {
  readonly jobs: ModelJob[] = [];
  entries: ModelEntry[] = [];
  readonly workers: ModelWorker[];
  letters: ModelLetter[] = [];
  readonly cancelled = new Set<string>();
  groupPaused = false;
  private looked = false;
  private sinceLookMs = 0;
  private graceMs = 0;
  private started = 0;
  private life = 0;

  constructor(workers: number) {
    this.workers = Array.from({ length: workers }, () => this.freshWorker());
  }

  enqueue(job: ModelJob): void {
    this.jobs.push(job);
    this.addEntry(job, job.source, 0);
  }

  /** One round of a worker's loop: rescue, which took what the world says, then claim. */
  turn(worker: ModelWorker, took: Took): void {
    const rescued = this.rescue(worker, this.claimable(worker), took);
    worker.sawGroupPaused = this.groupPaused;
    for (const name of this.cancelled) worker.heardCancelled.add(name);
    const cancelled = worker.runs.filter((run) => this.isCancelled(worker, run));
    this.take(worker, rescued);
    this.take(worker, this.unread(this.claimable(worker)));
    const ended = worker.runs.filter((run) => this.isOver(worker, run));
    for (const run of new Set([...cancelled, ...ended])) this.endAtOnce(worker, run);
  }

  /** Ends a run; gives what the worker should report. */
  finish(worker: ModelWorker, run: ModelRun, ending: Ending): string {
    worker.runs = worker.runs.filter((other) => other !== run);
    if (!this.mayWrite(worker, run)) return 'abandon';
    switch (ending) {
      case 'complete':
        this.acknowledge(run);
        return 'complete';
      case 'discard':
        this.setAside(run, 'CAMERA_GONE');
        return 'discard';
      case 'snooze':
        this.putBack(run, SNOOZE_MS, run.deliveries - 1);
        return 'snooze';
      case 'retry':
        if (this.attempt(run) > RETRY.maxRetry) {
          this.setAside(run, 'HLS_TIMEOUT');
          return 'discard';
        }
        this.putBack(run, RETRY_DELAY_MS, run.deliveries);
        return 'retry';
    }
  }

  /** A worker is gone without a word; another takes its place. */
  crash(worker: ModelWorker): void {
    this.workers[this.workers.indexOf(worker)] = this.freshWorker();
  }

  /** A worker gives back all it runs, at no cost; another takes its place. */
  stop(worker: ModelWorker): void {
    for (const run of worker.runs) if (this.mayWrite(worker, run)) this.putBack(run, 0, run.deliveries - 1);
    this.crash(worker);
  }

  renew({ name }: ModelWorker): void {
    for (const { inStream, pending } of this.entries) {
      if (inStream && pending?.owner === name) pending.idleMs = 0;
    }
  }

  /** Time passes; with Redis away nobody can look meanwhile. What was trimmed does not age: it cannot be claimed. */
  pass(ms: number, redisAway: boolean): void {
    for (const { inStream, pending } of this.entries) if (inStream && pending !== undefined) pending.idleMs += ms;
    this.graceMs -= ms;
    if (redisAway && this.looked) this.sinceLookMs += ms;
  }

  /** Redis forgets everything; what runs goes on. */
  flush(): void {
    for (const entry of this.entries) this.remove(entry);
    for (const entry of this.entries) entry.pending = undefined;
    for (const job of this.jobs) job.trimmed = true;
    this.entries = [];
    this.letters = [];
    this.cancelled.clear();
    this.groupPaused = false;
    this.looked = false;
    this.sinceLookMs = 0;
    this.graceMs = 0;
  }

  /** Another server goes on with the data, and a worker notices. */
  changeServer(): void {
    this.life += 1;
    this.look();
  }

  /** Somebody destroys the group of a lane. What waited waits again; what is in hand goes on. */
  destroyGroup(lane: LaneName): void {
    for (const entry of this.entries) {
      if (entry.lane !== lane || !entry.delivered) continue;
      entry.job.removed = true;
      const waits = entry.pending?.owner === NOBODY;
      if (entry.pending !== undefined && !(waits && entry.inStream)) entry.job.trimmed = true;
      const idleMs = Math.min(VISIBILITY_MS, entry.pending?.idleMs ?? 0);
      entry.pending = waits && entry.inStream ? { owner: NOBODY, idleMs, deliveries: 1 } : undefined;
      entry.forgotten = true;
    }
  }

  redrive(letter: ModelLetter): void {
    this.letters = this.letters.filter((other) => other !== letter);
    letter.job.redriven += 1;
    this.addEntry(letter.job, '', 0);
  }

  /** A producer keeps only the newest `keep` entries, whatever is to be done with the others. */
  trim(lane: LaneName, keep: number): void {
    const present = this.present(lane);
    for (const entry of present.slice(0, Math.max(0, present.length - keep))) {
      if (!entry.delivered || entry.pending !== undefined) entry.job.trimmed = true;
      this.remove(entry);
    }
  }

  /** What is settled leaves the stream, up to the oldest entry that is not; the last one delivered stays as a mark. */
  tidy(): void {
    for (const lane of LANES) {
      const heldUp = this.entries.some((e) => e.lane === lane && !e.inStream && e.pending !== undefined);
      const present = heldUp ? [] : this.present(lane);
      const marks = present.slice(
        0,
        Math.max(
          0,
          present.findLastIndex(({ delivered }) => delivered),
        ),
      );
      const firstNeeded = marks.findIndex(({ pending }) => pending !== undefined);
      for (const entry of firstNeeded === -1 ? marks : marks.slice(0, firstNeeded)) this.remove(entry);
    }
  }

  /** Entries of a lane that are in its stream, oldest first. */
  present(lane: LaneName): ModelEntry[] {
    return this.entries.filter((entry) => entry.lane === lane && entry.inStream);
  }

  attempt({ entry, deliveries }: ModelRun): number {
    return deliveries + entry.job.prior;
  }

  /** Brings entries into the order of their ids, once those are known. */
  sort(): void {
    this.entries.sort((a, b) => (isOlder(a.id, b.id) ? -1 : 1));
  }

  /** The promise itself, job by job. */
  broken(): string[] {
    return this.jobs.flatMap((job) => {
      const { name, settlements, redriven, trimmed, removed } = job;
      if (settlements > redriven + 1 && !removed) return [`${name} was settled ${settlements} times`];
      if (settlements === 0 && !trimmed && !this.isAlive(job)) return [`${name} is lost`];
      return [];
    });
  }

  private isAlive(job: ModelJob): boolean {
    const waits = this.entries.some((e) => e.job === job && e.inStream && (!e.delivered || e.pending !== undefined));
    return waits || this.workers.some(({ runs }) => runs.some(({ entry }) => entry.job === job));
  }

  private claimable({ paused, sawGroupPaused, limit, runs }: ModelWorker): number {
    return paused || sawGroupPaused ? 0 : Math.max(0, limit - runs.length);
  }

  /** Which of the deliveries that are due is free, but not how many. */
  private rescue(worker: ModelWorker, count: number, { rescued, trimmed }: Took): ModelEntry[] {
    this.look();
    const due = this.due(worker);
    const taken = due.filter(({ id, lane, inStream }) => inStream && rescued.includes(`${lane} ${id}`));
    const missed = due.filter(({ id, inStream }) => !inStream && trimmed.includes(id));
    const wanted = Math.min(this.groupPaused ? 0 : count, due.filter(({ inStream }) => inStream).length);
    if (taken.length !== rescued.length) throw new Error(`Not all of ${rescued.join(', ')} were due.`);
    if (taken.length !== wanted) throw new Error(`${taken.length} were rescued, it should be ${wanted}.`);
    if (missed.length !== trimmed.length) throw new Error(`Not all of ${trimmed.join(', ')} were trimmed and due.`);
    for (const entry of missed) entry.pending = undefined;
    return taken;
  }

  private look(): void {
    if (this.looked && this.sinceLookMs > VISIBILITY_MS * 0.6) this.graceMs = VISIBILITY_MS / 2;
    this.looked = true;
    this.sinceLookMs = 0;
  }

  /** A worker never takes over from itself: what it holds it runs. */
  private due(worker: ModelWorker): ModelEntry[] {
    const isDue = ({ pending }: ModelEntry): boolean =>
      pending !== undefined &&
      pending.idleMs >= VISIBILITY_MS &&
      pending.owner !== worker.name &&
      (this.graceMs <= 0 || pending.owner === NOBODY);
    return LANES.flatMap((lane) => this.entries.filter((entry) => entry.lane === lane && isDue(entry)));
  }

  private unread(count: number): ModelEntry[] {
    return LANES.flatMap((lane) => this.present(lane).filter(({ delivered }) => !delivered)).slice(0, count);
  }

  private take(worker: ModelWorker, entries: readonly ModelEntry[]): void {
    for (const entry of entries) {
      const deliveries = (entry.pending?.deliveries ?? 0) + 1;
      entry.delivered = true;
      entry.pending = { owner: worker.name, idleMs: 0, deliveries };
      // What it still runs after its lease was lost is simply its own again.
      if (worker.runs.some((run) => run.entry === entry)) continue;
      worker.runs.push({ entry, id: entry.id, life: this.life, deliveries: deliveries + entry.carried });
    }
  }

  private isOver(worker: ModelWorker, run: ModelRun): boolean {
    return this.isCancelled(worker, run) || this.isExhausted(run);
  }

  private isCancelled({ heardCancelled }: ModelWorker, { entry }: ModelRun): boolean {
    return heardCancelled.has(entry.job.name);
  }

  private isExhausted(run: ModelRun): boolean {
    return run.deliveries > 1 && this.attempt(run) > RETRY.maxRetry + 1;
  }

  private endAtOnce(worker: ModelWorker, run: ModelRun): void {
    worker.runs = worker.runs.filter((other) => other !== run);
    if (!this.mayWrite(worker, run)) return;
    if (this.isCancelled(worker, run)) this.acknowledge(run);
    else this.setAside(run, 'TOO_MANY_DELIVERIES');
  }

  /** The owner may; so may whoever has the payload of an entry that is nobody's: it left the stream, or its group is gone. */
  private mayWrite({ name }: ModelWorker, { entry, life }: ModelRun): boolean {
    // Nothing is left to tell by that what another worker has is the same job: rather twice than not at all.
    if (!entry.inStream && life !== this.life) return true;
    return entry.pending === undefined ? !entry.inStream || entry.forgotten : entry.pending.owner === name;
  }

  private acknowledge({ entry }: ModelRun): void {
    entry.pending = undefined;
    entry.job.settlements += 1;
  }

  private setAside(run: ModelRun, code: string): void {
    this.letters.push({ job: run.entry.job, code, attempts: this.attempt(run) });
    this.acknowledge(run);
  }

  private putBack({ entry }: ModelRun, delayMs: number, deliveries: number): void {
    if (entry.inStream) {
      const count = Math.max(0, deliveries - entry.carried);
      entry.pending = { owner: NOBODY, idleMs: VISIBILITY_MS - delayMs, deliveries: count };
    } else {
      entry.pending = undefined;
      this.addEntry(entry.job, '', deliveries);
    }
  }

  private addEntry(job: ModelJob, id: string, carried: number): void {
    const { lane } = job;
    const fresh = { inStream: true, delivered: false, forgotten: false, pending: undefined };
    this.entries.push({ id, job, lane, carried, ...fresh });
  }

  private remove(entry: ModelEntry): void {
    entry.inStream = false;
    entry.job.removed = true;
  }

  private freshWorker(): ModelWorker {
    this.started += 1;
    const name = `worker-${this.started}`;
    return { name, limit: CONCURRENCY, paused: false, sawGroupPaused: false, heardCancelled: new Set(), runs: [] };
  }
}

/** Whether an entry's id comes before another's. */
function isOlder(a: string, b: string): boolean {
  const [aMs = 0, aSeq = 0] = a.split('-').map(Number);
  const [bMs = 0, bSeq = 0] = b.split('-').map(Number);
  return aMs === bMs ? aSeq < bSeq : aMs < bMs;
}
