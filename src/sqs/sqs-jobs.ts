import { setTimeout as after } from 'node:timers/promises';
import { OutageError } from '../job/errors.js';
import { Repeating, UNTOLD } from '../lib/repeating.js';
import type { JobsIn } from '../relay/jobs-in.js';
import type { RelayReport } from '../relay/relay-report.js';
import { HeldMessages } from './held-messages.js';
import { toReceived, type ReceivedMessage } from './received-message.js';
import type { SqsQueue } from './sqs-queue.js';

/** Between two looks whether Redis has room, ms. */
const ROOM_EVERY_MS = 1_000;

/** The queue gave the message to somebody else meanwhile: it comes again, is known, and can be deleted then. */
function isLate(code: string | undefined): boolean {
  return code !== undefined && /ReceiptHandleIsInvalid|InvalidParameterValue/.test(code);
}

/**
 * Makes jobs of the messages of a queue. Ten are in hand at most: each is deleted once its job is in Redis; while Redis is away,
 * or SQS does not delete them, they are kept hidden from others, and nothing more is received.
 */
export class SqsJobs {
  private readonly loop: Repeating;
  private failures = 0;

  constructor(
    private readonly queue: SqsQueue,
    private readonly jobs: JobsIn,
    private readonly report: RelayReport,
  ) {
    const everyMs = (): number => (this.failures === 0 ? ROOM_EVERY_MS : this.waitMs());
    this.loop = new Repeating((signal) => this.takeSome(signal), { everyMs, events: UNTOLD, endsWithProcess: true });
  }

  start(): void {
    this.loop.start();
  }

  /** Ends soon: a call that waits for messages is ended, and what is in hand and no job yet is shown to others again. */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** Gives whether to go on at once. */
  private async takeSome(signal: AbortSignal): Promise<boolean> {
    try {
      if (!(await this.jobs.hasRoom())) return false;
      // After a failure it does not wait for a message: that all is well again is told at once.
      const messages = (await this.queue.receive(signal, this.failures > 0 ? 0 : undefined)).map(toReceived);
      if (messages.length === 0) this.report.age(0);
      else await this.carry(messages, signal);
      if (!signal.aborted) this.fine();
      return true;
    } catch (error) {
      if (!signal.aborted) this.trouble(error);
      return false;
    }
  }

  private async carry(messages: readonly ReceivedMessage[], signal: AbortSignal): Promise<void> {
    this.report.age(Date.now() - Math.min(...messages.map(({ sentAt }) => sentAt)));
    const held = new HeldMessages(this.queue, messages);
    try {
      const taken = new Set<ReceivedMessage>();
      await this.untilDone(signal, held, () => this.takeAll(held, taken));
      await this.untilDone(signal, held, () => this.deleteAll(held, taken));
    } finally {
      await held.release();
    }
  }

  /** Tries again and again, while there is something in hand. */
  private async untilDone(signal: AbortSignal, held: HeldMessages, act: () => Promise<void>): Promise<void> {
    while (held.all.length > 0) {
      try {
        await act();
        this.fine();
        return;
      } catch (error) {
        // What was taken by now is deleted all the same: a stop is no reason to have it come again.
        if (signal.aborted) return;
        this.trouble(error);
        await after(this.waitMs(), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  private async takeAll(held: HeldMessages, taken: Set<ReceivedMessage>): Promise<void> {
    for (const message of held.all) {
      if (taken.has(message)) continue;
      this.report.count(await this.jobs.take(message));
      taken.add(message);
    }
  }

  /** Deletes what was taken. */
  private async deleteAll(held: HeldMessages, taken: ReadonlySet<ReceivedMessage>): Promise<void> {
    const messages = held.all.filter((message) => taken.has(message));
    if (messages.length === 0) return;
    const failed = await this.queue.delete(messages.map(({ receipt }) => receipt));
    const gone = messages.filter((_, i) => !failed.has(i));
    const late = messages.filter((_, i) => isLate(failed.get(i)?.code));
    held.drop(new Set([...gone, ...late]));
    await this.jobs.letGo(gone);
    const first = [...failed.values()].find(({ code }) => !isLate(code));
    if (first === undefined) return;
    const sentence = `DeleteMessageBatch at ${this.queue.name}: ${failed.size} messages were not deleted (${first.code}).`;
    throw new OutageError('SQS_NOT_DELETED', sentence);
  }

  private fine(): void {
    this.failures = 0;
    this.report.works();
  }

  private trouble(error: unknown): void {
    this.failures += 1;
    this.report.count('failed');
    this.report.fails(error);
  }

  private waitMs(): number {
    const { firstWaitMs, longestWaitMs } = this.queue.pace;
    return Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(10, this.failures - 1));
  }
}
