import type { Job } from '../job/handler.js';
import { inspectionNeedsMs } from '../job/inspection-time.js';
import { parseTime, readFields, type Fields, type RawPayload } from '../job/payload.js';
import { quote, refusal } from '../job/payload/refusal.js';
import { redactUrl } from '../job/redact.js';

/** A request to watch one camera and inspect its road. */
export interface InspectionJob extends Job {
  /** The camera's HLS playlist: http or https, not yet checked against the URL policy. May carry secrets. */
  hls: string;
  /** How much video to watch, s. */
  seconds: number;
}

/** What {@link parseInspectionJob} needs besides the payload. */
export interface InspectionJobOptions {
  /** The stream entry's id, `<ms>-<n>`: the default for the job's name and time. */
  entryId: string;
  /** Most that `sec` may be, s. */
  maxSeconds: number;
  /** The IANA zone for times without one; UTC if left out. */
  zone?: string;
  /** Told of what could be read only with an assumption. */
  warn?: (warning: string) => void;
}

const DEFAULT_SECONDS = 20;

const NAME = /^[A-Za-z0-9._-]{1,128}$/;
const MAX_URL_LENGTH = 4096;
const MAX_PRIOR_ATTEMPTS = 1000;
const LATEST_MS = Date.UTC(9999, 11, 31);

/**
 * Reads a preprocess job, whatever Spring producer wrote it.
 * @throws InvalidJobError MISSING_FIELD, BAD_FIELD, URL_NOT_ALLOWED, and those of `readFields`
 */
export function parseInspectionJob(payload: RawPayload, options: InspectionJobOptions): InspectionJob {
  const fields = readFields(payload);
  const seconds = readWhole(fields, 'sec', { fallback: DEFAULT_SECONDS, min: 1, max: options.maxSeconds });
  return {
    jobId: readName('jobId', fields.get('jobId') ?? options.entryId),
    cctvId: readName('cctvId', fields.require('cctvId')),
    hls: readUrl('hls', fields.require('hls')),
    seconds,
    needsMs: inspectionNeedsMs(seconds),
    priorAttempts: readWhole(fields, 'attempt', { fallback: 0, min: 0, max: MAX_PRIOR_ATTEMPTS }),
    enqueuedAt: readTime(fields, 'enqueuedAt', options),
  };
}

/** Names end up in paths and object names: nothing that could mean more than itself is let through. */
function readName(field: string, text: string): string {
  if (NAME.test(text) && text !== '.' && text !== '..') return text;
  throw badField(field, text, 'must be 1 to 128 of letters, digits, ".", "_" and "-", and not "." or ".."');
}

function readUrl(field: string, text: string): string {
  if (text.length > MAX_URL_LENGTH)
    throw refusal('BAD_FIELD', `The field "${field}" is longer than ${MAX_URL_LENGTH} characters.`);
  // URL parsers differ on white space and backslashes; what they could read in two ways is refused.
  if (/[\s\\]/.test(text) || !URL.canParse(text)) {
    throw refusal(
      'BAD_FIELD',
      `The field "${field}" must be an absolute URL, such as https://example.com/stream.m3u8.`,
    );
  }
  if (/^https?:\/\//i.test(text)) return text;
  throw refusal(
    'URL_NOT_ALLOWED',
    `The field "${field}" must be an http or https URL; it is ${quote(redactUrl(text))}.`,
  );
}

const DECIMAL = /^[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?$/;

/** Java writes 20 as `20`, `20.0` or `2.0E1`, by the type of the field. */
function readWhole(fields: Fields, field: string, range: { fallback: number; min: number; max: number }): number {
  const text = fields.get(field);
  if (text === undefined) return range.fallback;
  const value = DECIMAL.test(text) ? Number(text) : NaN;
  if (Number.isInteger(value) && value >= range.min && value <= range.max) return value;
  throw badField(field, text, `must be a whole number from ${range.min} to ${range.max}`);
}

function readTime(fields: Fields, field: string, options: InspectionJobOptions): number {
  const text = fields.get(field);
  // 0 is what a Java long holds that nobody set.
  if (text === undefined || text === '0') return timeOfEntry(options.entryId);
  const time = parseTime(text, options.zone);
  if (time === undefined) throw badField(field, text, 'must be a time: ms since the epoch, or as 2026-11-21T22:00:00Z');
  if (time.warning !== undefined) options.warn?.(time.warning);
  return time.ms;
}

/** The time at which Redis gave out `entryId`, ms since the epoch. Ids made by hand may lie beyond what a date can hold. */
function timeOfEntry(entryId: string): number {
  return Math.min(Number.parseInt(entryId, 10) || 0, LATEST_MS);
}

function badField(field: string, text: string, rule: string): Error {
  return refusal('BAD_FIELD', `The field "${field}" is ${quote(text)}; it ${rule}.`);
}
