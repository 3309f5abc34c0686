import { InvalidJobError } from '../job/errors.js';
import type { JobIntake } from '../job/intake.js';
import type { KindSpec } from '../job/kind.js';
import type { Clock } from '../lib/clock.js';
import type { OutboundPolicy } from '../outbound/outbound-policy.js';
import type { DeadLetters } from '../queue/dead-letters/dead-letters.js';
import type { Added, JobBook } from '../queue/status/job-book.js';
import { isEnded, stateOfRecord, type JobRecord } from '../queue/status/job-record.js';
import type { GroupSignals } from '../queue/streams/group-signals.js';
import { askedJob, type JobWish } from './ask-for-job.js';
import { cancelledNote, cancelledResult, expeditedNote } from './desk-notes.js';
import { jobView, type JobView } from './job-view.js';

/** One kind of job as the desk needs it. */
export interface DeskKind {
  readonly spec: KindSpec;
  /** Undefined for a kind that is not taken over HTTP. */
  readonly intake: JobIntake | undefined;
  readonly book: JobBook;
  readonly letters: DeadLetters;
  readonly signals: GroupSignals;
}

/** A job that was found, and which kind it is of. */
interface Found {
  readonly at: DeskKind;
  readonly record: JobRecord;
}

/** Where clients ask for jobs, ask after them, and call them off. */
export class JobDesk {
  constructor(
    private readonly kinds: readonly DeskKind[],
    private readonly policy: OutboundPolicy,
    private readonly clock: Clock,
  ) {}

  /**
   * Queues a job unless it was asked for before.
   * @throws InvalidJobError, PermanentStepError as `askedJob`; InvalidJobError JOB_DIFFERS for another job of that name
   */
  async ask(wish: JobWish): Promise<{ added: Added; job: JobView }> {
    const { spec, intake, book } = this.kind(wish.kind);
    if (intake === undefined) throw notTaken(spec.kind);
    const asked = await askedJob(wish, intake, this.policy, this.clock.now());
    const elsewhere = await this.seek(
      wish.jobId,
      this.kinds.filter((each) => each.book !== book),
    );
    const added = elsewhere === undefined ? await book.add(asked) : 'different';
    if (added === 'different') throw differs(wish.jobId);
    return { added, job: await this.get(wish.jobId, spec.kind) };
  }

  /**
   * A job whose status was asked for.
   * @throws InvalidJobError JOB_UNKNOWN
   */
  async get(jobId: string, kind?: string): Promise<JobView> {
    return this.view(await this.found(jobId, kind));
  }

  /** Who asked for a job; undefined for one that a producer wrote into a stream. @throws InvalidJobError JOB_UNKNOWN */
  async ownerOf(jobId: string): Promise<string | undefined> {
    return (await this.found(jobId)).record.status['by'];
  }

  /**
   * Calls a job off: at once if nobody runs it, else its worker notices within about a second.
   * @throws InvalidJobError JOB_UNKNOWN; InvalidJobError JOB_ENDED
   */
  async cancel(jobId: string): Promise<JobView> {
    const { at, record } = await this.found(jobId);
    if (isOver(record)) throw ended(jobId);
    const now = this.clock.now();
    const isOut = await at.book.withdraw(
      record,
      cancelledNote(record, at.spec.kind, now),
      cancelledResult(record, now),
    );
    if (!isOut) await at.signals.cancel(jobId);
    return this.get(jobId, at.spec.kind);
  }

  /**
   * Runs a failed job again, with all its attempts.
   * @throws InvalidJobError JOB_UNKNOWN; InvalidJobError JOB_NOT_FAILED, LETTER_GONE
   */
  async retry(jobId: string): Promise<JobView> {
    const { at, record } = await this.found(jobId);
    if (stateOfRecord(record) !== 'failed') throw notFailed(jobId);
    const redriven = await at.letters.redrive({ id: record.status['letter'] ?? '0-1' });
    if (redriven === 0) throw letterGone(jobId);
    return this.get(jobId, at.spec.kind);
  }

  /**
   * Moves a job to the urgent stream.
   * @throws InvalidJobError JOB_UNKNOWN; InvalidJobError JOB_NOT_QUEUED
   */
  async expedite(jobId: string): Promise<JobView> {
    const { at, record } = await this.found(jobId);
    const isMoved = await at.book.expedite(record, expeditedNote(record, at.spec.kind));
    if (!isMoved && record.status['stream'] !== at.spec.queue.lanes[0]) throw notQueued(jobId);
    return this.get(jobId, at.spec.kind);
  }

  private async view({ at: { spec, intake, book }, record }: Found): Promise<JobView> {
    const { entry = '', stream = '' } = record.status;
    const result = stateOfRecord(record) === undefined ? await book.resultOf(stream, entry) : undefined;
    const urgentLane = spec.queue.lanes[0] as string;
    return jobView(record, { kind: spec.kind, urgentLane, files: intake?.files ?? [], result });
  }

  private async found(jobId: string, kind?: string): Promise<Found> {
    const found = await this.seek(jobId, kind === undefined ? this.kinds : [this.kind(kind)]);
    if (found === undefined) throw jobUnknown(jobId);
    return found;
  }

  private async seek(jobId: string, kinds: readonly DeskKind[]): Promise<Found | undefined> {
    const records = await Promise.all(kinds.map(({ book }) => book.look(jobId)));
    for (const [i, record] of records.entries()) if (record !== undefined) return { at: kinds[i] as DeskKind, record };
    return undefined;
  }

  private kind(kind: string): DeskKind {
    const found = this.kinds.find(({ spec }) => spec.kind === kind);
    if (found !== undefined) return found;
    throw new InvalidJobError(
      'KIND_UNKNOWN',
      `kind must be one of: ${this.kinds.map(({ spec }) => spec.kind).join(', ')}`,
    );
  }
}

function isOver(record: JobRecord): boolean {
  const state = stateOfRecord(record);
  return state === undefined || isEnded(state);
}

function notTaken(kind: string): InvalidJobError {
  return new InvalidJobError(
    'KIND_NOT_TAKEN',
    `Jobs of the kind ${kind} are not taken over HTTP: write them into its stream.`,
  );
}

function differs(jobId: string): InvalidJobError {
  return new InvalidJobError(
    'JOB_DIFFERS',
    `There is another job of the name ${jobId}: ask for it under a name of its own, or look what that one is.`,
  );
}

function ended(jobId: string): InvalidJobError {
  return new InvalidJobError('JOB_ENDED', `The job ${jobId} has ended: there is nothing to cancel.`);
}

function notFailed(jobId: string): InvalidJobError {
  return new InvalidJobError('JOB_NOT_FAILED', `The job ${jobId} has not failed: only what failed is retried.`);
}

function letterGone(jobId: string): InvalidJobError {
  return new InvalidJobError(
    'LETTER_GONE',
    `The dead letter of the job ${jobId} is not there any more (redriven, purged or too old): ask for a new job.`,
  );
}

function notQueued(jobId: string): InvalidJobError {
  return new InvalidJobError(
    'JOB_NOT_QUEUED',
    `The job ${jobId} is not waiting for its first run: it cannot be moved up.`,
  );
}

function jobUnknown(jobId: string): InvalidJobError {
  const sentence =
    `Nothing is known of a job ${jobId}. Known are jobs that were asked for here, or with the field track=1, until ` +
    'JOB_STATUS_KEEP_HOURS after their end.';
  return new InvalidJobError('JOB_UNKNOWN', sentence);
}
