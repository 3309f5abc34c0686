import { createHash, randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { SqsError } from './sqs-error.js';

/** How a queue behaves. Times in ms. */
export interface QueueOptions {
  readonly visibilityMs?: number;
  /** A message that was received more often goes to {@link SqsQueue.dead}. */
  readonly maxReceives?: number;
  /** Larger messages are refused, bytes. */
  readonly maxBytes?: number;
}

/** Text that goes with a message. */
export type Attributes = Record<string, { DataType: string; StringValue?: string }>;

/** What a sender sends. */
export interface SentMessage {
  readonly MessageBody: string;
  readonly MessageAttributes?: Attributes;
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
}

/** A message that the queue holds. */
export interface HeldMessage extends SentMessage {
  readonly id: string;
  readonly sentAt: number;
  readonly number: number;
  receives: number;
  /** ms since the epoch */
  visibleAt: number;
  /** Since when its last receiver has it; the queue hides it for 12 hours from then at most. */
  receivedAt: number;
  receipt: string | undefined;
}

/** No receiver may hide a message for longer. ms */
const LONGEST_HIDDEN_MS = 43_200_000;

/** One queue, as SQS keeps it. */
export class SqsQueue {
  readonly held: HeldMessage[] = [];
  /** What was received too often: SQS's own dead-letter queue. */
  readonly dead: HeldMessage[] = [];
  /** Every message that was ever taken, in order. */
  readonly sent: HeldMessage[] = [];
  readonly isFifo: boolean;
  /** Hides a message for at most so long after it was received, ms. */
  longestHiddenMs = LONGEST_HIDDEN_MS;
  private readonly arrivals = new EventEmitter().setMaxListeners(0);
  private readonly deduplicated = new Map<string, HeldMessage>();

  constructor(
    readonly name: string,
    readonly options: QueueOptions = {},
  ) {
    this.isFifo = name.endsWith('.fifo');
  }

  send(message: SentMessage): HeldMessage {
    this.check(message);
    const key = this.isFifo ? (message.MessageDeduplicationId as string) : undefined;
    const known = key === undefined ? undefined : this.deduplicated.get(key);
    if (known !== undefined) return known;
    const times = { sentAt: Date.now(), visibleAt: 0, receivedAt: 0 };
    const held = { ...message, id: randomUUID(), number: this.sent.length, receives: 0, receipt: undefined, ...times };
    if (key !== undefined) this.deduplicated.set(key, held);
    this.sent.push(held);
    this.held.push(held);
    this.arrivals.emit('message');
    return held;
  }

  /** Waits up to `waitMs` for a first message. */
  async receive(
    most: number,
    waitMs: number,
    visibilityMs: number | undefined,
    signal: AbortSignal,
  ): Promise<HeldMessage[]> {
    const deadline = Date.now() + waitMs;
    for (;;) {
      const found = this.takeVisible(most, visibilityMs ?? this.options.visibilityMs ?? 30_000);
      const leftMs = deadline - Date.now();
      if (found.length > 0 || leftMs <= 0 || signal.aborted) return found;
      // What is hidden becomes visible by itself.
      const timeout = AbortSignal.timeout(Math.min(leftMs, 25));
      await once(this.arrivals, 'message', { signal: timeout }).catch(() => undefined);
    }
  }

  /** With an old receipt nothing happens in a standard queue, and a FIFO queue refuses it. */
  delete(receipt: string): void {
    const message = this.held.find((each) => each.receipt === receipt);
    if (this.isFifo && message !== undefined && message.visibleAt <= Date.now()) {
      throw new SqsError(
        'InvalidParameterValue',
        `Value ${receipt} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
      );
    }
    const at = this.held.findIndex((message) => message.receipt === receipt);
    if (at >= 0) this.held.splice(at, 1);
  }

  changeVisibility(receipt: string, visibilityMs: number): void {
    const message = this.held.find((each) => each.receipt === receipt);
    if (message === undefined || message.visibleAt <= Date.now()) {
      throw new SqsError(
        'MessageNotInflight',
        'The specified message isn’t in flight.',
        'AWS.SimpleQueueService.MessageNotInflight',
      );
    }
    if (Date.now() + visibilityMs > message.receivedAt + this.longestHiddenMs) {
      throw new SqsError(
        'InvalidParameterValue',
        'Total VisibilityTimeout for the message is beyond the limit [43200 seconds]',
      );
    }
    message.visibleAt = Date.now() + visibilityMs;
    if (visibilityMs === 0) this.arrivals.emit('message');
  }

  /** Messages that a receiver has. */
  get inFlight(): number {
    return this.held.filter(({ visibleAt }) => visibleAt > Date.now()).length;
  }

  /** Shows messages again that receivers have: what a standard queue does now and then, and what a time-out does. */
  showAgain(): void {
    for (const message of this.held) message.visibleAt = 0;
    this.arrivals.emit('message');
  }

  private takeVisible(most: number, visibilityMs: number): HeldMessage[] {
    const now = Date.now();
    const busy = new Set(
      this.held.filter(({ visibleAt }) => visibleAt > now).map(({ MessageGroupId }) => MessageGroupId),
    );
    const found: HeldMessage[] = [];
    for (const message of [...this.held]) {
      if (found.length === most) break;
      if (message.visibleAt > now || (this.isFifo && busy.has(message.MessageGroupId))) continue;
      if (message.receives >= (this.options.maxReceives ?? Infinity)) this.bury(message);
      else found.push(message);
    }
    for (const message of found) {
      Object.assign(message, { receivedAt: now, visibleAt: now + visibilityMs, receipt: randomUUID() });
      message.receives += 1;
    }
    return found;
  }

  private bury(message: HeldMessage): void {
    this.held.splice(this.held.indexOf(message), 1);
    this.dead.push(message);
  }

  private check({ MessageBody, MessageGroupId, MessageDeduplicationId }: SentMessage): void {
    const { maxBytes = 1_048_576 } = this.options;
    if (Buffer.byteLength(MessageBody) > maxBytes) {
      throw new SqsError(
        'InvalidParameterValue',
        `One or more parameters are invalid. Reason: Message must be shorter than ${maxBytes} bytes.`,
      );
    }
    if (MessageBody === '')
      throw new SqsError('MissingParameter', 'The request must contain the parameter MessageBody.');
    if (!this.isFifo) return;
    if (MessageGroupId === undefined)
      throw new SqsError('MissingParameter', 'The request must contain the parameter MessageGroupId.');
    if (MessageDeduplicationId === undefined) {
      throw new SqsError(
        'InvalidParameterValue',
        'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
      );
    }
  }
}

/** As SQS gives it with each body. */
export function md5Of(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
