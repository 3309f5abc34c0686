import type { Clock } from '../lib/clock.js';
import type { JobResult } from '../job/handler.js';
import type { RawPayload } from '../job/payload.js';
import type { LettersDropped } from './dead-letters/letter-keeper.js';
import type { DeadNumbers } from './numbers/dead-numbers.js';
import type { UnreadResults } from './numbers/unread-results.js';
import type { JobNote } from './status/job-note.js';

/** A job handed to us: one entry of a stream, on its n-th way to a worker. */
export interface Delivery {
  /** Id of the stream entry; with `lane` and `life`, the name under which it is settled. */
  readonly entryId: string;
  /** The life of the stream in which it was delivered: in another one the same id may be another job's. */
  readonly life: string;
  /** Tells the deliveries of this process apart. */
  readonly number: number;
  /** Id under which the job first came in. Differs from `entryId` when an entry had to be added again. */
  readonly sourceId: string;
  /** The stream it came from. */
  readonly lane: string;
  /** Empty when it was too large to be read. */
  readonly payload: RawPayload;
  /** What the payload holds, when that is too much to be read; bytes. */
  readonly tooLargeBytes?: number | undefined;
  /** Times the job was delivered, this time included. A release takes its delivery back. */
  readonly deliveries: number;
  /** Of these, deliveries of an earlier entry of the same job, which the group does not count. */
  readonly carried: number;
  /** From when on it may run, when it was put back slowly; ms since the epoch, by the queue's clock. */
  readonly notBefore?: number | undefined;
  /** True when it was delivered before: a retry, a released job, or one whose worker is gone. */
  readonly again: boolean;
}

/** The name of a delivery among all lanes and their lives: two streams, or two lives of one, may hold the same entry id. */
export function keyOf({ lane, entryId, life }: Pick<Delivery, 'lane' | 'entryId' | 'life'>): string {
  return `${lane} ${entryId} ${life}`;
}

/** What one look for deliveries that came due again brought. */
export interface Rescue {
  deliveries: Delivery[];
  /** Ids that a producer's `MAXLEN` or a person removed from the stream while they were pending. */
  trimmed: string[];
  /** True while Redis itself was away lately, so that leases that look expired are left alone. */
  grace: boolean;
  /** True while the whole group is paused. */
  paused: boolean;
  /** Jobs that clients cancelled since the time that was asked for, by name, and when; ms since the epoch. */
  cancelled: ReadonlyMap<string, number>;
}

/** What tidying up did. */
export interface Tidying {
  /** Acknowledged entries taken off the streams. */
  trimmed: number;
  /** Consumers removed that were gone and held nothing. */
  consumersRemoved: number;
  /** Dead letters that were dropped by the bounds of their stream; undefined when none was. */
  lettersDropped?: LettersDropped | undefined;
}

/**
 * Whose a delivery is. `ours`: we have it. `gone`: Redis lost it (a flush, a failover, a destroyed group, a producer's
 * trimming), so that nobody else can have it. `others`: another worker has it, or has settled it.
 */
export type Standing = 'ours' | 'gone' | 'others';

/**
 * `settled`: done. `gone`: Redis had lost the entry; what the settlement has to tell was written all the same.
 * `lost`: the entry is another worker's, nothing was written.
 */
export type Settlement = 'settled' | 'gone' | 'lost';

/** When a delivery comes back, and whether this one counts. */
export interface Deferral {
  /** ms from now */
  delayMs: number;
  /** False gives the attempt back: a release or a snooze. */
  spent: boolean;
  /** The camera that it waits for: when that comes back, the delivery comes due at once. */
  waitsFor?: string | undefined;
}

/** What became of a group that somebody destroyed, or of its stream. */
export interface GroupRemade {
  stream: string;
  /** The entry after which it goes on; undefined when it begins at the start of the stream. */
  after: string | undefined;
  /** Deliveries that waited in the lost group and wait in the new one. */
  restored: number;
}

/** What the dead-letter stream keeps beside the original fields. No secrets: the message is redacted. */
export interface DiscardReport {
  code: string;
  message: string;
  step: string | undefined;
  /** Attempts made, the producer's own count included. */
  attempts: number;
  /** What the results stream is told of its end; without it, nothing. */
  result?: JobResult;
}

/** What a renewal of all leases found. */
export interface Holdings {
  /** When the renewal began, ms since the epoch: a delivery claimed later says nothing by its absence. */
  at: number;
  /** Keys ({@link keyOf}) of what is still ours. */
  held: ReadonlySet<string>;
}

/** How the renewing of leases goes. */
export interface Renewals {
  /** When the last one that worked began, ms since the epoch; before the first, when the queue was made. */
  lastAt: number;
  /** Why it has not worked since; undefined when it did or when nobody said. */
  failure: string | undefined;
  /** Whether Redis answered and refused it. */
  refused: boolean;
}

/** Numbers of one lane. */
export interface LaneStats {
  stream: string;
  /** Entries in the stream, acknowledged ones that were not trimmed yet included. */
  length: number;
  /** Entries not delivered yet. */
  lag: number;
  /** Entries delivered and not acknowledged: running or waiting for a retry. */
  pending: number;
  /** Work there is: `lag` and `pending` together. What to scale by. */
  demand: number;
  /** Of `pending`, those that wait for a retry or for any worker to take them up. */
  waiting: number;
  /** Of `pending`, those that a worker has in hand, or had until it died. */
  running: number;
  /** How long ago the oldest pending entry was queued, ms; 0 with none pending. What waits for a camera counts, too. */
  oldestPendingMs: number;
  /** How long ago the oldest entry was queued that was not delivered yet, ms; null with none. */
  oldestUndeliveredMs: number | null;
  /** For how long the first entry that waits is due by now, ms; null while none is. */
  oldestDueMs: number | null;
}

/** Another member of the group, or this one. */
export interface ConsumerStats {
  name: string;
  stream: string;
  pending: number;
  /** Since it last talked to Redis, ms. */
  idleMs: number;
}

/** Numbers of the whole queue. */
export interface QueueStats {
  lanes: LaneStats[];
  dlqLength: number;
  deadLetters: DeadNumbers;
  /** How far those are who read the results. */
  readers: readonly UnreadResults[];
  consumers: ConsumerStats[];
}

/**
 * The queue as the worker sees it. Every state change of a delivery is one atomic step that first checks that the
 * entry is still ours. A queue that is out of reach makes a call wait or reject; it never loses an entry.
 */
export abstract class JobQueue {
  /** What ages of jobs are judged by: the clock that gave out their ids. */
  abstract readonly clock: Clock;

  /** This worker's name in the group; unique to the process. */
  abstract readonly consumer: string;

  /**
   * Connects, makes streams and group where they are missing, and starts to renew leases. Rejects with a sentence when
   * Redis cannot be reached soon; may be called again, and costs nothing once open.
   */
  abstract open(): Promise<void>;

  /** Calls back when the connection to Redis breaks; the queue comes back by itself. */
  abstract onDisconnect(listener: (error: Error) => void): void;

  /** Calls back when a group that was there before had to be made anew. */
  abstract onGroupRemade(listener: (remade: GroupRemade) => void): void;

  /**
   * Takes at most `count` new deliveries, urgent ones first, and waits up to `waitMs` for the first.
   * May bring a few more than `count` when two lanes wake it at once; release those.
   */
  abstract claim(count: number, waitMs: number): Promise<Delivery[]>;

  /**
   * Takes over at most `count` deliveries that are due again: those of dead workers, then what is due for longest. With 0
   * it only notes that we looked.
   * @param cancelledSince cancellations from then on are told; ms since the epoch, by the queue's clock
   */
  abstract rescue(count: number, cancelledSince?: number): Promise<Rescue>;

  /** Releases what is pending in our name but not in hand: deliveries whose reply got lost. Gives their number. */
  abstract releaseStrays(inHand: readonly Delivery[]): Promise<number>;

  /**
   * Acknowledges. Calls of one turn of the event loop travel together. A result is added to the queue's results stream
   * in the same atomic step, once however often it is settled; a queue without such a stream drops it.
   * @param note what clients are told, in the same step: see {@link tell}
   */
  abstract complete(delivery: Delivery, result?: JobResult, note?: JobNote): Promise<Settlement>;

  /** Lets the entry come due again later. */
  abstract defer(delivery: Delivery, deferral: Deferral, note?: JobNote): Promise<Settlement>;

  /** Copies the original fields and the report to the dead-letter stream, publishes its result and acknowledges. */
  abstract discard(delivery: Delivery, report: DiscardReport, note?: JobNote): Promise<Settlement>;

  /**
   * Tells clients how a job goes on that they asked the status of. Only while the delivery is pending in our name; what is
   * told later through this queue is never overtaken.
   */
  abstract tell(delivery: Delivery, note: JobNote): Promise<void>;

  /**
   * Whose a delivery is that a renewal did not see. One that a new group does not know of, though its entry is there, is
   * taken into our name again.
   */
  abstract standing(delivery: Delivery): Promise<Standing>;

  /** Stops or lets go on every worker of the group; each notices with its next look. */
  abstract pauseGroup(paused: boolean): Promise<void>;

  /** Marks every entry of a job that is in the queue by now as cancelled; each worker notices with its next look. */
  abstract cancel(jobId: string): Promise<void>;

  /** Trims entries that every group has done with and that are older than the retention time; removes dead consumers. */
  abstract tidy(): Promise<Tidying>;

  /** Ends a claim that waits, so that a new limit or a pause counts at once. */
  abstract wake(): void;

  /** Calls back after each renewal of leases. */
  abstract onRenewal(listener: (holdings: Holdings) => void): void;

  /** How renewing goes, now. Leases may have a connection of their own that fails alone. */
  abstract readonly renewals: Renewals;

  abstract stats(): Promise<QueueStats>;

  /** Where producers write by mistake instead of to our streams: a sentence each that says what to do. */
  abstract misdirectedProducers(): Promise<string[]>;

  /** Round trip to Redis, ms. */
  abstract ping(): Promise<number>;

  /** Leaves the group if nothing is pending in our name, and ends every connection. What is pending comes due later. */
  abstract close(): Promise<void>;
}
