import { redactText, redactUrl } from '../../lib/redact.js';
import type { DeadLetter } from './dead-letter.js';

/** Fields that hold no secret when they look as they should. */
const PLAIN_FIELDS = new Set([
  ...['cctvId', 'cctv_id', 'jobId', 'job_id', 'sec', 'attempt', 'enqueuedAt', 'enqueued_at'],
  ...['segmentStart', 'segment_start', 'segmentEnd', 'segment_end', 'video', 'image', 'event', 'type', 'endpoint'],
]);

/** Fields that may hold a URL, which may hold a secret. */
const URL_FIELDS = new Set(['hls', 'video', 'webhook']);

/** Printable, and nothing that a terminal acts on. */
const PLAIN_VALUE = /^[\w.:+ [\]/,"-]{1,128}$/;
const PLAIN_NAME = /^[\w.-]{1,64}$/;
/** A path or an artifact's name, and no other scheme. */
const RECORDING = /^(?:artifact:)?[^:]*$/;
const WEB_URL = /^https?:\/\//i;
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * A dead letter that may be shown to anybody on any terminal. Of the payload only what is known to be harmless is
 * shown; a video's URL loses its query, and of all else only the size is told.
 */
export function withoutSecrets(letter: DeadLetter): DeadLetter {
  const payload = Object.entries(letter.payload).map(([name, value], at) => [safeName(name, at), safe(name, value)]);
  return {
    ...letter,
    message: redactText(letter.message).replace(UNPRINTABLE, '?'),
    payload: Object.fromEntries(payload) as Record<string, string>,
  };
}

function safe(name: string, value: string): string {
  if (URL_FIELDS.has(name) && WEB_URL.test(value)) return redactUrl(value);
  if (name === 'video' && !RECORDING.test(value)) return hidden(value);
  return PLAIN_FIELDS.has(name) && PLAIN_VALUE.test(value) ? value : hidden(value);
}

/** Names come from the same hand as values. */
function safeName(name: string, at: number): string {
  return PLAIN_NAME.test(name) ? name : `<field ${at + 1}>`;
}

function hidden(value: string): string {
  return `<${Buffer.byteLength(value)} bytes; dlq show --secrets>`;
}
