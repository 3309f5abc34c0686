import { AHEAD_MS, type Clock } from '../../lib/clock.js';
import { objectionToUrl } from '../../lib/http-url.js';
import { isName, NAME_RULE } from '../../lib/names.js';
import { redactUrl } from '../../lib/redact.js';
import type { Fields } from './fields.js';
import { quote, refusal } from './refusal.js';
import { parseTime } from './time.js';

/** How times in a payload are read. */
export interface TimeOptions {
  /** The stream entry's id, `<ms>-<n>`: when the entry was written. */
  entryId: string;
  /** The IANA zone for times without one; UTC if left out. */
  zone?: string;
  /** Told of what could be read only with an assumption. */
  warn?: (warning: string) => void;
  /** By which a job cannot have been queued later than now; without one any time goes. */
  clock?: Clock | undefined;
}

/** The whole numbers that a field may hold, and what it means when it is not there. */
export interface WholeRange {
  fallback: number;
  min: number;
  max: number;
}

const DECIMAL = /^[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?$/;
const MAX_PRIOR_ATTEMPTS = 1000;
const LATEST_MS = Date.UTC(9999, 11, 31);

/**
 * Names end up in paths and object names: nothing that could mean more than itself is let through.
 * @throws InvalidJobError BAD_FIELD
 */
export function readName(field: string, text: string): string {
  if (isName(text)) return text;
  throw badField(field, text, NAME_RULE);
}

/**
 * An http or https URL, not yet checked against the outbound policy. Refusals never repeat its secrets.
 * @param example what such a URL looks like
 * @throws InvalidJobError BAD_FIELD, URL_NOT_ALLOWED
 */
export function readUrl(field: string, text: string, example: string): string {
  const objection = objectionToUrl(text, example);
  if (objection === undefined) return text;
  // What is no URL cannot be redacted, so it is not repeated.
  const found = objection.code === 'URL_NOT_ALLOWED' ? `; it is ${quote(redactUrl(text))}` : '';
  throw refusal(objection.code, `The field "${field}" ${objection.rule}${found}.`, field);
}

/**
 * A whole number. Java writes 20 as `20`, `20.0` or `2.0E1`, by the type of the field.
 * @throws InvalidJobError BAD_FIELD
 */
export function readWhole(fields: Fields, field: string, range: WholeRange): number {
  const text = fields.get(field);
  if (text === undefined) return range.fallback;
  const value = DECIMAL.test(text) ? Number(text) : NaN;
  if (Number.isInteger(value) && value >= range.min && value <= range.max) return value;
  throw badField(field, text, `must be a whole number from ${range.min} to ${range.max}`);
}

/**
 * The failures before this entry was written, as the producer counts them: the field `attempt`.
 * @throws InvalidJobError BAD_FIELD
 */
export function readPriorAttempts(fields: Fields): number {
  return readWhole(fields, 'attempt', { fallback: 0, min: 0, max: MAX_PRIOR_ATTEMPTS });
}

/** Whether the producer asks for the job's status to be kept: the field `track`. What is odd there is no. */
export function readTracked(fields: Fields): boolean {
  return /^(?:1|true|yes)$/i.test(fields.get('track') ?? '');
}

/**
 * A time, ms since the epoch; undefined when the field is absent or 0, which is what a Java long holds that nobody set.
 * @throws InvalidJobError BAD_FIELD
 */
export function readTime(fields: Fields, field: string, options: Omit<TimeOptions, 'entryId'>): number | undefined {
  const text = fields.get(field);
  if (text === undefined || text === '0') return undefined;
  const time = parseTime(text, options.zone);
  if (time === undefined) throw badField(field, text, 'must be a time: ms since the epoch, or as 2026-11-21T22:00:00Z');
  if (time.warning !== undefined) options.warn?.(time.warning);
  return time.ms;
}

/**
 * When the job was queued, ms since the epoch: the field `enqueuedAt`, else the time at which Redis gave out the entry's id.
 * A time in the future would be the newest for ever in all that remembers: then the entry's counts, and now where that lies
 * in the future too. Ids made by hand may lie beyond what a date can hold.
 * @throws InvalidJobError BAD_FIELD
 */
export function readEnqueuedAt(fields: Fields, options: TimeOptions): number {
  const ofEntry = Math.min(Number.parseInt(options.entryId, 10) || 0, LATEST_MS);
  const given = readTime(fields, 'enqueuedAt', options);
  const now = options.clock?.now() ?? LATEST_MS;
  const latest = now + AHEAD_MS;
  if (given !== undefined && given <= latest) return given;
  if (given !== undefined)
    options.warn?.(ahead(`The field "enqueuedAt" is ${dateOf(given)}`, "the entry's time counts"));
  if (ofEntry <= latest) return ofEntry;
  options.warn?.(
    ahead(`The entry ${options.entryId} has an id of the year ${dateOf(ofEntry).slice(0, 4)}`, 'now counts'),
  );
  return now;
}

function ahead(what: string, instead: string): string {
  return `${what}, which lies in the future: ${instead}. Look at the clock of the producer.`;
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** The refusal of a value: names the field, quotes the value and says the rule, which follows "it". */
export function badField(field: string, text: string, rule: string): Error {
  return refusal('BAD_FIELD', `The field "${field}" is ${quote(text)}; it ${rule}.`, field);
}
