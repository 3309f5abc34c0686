import { InvalidJobError } from '../job/errors.js';
import type { JobIntake } from '../job/intake.js';
import { readFields, type Fields } from '../job/payload.js';
import { TRACEPARENT, traceparentField } from '../job/payload/traceparent.js';
import { isName } from '../lib/names.js';
import { ENVELOPE } from '../queue/names.js';

/** A message of another system that asks for a job. */
export interface IncomingMessage {
  /**
   * Its name at its source, for all time: of two messages of one name the second makes no job. A source that may begin to
   * count anew, as a topic that was deleted and made again, puts something in it that tells its lives apart.
   */
  readonly id: string;
  /** A job as any producer of streams writes it: a JSON object with the fields of the job, in envelopes or not. */
  readonly body: Buffer;
  /** What came beside the body: `kind`, `priority` and `traceparent` are looked at, and win over fields of the body. */
  readonly attributes?: Readonly<Record<string, string | undefined>>;
  /** When it was sent, ms since the epoch. */
  readonly sentAt: number;
}

/** How jobs of each kind are read, by kind; the first is meant where a message names none. */
export type Intakes = ReadonlyMap<string, JobIntake | undefined>;

/** A job that a message asks for. */
export interface IncomingJob {
  readonly kind: string;
  readonly lane: 'plain' | 'urgent';
  readonly fields: Readonly<Record<string, string>>;
}

/** What words for a high priority are in use. */
const URGENT = /^(?:urgent|high)$/i;
/** What says where the job goes and is no field of the job. */
const OF_THE_MESSAGE = ['kind', 'priority'];

/**
 * Reads a message as a worker would read the job. A message without a `jobId` gives the job its own name, so that who sent
 * it knows what the result will be called; without `enqueuedAt` it was queued when it was sent.
 * @throws InvalidJobError that says why it can never be a job; KIND_UNKNOWN, and those of the kind
 */
export function readMessage(message: IncomingMessage, intakes: Intakes): IncomingJob {
  const written = readFields([Buffer.from('payload'), message.body]);
  const kind = kindOf(message, written, intakes);
  const intake = intakes.get(kind);
  const trace = traceparentField(message.attributes?.[TRACEPARENT]);
  const given = { ...defaultsOf(message), ...textsOf(written), ...trace };
  const fields = intake?.complete(given) ?? given;
  const flat = Object.entries(fields).flat();
  intake?.parse(
    flat.map((text) => Buffer.from(text)),
    `${message.sentAt}-0`,
  );
  const priority = message.attributes?.['priority'] ?? written.get('priority') ?? '';
  return { kind, lane: URGENT.test(priority) ? 'urgent' : 'plain', fields };
}

/** The kind that a message is of, as far as that can be told: where its dead letter goes. */
export function likelyKind(message: IncomingMessage, intakes: Intakes): string {
  try {
    return kindOf(message, readFields([Buffer.from('payload'), message.body]), intakes);
  } catch {
    return knownKind(message.attributes?.['kind'], intakes) ?? firstKind(intakes);
  }
}

function kindOf({ attributes }: IncomingMessage, written: Fields, intakes: Intakes): string {
  const named = attributes?.['kind'] ?? written.get('kind');
  const kind = named === undefined ? firstKind(intakes) : knownKind(named, intakes);
  if (kind !== undefined) return kind;
  const known = [...intakes.keys()].join(', ');
  throw new InvalidJobError(
    'KIND_UNKNOWN',
    `The message names a kind of job that there is not; kind must be one of: ${known}.`,
  );
}

function knownKind(named: string | undefined, intakes: Intakes): string | undefined {
  return named !== undefined && intakes.has(named) ? named : undefined;
}

function firstKind(intakes: Intakes): string {
  return [...intakes.keys()][0] as string;
}

function defaultsOf({ id, sentAt }: IncomingMessage): Record<string, string> {
  return { ...(isName(id) ? { jobId: id } : {}), enqueuedAt: String(sentAt) };
}

/** What is empty was not given. What the queue itself notes in an entry would put off a job, or pass it for another one. */
function textsOf(written: Fields): Record<string, string> {
  const texts = written
    .names()
    .filter((name) => !OF_THE_MESSAGE.includes(name) && !name.startsWith(ENVELOPE))
    .map((name) => [name, written.get(name)] as const);
  return Object.fromEntries(texts.filter((pair): pair is [string, string] => pair[1] !== undefined));
}
