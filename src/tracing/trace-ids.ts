import { createHash, type Hash } from 'node:crypto';
import type { RawPayload } from '../job/payload.js';

/** One attempt at an entry of a stream. */
export interface AttemptName {
  readonly stream: string;
  readonly entryId: string;
  readonly payload: RawPayload;
  /** How often this entry was delivered, this time included. */
  readonly deliveries: number;
}

/** The ids of a trace and of its first span, in hexadecimal digits. */
export interface TraceIds {
  readonly traceId: string;
  readonly spanId: string;
}

/** A longer text counts by its length and its beginning. Bytes. */
const DIGESTED = 4_096;
const TRACE_DIGITS = 32;
const SPAN_DIGITS = 16;

/**
 * The ids of an attempt. Computed, not drawn: so the next attempt, by whichever worker, can name this one without that anybody has
 * to keep it. The payload counts, since two servers may give the same id to entries of streams of the same name.
 */
export function idsOf(attempt: AttemptName): TraceIds {
  const hex = hashOf(attempt).update(`${attempt.deliveries}`).digest('hex');
  return { traceId: hex.slice(0, TRACE_DIGITS), spanId: hex.slice(TRACE_DIGITS, TRACE_DIGITS + SPAN_DIGITS) };
}

/** A number from 0 to 1, without 1, for an entry: the same for all its attempts. */
export function lotOf(attempt: AttemptName): number {
  return hashOf(attempt).digest().readUInt32BE() / 2 ** 32;
}

function hashOf({ stream, entryId, payload }: AttemptName): Hash {
  const hash = createHash('sha256').update(`${stream.length}:${stream} ${entryId} `);
  for (const text of payload) hash.update(`${text.length}:`).update(text.subarray(0, DIGESTED));
  return hash;
}
