import { CameraHeaders } from './camera-headers.js';
import type { EntryReader } from './entry-reader.js';
import { readSecret, type Secrets } from './read-secret.js';

const MOST_HEADERS = 16;
const MOST_ORIGINS = 16;
/** Characters; servers refuse longer ones. */
const LONGEST_VALUE = 4096;

/** Those that say who asks. What frames a request, or changes what comes back, is the worker's own business. */
const ALLOWED = ['accept', 'accept-language', 'authorization', 'cookie', 'origin', 'referer', 'user-agent'];
const CUSTOM = /^x-[a-z0-9-]{1,60}$/;
const ALLOWED_WORDS = `${ALLOWED.join(', ')} and x-…`;

/** Reads `headers` and `headerOrigins` of a camera; undefined when there are none. Problems repeat no value. */
export function readHeaders(entry: EntryReader, hls: string | undefined, secrets: Secrets): CameraHeaders | undefined {
  const origins = readOrigins(entry);
  const headers = entry.within('headers');
  if (headers === undefined) {
    return entry.has('headerOrigins') ? entry.wrong('headerOrigins', 'needs headers') : undefined;
  }
  const own = hls === undefined ? origins : [new URL(hls).origin, ...origins];
  if (own.length === 0 && !entry.has('hls')) entry.wrong('headers', 'need hls or headerOrigins: servers that get them');
  if (headers.fields.length > MOST_HEADERS) return entry.wrong('headers', `must not be more than ${MOST_HEADERS}`);
  return new CameraHeaders(
    own,
    Object.fromEntries(headers.fields.flatMap((name) => readHeader(headers, name, secrets))),
  );
}

function readHeader(headers: EntryReader, name: string, secrets: Secrets): [string, string][] {
  const key = name.toLowerCase();
  if (!ALLOWED.includes(key) && !CUSTOM.test(key)) {
    headers.wrong(name, `is not a header that may be given; ${ALLOWED_WORDS} may`);
    return [];
  }
  const value = readSecret(headers, name, secrets)?.trim();
  if (value === undefined) return [];
  if (/^[\x20-\x7e]+$/.test(value) && value.length <= LONGEST_VALUE) return [[key, value]];
  headers.wrong(name, `must be one line of 1 to ${LONGEST_VALUE} plain characters`);
  return [];
}

function readOrigins(entry: EntryReader): string[] {
  const given = entry.list('headerOrigins') ?? [];
  const origins = given.flatMap((value) => originOf(value) ?? []);
  if (given.length > MOST_ORIGINS) entry.wrong('headerOrigins', `must not be more than ${MOST_ORIGINS}`);
  if (origins.length < given.length) {
    entry.wrong('headerOrigins', 'must hold origins without a path, such as "https://cdn.example.com"');
  }
  return origins;
}

function originOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^https?:\/\/[^\s/?#@\\]+\/?$/i.test(value) || !URL.canParse(value))
    return undefined;
  return new URL(value).origin;
}
