import type { Message } from '@aws-sdk/client-sqs';
import { TRACEPARENT } from '../job/payload/traceparent.js';
import type { IncomingMessage } from '../relay/incoming-message.js';

/** The attributes of a message that say something to us. */
export const LOOKED_AT = ['kind', 'priority', TRACEPARENT] as const;

/** A message of a queue that we have until it is deleted. */
export interface ReceivedMessage extends IncomingMessage {
  /** By which it is deleted. */
  readonly receipt: string;
  /** Messages of one group of a FIFO queue keep their order. */
  readonly group: string | undefined;
}

/** What a topic of SNS puts around a message, unless its subscription asks for raw delivery. */
interface Notification {
  readonly Type: 'Notification';
  readonly Message: string;
  readonly MessageAttributes?: Readonly<Record<string, { readonly Value?: unknown } | undefined>>;
}

/** Reads what the SDK gives; a notification of SNS is the message inside it. */
export function toReceived(message: Message): ReceivedMessage {
  const { MessageId = '', ReceiptHandle = '', Body = '', Attributes, MessageAttributes = {} } = message;
  const sentAt = Number(Attributes?.SentTimestamp ?? NaN);
  const own = Object.fromEntries(LOOKED_AT.map((name) => [name, MessageAttributes[name]?.StringValue]));
  const { text, attributes } = openNotification(Body);
  return {
    ...{ id: MessageId, receipt: ReceiptHandle, group: Attributes?.MessageGroupId },
    body: Buffer.from(text),
    attributes: { ...attributes, ...definedOf(own) },
    sentAt: Number.isFinite(sentAt) ? sentAt : Date.now(),
  };
}

function openNotification(body: string): { text: string; attributes: Record<string, string> } {
  const notification = body.includes('"Notification"') ? parsed(body) : undefined;
  if (notification === undefined) return { text: body, attributes: {} };
  const given = notification.MessageAttributes ?? {};
  const looked = LOOKED_AT.map((name) => [name, textOf(given[name])] as const);
  return { text: notification.Message, attributes: definedOf(Object.fromEntries(looked)) };
}

function parsed(body: string): Notification | undefined {
  try {
    const value = JSON.parse(body) as Partial<Notification> | null;
    return value?.Type === 'Notification' && typeof value.Message === 'string' ? (value as Notification) : undefined;
  } catch {
    return undefined;
  }
}

function textOf(attribute: { readonly Value?: unknown } | undefined): string | undefined {
  return typeof attribute?.Value === 'string' ? attribute.Value : undefined;
}

function definedOf(texts: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter((pair): pair is [string, string] => pair[1] !== undefined));
}
