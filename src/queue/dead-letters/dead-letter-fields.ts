import type { RawPayload } from '../../job/payload.js';
import type { Delivery, DiscardReport } from '../job-queue.js';
import { isoTime } from '../../job/iso-time.js';
import { ENVELOPE } from '../names.js';
import { SOURCE_FIELD } from '../replies.js';

/** Our fields in a dead-letter entry, behind the original ones as they came. */
export const DEAD_LETTER_FIELDS = {
  code: `${ENVELOPE}code`,
  message: `${ENVELOPE}message`,
  step: `${ENVELOPE}step`,
  attempts: `${ENVELOPE}attempts`,
  /** When the job first came in, by its first entry's id; ISO 8601. */
  firstAt: `${ENVELOPE}firstAt`,
  /** When it was discarded; ISO 8601. */
  lastAt: `${ENVELOPE}lastAt`,
  worker: `${ENVELOPE}worker`,
  stream: `${ENVELOPE}stream`,
  source: SOURCE_FIELD,
  /** Where it came from and by which name, when it never was in the stream: `sqs road-jobs 7a1c…`. */
  origin: `${ENVELOPE}origin`,
  /** A payload of more fields than a script can pass on, as JSON: names and values in base64. It cannot be redriven. */
  payload: `${ENVELOPE}payload`,
} as const;

/** Values, names included. A Lua script passes on some 8,000; no job has a tenth of it. */
const MOST_VALUES = 2_000;

/** The fields of a dead-letter entry: the payload byte for byte, then what a person needs to act on it. */
export function deadLetterFields(
  delivery: Delivery,
  report: DiscardReport,
  worker: string,
  now: number,
): (string | Buffer)[] {
  const f = DEAD_LETTER_FIELDS;
  return [
    ...keepable(delivery.payload),
    ...[f.code, report.code],
    ...[f.message, report.message],
    ...[f.step, report.step ?? ''],
    ...[f.attempts, String(report.attempts)],
    ...[f.firstAt, isoTime(Number(delivery.sourceId.split('-')[0])) ?? ''],
    ...[f.lastAt, isoTime(now) ?? ''],
    ...[f.worker, worker],
    ...[f.stream, delivery.lane],
    ...[f.source, delivery.sourceId],
  ];
}

/** A payload as a dead letter keeps it. */
export function keepable(payload: RawPayload): readonly (string | Buffer)[] {
  if (payload.length <= MOST_VALUES) return payload;
  return [DEAD_LETTER_FIELDS.payload, JSON.stringify(payload.map((value) => value.toString('base64')))];
}
