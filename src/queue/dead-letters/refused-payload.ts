import { isoTime } from '../../job/iso-time.js';
import type { RawPayload } from '../../job/payload.js';
import { DEAD_LETTER_FIELDS, keepable } from './dead-letter-fields.js';

/** Why something that came from elsewhere can never be a job. No secrets but in the payload. */
export interface RefusedPayload {
  /** As it came; empty when that is too much to be kept. */
  readonly payload: RawPayload;
  readonly code: string;
  /** A sentence, redacted. */
  readonly message: string;
  /** Where it came from, and by which name: `sqs road-jobs 7a1c…`. */
  readonly origin: string;
  /** When it was sent, ms since the epoch. */
  readonly sentAt: number;
  /** ms since the epoch */
  readonly now: number;
  /** Who refused it. */
  readonly worker: string;
}

/** The fields of a dead letter of what never was in a stream. @param stream where it goes when it is put back */
export function refusalFields(refusal: RefusedPayload, stream: string): (string | Buffer)[] {
  const f = DEAD_LETTER_FIELDS;
  return [
    ...keepable(refusal.payload),
    ...[f.code, refusal.code],
    ...[f.message, refusal.message],
    ...[f.step, 'relay'],
    ...[f.attempts, '0'],
    ...[f.firstAt, isoTime(refusal.sentAt) ?? ''],
    ...[f.lastAt, isoTime(refusal.now) ?? ''],
    ...[f.worker, refusal.worker],
    ...[f.stream, stream],
    ...[f.origin, refusal.origin],
  ];
}
