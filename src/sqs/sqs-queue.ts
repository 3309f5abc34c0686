import type { BatchResultErrorEntry, Message, SendMessageBatchRequestEntry, SQSClient } from '@aws-sdk/client-sqs';
import { openClient, type SqsLibrary } from './open-sqs.js';
import { LOOKED_AT } from './received-message.js';
import { isOfCredentials, sqsError } from './sqs-error.js';
import type { SqsKeys, SqsPace, SqsQueueSettings } from './sqs-settings.js';

/** As many as one call takes or gives. */
export const MOST_AT_ONCE = 10;

/** What became of the entries of a batch: the positions of those that failed, with the code and whether we are to blame. */
export type Failed = ReadonlyMap<number, { readonly code: string; readonly isOurs: boolean }>;

/** One queue of SQS. Its calls reject with an `OutageError` (`SQS_…`) that says to the operator what is wrong. */
export class SqsQueue {
  readonly isFifo: boolean;
  private client: SQSClient | undefined;

  constructor(
    private readonly library: SqsLibrary,
    private readonly settings: SqsQueueSettings,
    private readonly keys: SqsKeys,
    readonly pace: SqsPace,
  ) {
    this.isFifo = settings.url.endsWith('.fifo');
  }

  get name(): string {
    return this.settings.name;
  }

  /** Up to ten messages, hidden from others from then on. @param WaitTimeSeconds how long to wait for a first one */
  async receive(signal: AbortSignal, WaitTimeSeconds = this.pace.waitSeconds): Promise<Message[]> {
    const { visibilitySeconds: VisibilityTimeout } = this.pace;
    const input = {
      ...{ QueueUrl: this.settings.url, MaxNumberOfMessages: MOST_AT_ONCE, WaitTimeSeconds, VisibilityTimeout },
      MessageSystemAttributeNames: ['SentTimestamp' as const, 'MessageGroupId' as const],
      MessageAttributeNames: [...LOOKED_AT],
    };
    const { ReceiveMessageCommand } = this.library;
    const { Messages = [] } = await this.call('ReceiveMessage from', (client) =>
      client.send(new ReceiveMessageCommand(input), { abortSignal: signal }),
    );
    return Messages;
  }

  async delete(receipts: readonly string[]): Promise<Failed> {
    const Entries = receipts.map((ReceiptHandle, i) => ({ Id: String(i), ReceiptHandle }));
    const { DeleteMessageBatchCommand } = this.library;
    const command = new DeleteMessageBatchCommand({ QueueUrl: this.settings.url, Entries });
    return failedOf(await this.call('DeleteMessageBatch at', (client) => client.send(command)));
  }

  /** Hides messages for so long from now on. @param seconds 0: others may have them at once */
  async hide(receipts: readonly string[], seconds: number): Promise<Failed> {
    const entry = (ReceiptHandle: string, i: number) => ({ Id: String(i), ReceiptHandle, VisibilityTimeout: seconds });
    const { ChangeMessageVisibilityBatchCommand } = this.library;
    const command = new ChangeMessageVisibilityBatchCommand({
      QueueUrl: this.settings.url,
      Entries: receipts.map(entry),
    });
    return failedOf(await this.call('ChangeMessageVisibilityBatch at', (client) => client.send(command)));
  }

  async send(entries: readonly Omit<SendMessageBatchRequestEntry, 'Id'>[], signal: AbortSignal): Promise<Failed> {
    const Entries = entries.map((entry, i) => ({ ...entry, Id: String(i) }));
    const { SendMessageBatchCommand } = this.library;
    const command = new SendMessageBatchCommand({ QueueUrl: this.settings.url, Entries });
    return failedOf(await this.call('SendMessageBatch to', (client) => client.send(command, { abortSignal: signal })));
  }

  /** How many messages wait there. */
  async waiting(): Promise<number> {
    const { GetQueueAttributesCommand } = this.library;
    const AttributeNames = ['ApproximateNumberOfMessages' as const];
    const command = new GetQueueAttributesCommand({ QueueUrl: this.settings.url, AttributeNames });
    const { Attributes } = await this.call('GetQueueAttributes of', (client) => client.send(command));
    return Number(Attributes?.['ApproximateNumberOfMessages'] ?? 0);
  }

  close(): void {
    this.client?.destroy();
    this.client = undefined;
  }

  private async call<T>(what: string, work: (client: SQSClient) => Promise<T>): Promise<T> {
    this.client ??= openClient(this.library, this.settings, this.keys, this.pace);
    const { client } = this;
    try {
      return await work(client);
    } catch (error) {
      const told = sqsError(error, `${what} ${this.name}`);
      // A client holds on to the credentials that it found; the next one looks for them again.
      if (isOfCredentials(told) && this.client === client) this.close();
      throw told;
    }
  }
}

function failedOf({ Failed = [] }: { Failed?: BatchResultErrorEntry[] | undefined }): Failed {
  return new Map(
    Failed.map(({ Id, Code = 'unknown', SenderFault = false }) => [Number(Id), { code: Code, isOurs: SenderFault }]),
  );
}
