import type { SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import { OutageError } from '../job/errors.js';
import { typedResult } from '../job/typed-result.js';
import type { OutgoingResult, SendAnswer, SendResults } from '../relay/results-out.js';
import type { Failed, SqsQueue } from './sqs-queue.js';

type Entry = Omit<SendMessageBatchRequestEntry, 'Id'>;

/** As much goes in one call; some servers take no more, SQS takes four times that. bytes */
const MOST_BYTES = 262_144;
/** What SQS says of a message that it will never take. */
const FOR_GOOD =
  /InvalidMessageContents|InvalidParameterValue|BatchRequestTooLong|InvalidAttributeValue|UnsupportedOperation/;

/** Sends results to a queue: ten a call at most, and no more bytes than a call may have. */
export function sendToQueue(queue: SqsQueue): SendResults {
  return async (results, signal) => {
    const sent: string[] = [];
    const refused: { id: string; why: string }[] = [];
    try {
      for (const some of batchesOf(results.map((result) => ({ result, entry: entryOf(result, queue.isFifo) })))) {
        const failed = await queue
          .send(
            some.map(({ entry }) => entry),
            signal,
          )
          .catch((error: unknown) => tooLong(some.length, error));
        let again: string | undefined;
        for (const [i, { result }] of some.entries()) {
          const { code, isOurs } = failed.get(i) ?? {};
          if (code === undefined) sent.push(result.id);
          else if (isOurs === true && FOR_GOOD.test(code))
            refused.push({ id: result.id, why: refusalOf(result, code) });
          else again = code;
        }
        if (again !== undefined) throw notSent(queue, again);
      }
      return { sent, refused };
    } catch (error) {
      return { sent, refused, error } satisfies SendAnswer;
    }
  };
}

/** The result as a message: JSON, with numbers as numbers. */
export function entryOf({ kind, id, fields }: OutgoingResult, isFifo: boolean): Entry {
  const attribute = (text: string) => ({ DataType: 'String', StringValue: text });
  const { outcome = 'completed', cctvId = '' } = fields;
  // Two characters that JSON may hold, and a message of SQS may not.
  const body = JSON.stringify({ kind, resultId: id, ...typedResult(fields) }).replace(
    /[\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16)}`,
  );
  return {
    MessageBody: body,
    MessageAttributes: { kind: attribute(kind), outcome: attribute(outcome) },
    ...(isFifo ? { MessageGroupId: cctvId === '' ? kind : cctvId, MessageDeduplicationId: `${kind}-${id}` } : {}),
  };
}

function batchesOf<T extends { entry: Entry }>(all: readonly T[]): T[][] {
  const batches: T[][] = [];
  let bytes = Infinity;
  for (const each of all) {
    const size = Buffer.byteLength(each.entry.MessageBody ?? '');
    if (bytes + size > MOST_BYTES) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)?.push(each);
    bytes += size;
  }
  return batches;
}

/** A call is refused as a whole when it is too long: of one message it says that SQS never takes it. @throws all other errors */
function tooLong(entries: number, error: unknown): Failed {
  const { cause } = error as { readonly cause?: unknown };
  const isTooLong = cause instanceof Error && cause.name.includes('BatchRequestTooLong');
  if (entries > 1 || !isTooLong) throw error;
  return new Map([[0, { code: 'BatchRequestTooLong', isOurs: true }]]);
}

function refusalOf({ kind, fields }: OutgoingResult, code: string): string {
  return `SQS never takes the result of the ${kind} ${fields['jobId'] ?? ''} (${code}); it stays among the results in Redis.`;
}

function notSent(queue: SqsQueue, code: string): OutageError {
  return new OutageError('SQS_NOT_SENT', `SendMessageBatch to ${queue.name}: not every result was taken (${code}).`);
}
