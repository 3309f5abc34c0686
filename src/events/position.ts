import { InvalidJobError } from '../job/errors.js';

/** Where a reader is: for each kind of job, in their order, the id of the last event that was read of its stream. */
export type Position = readonly string[];

/** Before the first entry of a stream. */
export const START = '0-0';

const FORM = /^\d{1,20}-\d{1,20}(?:~\d{1,20}-\d{1,20})*$/;
const MOST_CHARACTERS = 1_000;

/** A position as clients bring it back: in the `id:` of an event and in `Last-Event-ID`. */
export function positionText(position: Position): string {
  return position.join('~');
}

/**
 * Reads a position that a client brings back.
 * @throws InvalidJobError BAD_EVENT_ID when it is none
 */
export function readPosition(text: string): Position {
  if (text.length <= MOST_CHARACTERS && FORM.test(text)) return text.split('~');
  throw new InvalidJobError(
    'BAD_EVENT_ID',
    'Last-Event-ID must be the id of an event, as it was told: one or more entry ids joined by "~". Leave it out to begin now.',
  );
}

/** Whether the entry `a` comes after the entry `b`. */
export function isAfter(a: string, b: string): boolean {
  const [ms = 0n, seq = 0n] = a.split('-').map(BigInt);
  const [otherMs = 0n, otherSeq = 0n] = b.split('-').map(BigInt);
  return ms > otherMs || (ms === otherMs && seq > otherSeq);
}
