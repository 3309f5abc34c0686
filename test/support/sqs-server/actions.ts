import { SqsError } from './sqs-error.js';
import { md5Of, type HeldMessage, type SentMessage, type SqsQueue } from './sqs-queue.js';

/** What an action gets. */
export interface ActionCall {
  readonly queue: SqsQueue;
  readonly input: Record<string, unknown>;
  /** Entries of batches that hold such a text fail with such a code. */
  readonly failing: ReadonlyMap<string, string>;
  /** Aborts when the client is gone. */
  readonly signal: AbortSignal;
  readonly region: string;
}

export type Action = (call: ActionCall) => unknown;

interface Entry extends SentMessage {
  readonly Id: string;
  readonly ReceiptHandle: string;
  readonly VisibilityTimeout: number;
}

const MOST_ENTRIES = 10;
const MOST_BATCH_BYTES = 1_048_576;

/** What the stand-in can do. */
export const ACTIONS = {
  async ReceiveMessage({ queue, input, signal }: ActionCall): Promise<unknown> {
    const { MaxNumberOfMessages = 1, WaitTimeSeconds = 0, VisibilityTimeout } = input as Record<string, number>;
    const visibilityMs = VisibilityTimeout === undefined ? undefined : VisibilityTimeout * 1_000;
    const found = await queue.receive(MaxNumberOfMessages, WaitTimeSeconds * 1_000, visibilityMs, signal);
    return found.length === 0 ? {} : { Messages: found.map(toReceived) };
  },

  SendMessageBatch({ queue, input, failing }: ActionCall): unknown {
    const entries = entriesOf(input);
    if (entries.reduce((sum, { MessageBody }) => sum + Buffer.byteLength(MessageBody), 0) > MOST_BATCH_BYTES) {
      throw new SqsError(
        'BatchRequestTooLong',
        'Batch requests cannot be longer than 1048576 bytes.',
        'AWS.SimpleQueueService.BatchRequestTooLong',
      );
    }
    return eachOf(
      entries,
      failing,
      ({ MessageBody }) => MessageBody,
      (entry) => {
        const { id } = queue.send(entry);
        return { MessageId: id, MD5OfMessageBody: md5Of(entry.MessageBody) };
      },
    );
  },

  DeleteMessageBatch({ queue, input, failing }: ActionCall): unknown {
    const bodyOf = ({ ReceiptHandle }: Entry): string =>
      queue.held.find(({ receipt }) => receipt === ReceiptHandle)?.MessageBody ?? '';
    return eachOf(entriesOf(input), failing, bodyOf, ({ ReceiptHandle }) => queue.delete(ReceiptHandle));
  },

  ChangeMessageVisibilityBatch({ queue, input }: ActionCall): unknown {
    return eachOf(
      entriesOf(input),
      new Map(),
      () => '',
      ({ ReceiptHandle, VisibilityTimeout }) => queue.changeVisibility(ReceiptHandle, VisibilityTimeout * 1_000),
    );
  },

  GetQueueAttributes({ queue, region }: ActionCall): unknown {
    return {
      Attributes: {
        QueueArn: `arn:aws:sqs:${region}:000000000000:${queue.name}`,
        ApproximateNumberOfMessages: String(queue.held.length - queue.inFlight),
        ApproximateNumberOfMessagesNotVisible: String(queue.inFlight),
        VisibilityTimeout: String((queue.options.visibilityMs ?? 30_000) / 1_000),
        ...(queue.isFifo ? { FifoQueue: 'true' } : {}),
      },
    };
  },
} satisfies Record<string, Action>;

export type ActionName = keyof typeof ACTIONS;

function toReceived(message: HeldMessage): Record<string, unknown> {
  const { id, receipt, MessageBody, MessageAttributes, MessageGroupId, sentAt, receives } = message;
  return {
    ...{ MessageId: id, ReceiptHandle: receipt, Body: MessageBody, MD5OfBody: md5Of(MessageBody) },
    ...(MessageAttributes === undefined ? {} : { MessageAttributes }),
    Attributes: {
      SentTimestamp: String(sentAt),
      ApproximateReceiveCount: String(receives),
      ...(MessageGroupId === undefined ? {} : { MessageGroupId }),
    },
  };
}

function entriesOf({ Entries }: Record<string, unknown>): Entry[] {
  const entries = Entries as Entry[];
  const ids = new Set(entries.map(({ Id }) => Id));
  if (entries.length === 0)
    throw new SqsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > MOST_ENTRIES)
    throw new SqsError('TooManyEntriesInBatchRequest', 'Maximum number of entries per request are 10.');
  if (ids.size < entries.length) throw new SqsError('BatchEntryIdsNotDistinct', 'Id is repeated.');
  for (const { Id } of entries)
    if (!/^[\w-]{1,80}$/.test(Id))
      throw new SqsError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores.',
      );
  return entries;
}

function eachOf(
  entries: readonly Entry[],
  failing: ReadonlyMap<string, string>,
  textOf: (entry: Entry) => string,
  act: (entry: Entry) => unknown,
): unknown {
  const [Successful, Failed]: [object[], object[]] = [[], []];
  for (const entry of entries) {
    const { Id } = entry;
    const code = [...failing].find(([part]) => textOf(entry).includes(part))?.[1];
    try {
      if (code !== undefined)
        throw new SqsError(code, `It failed with ${code}.`, code, code.startsWith('Internal') ? 500 : 400);
      Successful.push({ Id, ...(act(entry) as object | undefined) });
    } catch (error) {
      if (!(error instanceof SqsError)) throw error;
      Failed.push({ Id, Code: error.queryCode, Message: error.message, SenderFault: error.status < 500 });
    }
  }
  return { ...(Successful.length > 0 ? { Successful } : {}), ...(Failed.length > 0 ? { Failed } : {}) };
}
