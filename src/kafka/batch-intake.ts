import { setTimeout as after } from 'node:timers/promises';
import type { Batch, EachBatchPayload, KafkaMessage, Offsets } from 'kafkajs';
import { TRACEPARENT } from '../job/payload/traceparent.js';
import type { IncomingMessage } from '../relay/incoming-message.js';
import type { JobsIn, Taken } from '../relay/jobs-in.js';
import { whileBeating } from './while-beating.js';

/** As many messages of a partition are in hand at once. */
const MOST_IN_HAND = 64;
/** Before what Redis did not take is tried again, and before it is asked again whether there is room. ms */
const WAIT_MS = 1_000;

/** Told as messages are taken. */
export interface IntakeEvents {
  taken(what: Taken, message: IncomingMessage): void;
  /** Redis does not take a job of the partition. */
  held(error: unknown, partition: number): void;
  /** It took all, or the partition is no longer ours. */
  flowing(partition: number): void;
}

type Jobs = Pick<JobsIn, 'take' | 'letGo' | 'hasRoom'>;

/**
 * Makes jobs of what a partition brings. An offset is committed once Redis has the jobs of all messages before it. While Redis
 * is away, or full, the messages stay in hand and the group hears that we are alive, so that nobody takes the partition over.
 */
export class BatchIntake {
  /** @param stop aborts when the process stops: what is in hand then comes again, to whoever reads on */
  constructor(
    private readonly jobs: Jobs,
    private readonly events: IntakeEvents,
    private readonly stop: AbortSignal,
  ) {}

  /** @throws what the group says when we no longer belong to it; the rest of the batch comes again */
  async take(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    for (const some of inPieces(batch.messages)) {
      const incoming = some.map((message) => incomingOf(batch, message));
      const lanes = lanesOf(some, incoming);
      const beat = () => payload.heartbeat();
      await whileBeating(beat, this.stop, (signal) => this.takeAll(lanes, batch.partition, signal));
      if (this.stop.aborted) return;
      const { offset } = some.at(-1) as KafkaMessage;
      // First told, then passed: what could not be committed is read again, and told again.
      await payload.commitOffsetsIfNecessary(offsetsAfter(batch, offset));
      payload.resolveOffset(offset);
      await this.jobs.letGo(incoming);
      await payload.heartbeat();
    }
  }

  private async takeAll(lanes: readonly IncomingMessage[][], partition: number, signal: AbortSignal): Promise<void> {
    const untilDone = async (step: () => Promise<boolean>): Promise<void> => {
      while (!signal.aborted && !(await this.tried(step, partition))) {
        await after(WAIT_MS, undefined, { signal }).catch(() => undefined);
      }
    };
    await untilDone(() => this.jobs.hasRoom());
    await Promise.all(
      lanes.map(async (lane) => {
        for (const message of lane) await untilDone(() => this.takeOne(message));
      }),
    );
    this.events.flowing(partition);
  }

  private async takeOne(message: IncomingMessage): Promise<boolean> {
    this.events.taken(await this.jobs.take(message), message);
    return true;
  }

  /** Gives false where it throws. */
  private async tried(step: () => Promise<boolean>, partition: number): Promise<boolean> {
    try {
      return await step();
    } catch (error) {
      this.events.held(error, partition);
      return false;
    }
  }
}

function* inPieces(messages: readonly KafkaMessage[]): Generator<KafkaMessage[]> {
  for (let at = 0; at < messages.length; at += MOST_IN_HAND) yield messages.slice(at, at + MOST_IN_HAND);
}

/** Messages of one key are taken one after the other, and so are those without; different keys side by side. */
function lanesOf(messages: readonly KafkaMessage[], incoming: readonly IncomingMessage[]): IncomingMessage[][] {
  const lanes = new Map<string, IncomingMessage[]>();
  messages.forEach(({ key }, i) => {
    const name = key?.toString('latin1') ?? '';
    const lane = lanes.get(name);
    if (lane === undefined) lanes.set(name, [incoming[i] as IncomingMessage]);
    else lane.push(incoming[i] as IncomingMessage);
  });
  return [...lanes.values()];
}

function offsetsAfter({ topic, partition }: Batch, offset: string): Offsets {
  return { topics: [{ topic, partitions: [{ partition, offset: String(BigInt(offset) + 1n) }] }] };
}

function incomingOf({ topic, partition }: Batch, { offset, timestamp, value, headers = {} }: KafkaMessage) {
  const text = (name: string) => headers[name]?.toString();
  return {
    // A topic that was made anew counts its offsets anew: the time tells its lives apart.
    id: `${topic}-${partition}-${offset}-${timestamp}`,
    body: value ?? Buffer.alloc(0),
    attributes: { kind: text('kind'), priority: text('priority'), [TRACEPARENT]: text(TRACEPARENT) },
    sentAt: timeOf(timestamp),
  };
}

/** A message may have none: -1. Then it counts as sent now. */
function timeOf(timestamp: string): number {
  const ms = Number(timestamp);
  return ms > 0 ? ms : Date.now();
}
