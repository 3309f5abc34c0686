import type { RawPayload } from '../job/payload.js';
import type { Delivery, Rescue, Standing } from './job-queue.js';
import { ENVELOPE } from './names.js';

/** An entry as Redis gives it with Buffer replies: its id, then field, value, field, value… */
export type RawEntry = [id: Buffer, fields: Buffer[]];

/** The name of the envelope's field that holds the id under which a job first came in. */
export const SOURCE_FIELD = `${ENVELOPE}source`;
/** The envelope's field that holds the deliveries a job had before its entry was added again. */
export const DELIVERIES_FIELD = `${ENVELOPE}deliveries`;
/** The envelope's field that says from when on a job may run that was put back slowly; ms since the epoch, by Redis' clock. */
export const NOT_BEFORE_FIELD = `${ENVELOPE}notBefore`;
/** The field of a result that names the stream and the entry it is of. */
export const ENTRY_FIELD = `${ENVELOPE}entry`;

const ENVELOPE_BYTES = Buffer.from(ENVELOPE);

/** An entry as scripts give it: in place of more bytes than anybody should read stands their number. */
export type BoundedEntry = RawEntry | [id: Buffer, bytes: number];

let lastNumber = 0;

/** Makes a delivery of an entry; the envelope, if there is one, is taken off the payload. */
export function toDelivery(lane: string, life: string, [id, held]: BoundedEntry, deliveries: number): Delivery {
  const entryId = id.toString('latin1');
  const name = { entryId, lane, life, number: (lastNumber += 1) };
  if (typeof held === 'number') return { ...name, ...unread(entryId, deliveries), tooLargeBytes: held };
  if (!isEnveloped(held)) return { ...name, ...unread(entryId, deliveries), payload: held };
  const { payload, source, carried, notBefore } = openEnvelope(held);
  const all = deliveries + carried;
  return { ...name, sourceId: source ?? entryId, payload, deliveries: all, carried, again: all > 1, notBefore };
}

function unread(entryId: string, deliveries: number): Omit<Delivery, 'entryId' | 'lane' | 'life' | 'number'> {
  return { sourceId: entryId, payload: [], deliveries, carried: 0, again: deliveries > 1 };
}

/** A delivery of which nothing but its place in the pending list is known. */
export function toStray(lane: string, life: string, entryId: string, deliveries: number): Delivery {
  return { entryId, lane, life, number: (lastNumber += 1), ...unread(entryId, deliveries), again: false };
}

const STANDINGS = { 1: 'ours', 2: 'gone', 3: 'others', 4: 'ours' } as const;

/** Reads how a delivery stands, as `lib/standing.lua` gives it; what we have settled before was ours. */
export function toStanding(reply: unknown): Standing {
  return STANDINGS[reply as keyof typeof STANDINGS];
}

/** The lane behind a script's lane number, which counts from 1. */
export function laneAt(lanes: readonly string[], number: number): string {
  return lanes[number - 1] as string;
}

type RescueReply = [
  grace: number,
  paused: number,
  cancelled: Buffer[],
  trimmed: Buffer[],
  unindexed: number[],
  rescued: [lane: number, life: Buffer, entry: BoundedEntry, deliveries: number][],
];

/** Reads the reply of the script `rescue`; `unindexed` are the lanes whose index of what waits has gaps. */
export function toRescue(reply: unknown, lanes: readonly string[]): Rescue & { unindexed: string[] } {
  const [grace, paused, cancelled, trimmed, unindexed, rescued] = reply as RescueReply;
  return {
    unindexed: unindexed.map((lane) => laneAt(lanes, lane)),
    deliveries: rescued.map(([lane, life, entry, deliveries]) =>
      toDelivery(laneAt(lanes, lane), life.toString('latin1'), entry, deliveries),
    ),
    trimmed: trimmed.map((id) => id.toString('latin1')),
    grace: grace === 1,
    paused: paused === 1,
    cancelled: toCancelled(cancelled),
  };
}

function toCancelled(flat: readonly Buffer[]): Map<string, number> {
  const cancelled = new Map<string, number>();
  for (let i = 0; i + 1 < flat.length; i += 2) cancelled.set(String(flat[i]), Number(flat[i + 1]));
  return cancelled;
}

/** What `XREADGROUP` answers: entries by stream, or nil. */
export type ReadReply = [stream: Buffer, entries: RawEntry[]][] | null;

/** The deliveries of a read of new entries, in the lives that their lanes had by then. */
export function toDeliveries(reply: ReadReply, lanes: readonly string[], lives: readonly string[]): Delivery[] {
  if (reply === null) return [];
  return reply.flatMap(([stream, entries]) => {
    const lane = stream.toString();
    const life = lives[lanes.indexOf(lane)] ?? '';
    return entries.map((entry) => toDelivery(lane, life, entry, 1));
  });
}

type ClaimReply = [lane: number, life: Buffer, entries: BoundedEntry[]][];

/** Reads the reply of the script `claim`. */
export function toClaimed(reply: unknown, lanes: readonly string[]): Delivery[] {
  return (reply as ClaimReply).flatMap(([number, life, entries]) => {
    const lane = laneAt(lanes, number);
    const name = life.toString('latin1');
    return entries.map((entry) => toDelivery(lane, name, entry, 1));
  });
}

/** The payload with an envelope, for an entry that has to be added again. */
export function enveloped(delivery: Delivery, deliveriesBefore: number): (string | Buffer)[] {
  const { payload, sourceId, notBefore } = delivery;
  const turn = notBefore === undefined ? [] : [NOT_BEFORE_FIELD, String(notBefore)];
  return [...payload, ...turn, SOURCE_FIELD, sourceId, DELIVERIES_FIELD, String(deliveriesBefore)];
}

/** Envelope fields are always written last, so one look at the last name tells. */
function isEnveloped(fields: RawPayload): boolean {
  const lastName = fields[fields.length - 2];
  return lastName !== undefined && startsWith(lastName, ENVELOPE_BYTES);
}

interface Opened {
  readonly payload: Buffer[];
  readonly source: string | undefined;
  readonly carried: number;
  readonly notBefore: number | undefined;
}

function openEnvelope(fields: Buffer[]): Opened {
  const payload: Buffer[] = [];
  let source: string | undefined;
  let notBefore: number | undefined;
  let carried = 0;
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const name = fields[i] as Buffer;
    const value = fields[i + 1] as Buffer;
    if (!startsWith(name, ENVELOPE_BYTES)) payload.push(name, value);
    else if (name.toString('latin1') === SOURCE_FIELD) source = entryIdIn(value);
    else if (name.toString('latin1') === DELIVERIES_FIELD) carried = countIn(value);
    else if (name.toString('latin1') === NOT_BEFORE_FIELD) notBefore = timeIn(value);
  }
  return { payload, source, carried, notBefore };
}

// Anybody may write to the stream: what claims to be an id or a count has to look like one.
function entryIdIn(value: Buffer): string | undefined {
  const text = value.toString('latin1');
  return /^\d{1,20}-\d{1,20}$/.test(text) ? text : undefined;
}

function countIn(value: Buffer): number {
  const text = value.toString('latin1');
  return /^\d{1,6}$/.test(text) ? Number(text) : 0;
}

function timeIn(value: Buffer): number | undefined {
  const text = value.toString('latin1');
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function startsWith(bytes: Buffer, prefix: Buffer): boolean {
  return bytes.length >= prefix.length && bytes.compare(prefix, 0, prefix.length, 0, prefix.length) === 0;
}
