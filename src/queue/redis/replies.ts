import type { RawPayload } from '../../job/payload.js';
import type { Delivery, Rescue } from '../job-queue.js';
import { ENVELOPE } from './keys.js';

/** An entry as Redis gives it with Buffer replies: its id, then field, value, field, value… */
export type RawEntry = [id: Buffer, fields: Buffer[]];

/** The name of the envelope's field that holds the id under which a job first came in. */
export const SOURCE_FIELD = `${ENVELOPE}source`;
/** The envelope's field that holds the deliveries a job had before its entry was added again. */
export const DELIVERIES_FIELD = `${ENVELOPE}deliveries`;
/** The field of a result that names the stream and the entry it is of. */
export const ENTRY_FIELD = `${ENVELOPE}entry`;

const ENVELOPE_BYTES = Buffer.from(ENVELOPE);

/** Makes a delivery of an entry; the envelope, if there is one, is taken off the payload. */
export function toDelivery(lane: string, [id, fields]: RawEntry, deliveries: number): Delivery {
  const entryId = id.toString('latin1');
  if (!isEnveloped(fields)) {
    return { entryId, sourceId: entryId, lane, payload: fields, deliveries, carried: 0, again: deliveries > 1 };
  }
  const { payload, source, carried } = openEnvelope(fields);
  return {
    entryId,
    sourceId: source ?? entryId,
    lane,
    payload,
    deliveries: deliveries + carried,
    carried,
    again: deliveries + carried > 1,
  };
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
  rescued: [lane: number, entry: RawEntry, deliveries: number][],
];

/** Reads the reply of the script `rescue`. */
export function toRescue(reply: unknown, lanes: readonly string[]): Rescue {
  const [grace, paused, cancelled, trimmed, rescued] = reply as RescueReply;
  return {
    deliveries: rescued.map(([lane, entry, deliveries]) => toDelivery(laneAt(lanes, lane), entry, deliveries)),
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

/** The deliveries of a read of new entries. */
export function toDeliveries(reply: ReadReply): Delivery[] {
  if (reply === null) return [];
  return reply.flatMap(([stream, entries]) => {
    const lane = stream.toString();
    return entries.map((entry) => toDelivery(lane, entry, 1));
  });
}

/** The payload with an envelope, for an entry that has to be added again. */
export function enveloped(delivery: Delivery, deliveriesBefore: number): (string | Buffer)[] {
  return [...delivery.payload, SOURCE_FIELD, delivery.sourceId, DELIVERIES_FIELD, String(deliveriesBefore)];
}

/** Envelope fields are always written last, so one look at the last name tells. */
function isEnveloped(fields: RawPayload): boolean {
  const lastName = fields[fields.length - 2];
  return lastName !== undefined && startsWith(lastName, ENVELOPE_BYTES);
}

function openEnvelope(fields: Buffer[]): { payload: Buffer[]; source: string | undefined; carried: number } {
  const payload: Buffer[] = [];
  let source: string | undefined;
  let carried = 0;
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const name = fields[i] as Buffer;
    const value = fields[i + 1] as Buffer;
    if (!startsWith(name, ENVELOPE_BYTES)) payload.push(name, value);
    else if (name.toString('latin1') === SOURCE_FIELD) source = entryIdIn(value);
    else if (name.toString('latin1') === DELIVERIES_FIELD) carried = countIn(value);
  }
  return { payload, source, carried };
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

function startsWith(bytes: Buffer, prefix: Buffer): boolean {
  return bytes.length >= prefix.length && bytes.compare(prefix, 0, prefix.length, 0, prefix.length) === 0;
}
