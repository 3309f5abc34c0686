import type { Consumer, Kafka } from 'kafkajs';
import { orLate } from '../lib/deadline.js';
import { Repeating, UNTOLD } from '../lib/repeating.js';
import { unlessAborted } from '../lib/unless-aborted.js';
import type { JobsIn } from '../relay/jobs-in.js';
import type { RelayReport } from '../relay/relay-report.js';
import { BatchIntake } from './batch-intake.js';
import { kafkaError } from './kafka-errors.js';

/** Whom the group waits for, and how. ms */
export interface GroupTimes {
  /** A member that was silent for so long is gone: its partitions go to others. */
  readonly sessionMs: number;
  /** Between two signs of life. */
  readonly heartbeatMs: number;
  /** Before a consumer that failed is made anew. */
  readonly againMs: number;
  /** One that has read for so long counts as working: some fail only after they joined, again and again. */
  readonly steadyMs: number;
}

const TIMES: GroupTimes = { sessionMs: 30_000, heartbeatMs: 3_000, againMs: 3_000, steadyMs: 5_000 };
/** Of one partition, and of all, that are read at once: room for messages that are far too large for a job. bytes */
const PARTITION_BYTES = 1_048_576;
const MOST_BYTES = 4 * PARTITION_BYTES;
/** A broker without new messages answers after so long; a stop waits for that. ms */
const LONGEST_POLL_MS = 1_000;
/** As many partitions are worked on side by side. */
const PARTITIONS_AT_ONCE = 4;
/** A stop does not wait longer for a broker that does not answer. ms */
const LEAVE_WITHIN_MS = 5_000;

/** Trouble of the two sides, and of partitions, is told apart, so that the end of one does not look like the end of all. */
const KAFKA = 'kafka';
const partOf = (partition: number) => `redis ${partition}`;

/**
 * Reads a topic as a member of a consumer group, for as long as the process lives: a consumer that failed for whatever reason
 * is followed by a new one. A new group begins with the oldest message that is there.
 */
export class JobsFromTopic {
  private readonly loop: Repeating;

  constructor(
    private readonly kafka: Kafka,
    private readonly names: { readonly topic: string; readonly group: string },
    private readonly jobs: Pick<JobsIn, 'take' | 'letGo' | 'hasRoom'>,
    private readonly report: RelayReport,
    private readonly times: GroupTimes = TIMES,
  ) {
    this.loop = new Repeating((signal) => this.readOn(signal), { everyMs: times.againMs, events: UNTOLD });
  }

  start(): void {
    this.loop.start();
  }

  /** Ends within seconds; the group knows that we left. What was not committed by then is read by the next. */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** Until it fails or is stopped. */
  private async readOn(signal: AbortSignal): Promise<void> {
    const { kafka, names, times } = this;
    const consumer = kafka.consumer({
      groupId: names.group,
      sessionTimeout: times.sessionMs,
      heartbeatInterval: times.heartbeatMs,
      maxBytesPerPartition: PARTITION_BYTES,
      maxBytes: MOST_BYTES,
      maxWaitTimeInMs: LONGEST_POLL_MS,
      // Ours is the way to begin anew: it tells of the trouble, and also takes what the library holds for final.
      retry: { retries: 2, restartOnFailure: () => Promise.resolve(false) },
    });
    try {
      await unlessAborted(this.readWith(consumer, signal), signal);
    } catch (error) {
      if (signal.aborted) return;
      this.report.fails(kafkaError(error), KAFKA);
      throw error;
    } finally {
      await orLate(LEAVE_WITHIN_MS, consumer.disconnect(), () => undefined).catch(() => undefined);
    }
  }

  private async readWith(consumer: Consumer, signal: AbortSignal): Promise<never> {
    const crashed = new Promise<never>((_resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    });
    crashed.catch(() => undefined);
    let joined = Infinity;
    consumer.on(consumer.events.GROUP_JOIN, () => (joined = performance.now()));
    consumer.on(consumer.events.FETCH, () => {
      if (performance.now() - joined >= this.times.steadyMs) this.report.works(KAFKA);
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [this.names.topic], fromBeginning: true });
    const intake = new BatchIntake(this.jobs, this.events(), signal);
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
      eachBatch: (payload) => intake.take(payload),
    });
    return crashed;
  }

  private events() {
    const { report } = this;
    return {
      taken: (what: 'added' | 'known' | 'refused', { sentAt }: { sentAt: number }) => {
        report.count(what);
        report.age(Date.now() - sentAt);
      },
      held: (error: unknown, partition: number) => report.fails(error, partOf(partition)),
      flowing: (partition: number) => report.works(partOf(partition)),
    };
  }
}
