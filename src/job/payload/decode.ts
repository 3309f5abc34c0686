import { isUtf8 } from 'node:buffer';
import { decodeBase64, isBase64Identifier, stripQuotes } from './base64.js';
import type { PayloadLimits, RawPayload } from './raw.js';
import { quote, refusal } from './refusal.js';

/** An entry as text, before anything inside the values is looked at. */
export interface DecodedEntry {
  /** name, value, name, value, … */
  texts: readonly string[];
  /** True when a JSON serializer wrote byte arrays: quoted values are base64. */
  base64: boolean;
}

const REPLACEMENT = '\uFFFD';
const QUOTE = 0x22;

/**
 * The bytes of an entry as text.
 * @throws InvalidJobError JDK_SERIALIZED, NOT_UTF8, TOO_LARGE
 */
export function decodeEntry(payload: RawPayload, limits: PayloadLimits): DecodedEntry {
  refuseTooLarge(payload, limits);
  const texts = new Array<string>(payload.length);
  let quotes = false;
  for (let i = 0; i < payload.length; i++) {
    const bytes = payload[i] as Buffer;
    const text = bytes.toString();
    // JDK bytes are no valid UTF-8 either, so that one search clears the usual case of both.
    if (text.includes(REPLACEMENT)) refuseForeignBytes(payload, i);
    if (bytes[0] === QUOTE) quotes = true;
    texts[i] = text;
  }
  return quotes ? undoQuotedNames(texts) : { texts, base64: false };
}

function refuseTooLarge(payload: RawPayload, limits: PayloadLimits): void {
  let bytes = 0;
  for (const part of payload) bytes += part.length;
  const fields = payload.length / 2;
  if (bytes <= limits.maxBytes && fields <= limits.maxFields) return;
  throw refusal(
    'TOO_LARGE',
    `The entry has ${fields} fields and ${bytes} bytes; at most ${limits.maxFields} fields and ${limits.maxBytes} bytes ` +
      'are read. Send only the fields of the job.',
  );
}

/** Names in quotes were written by a JSON key serializer; byte arrays became base64 on top. */
function undoQuotedNames(texts: string[]): DecodedEntry {
  const base64 = isAllBase64(texts);
  for (let i = 0; i < texts.length; i += 2) {
    const name = stripQuotes(texts[i] as string);
    texts[i] = base64 ? (decodeBase64(name) ?? name) : name;
  }
  return { texts, base64: base64 || hasBase64Url(texts) };
}

function isAllBase64(texts: readonly string[]): boolean {
  return texts.every((text, i) => i % 2 === 1 || (text.startsWith('"') && isBase64Identifier(stripQuotes(text))));
}

/** A URL tells base64 for sure; a camera's name by itself could be either. */
function hasBase64Url(texts: readonly string[]): boolean {
  return texts.some((text) => text.startsWith('"aHR0c') && /^https?:/.test(decodeBase64(stripQuotes(text)) ?? ''));
}

const JDK_HEADER = Buffer.from([0xac, 0xed, 0x00, 0x05]);

/** True for what Java's own serialisation wrote. */
export function isJdkSerialized(bytes: Buffer): boolean {
  return bytes.length >= 4 && bytes.compare(JDK_HEADER, 0, 4, 0, 4) === 0;
}

function refuseForeignBytes(payload: RawPayload, index: number): void {
  const bytes = payload[index] as Buffer;
  const what = index % 2 === 0 ? 'name' : 'value';
  const field = nameOf(payload[index - (index % 2)] as Buffer);
  if (isJdkSerialized(bytes)) throw jdkRefusal(what, field);
  // U+FFFD itself is valid text, if odd.
  if (isUtf8(bytes)) return;
  throw refusal(
    'NOT_UTF8',
    `The ${what} of field ${field} is not UTF-8 text (it starts ${bytes.subarray(0, 8).toString('hex')}). ` +
      'Write fields as plain UTF-8 strings, for example with StringRedisTemplate.',
  );
}

/** The refusal of JDK-serialised bytes, with the setting that cures it. */
export function jdkRefusal(what: 'name' | 'value', field: string): Error {
  const setter = what === 'name' ? 'setHashKeySerializer' : 'setHashValueSerializer';
  return refusal(
    'JDK_SERIALIZED',
    `The ${what} of field ${field} is JDK-serialised Java. Let the producer use StringRedisTemplate, or call ` +
      `${setter}(RedisSerializer.string()) on its RedisTemplate.`,
  );
}

/** A field's name for a message, even when Java serialised it: `AC ED 00 05 74 <length, 2 bytes> <text>`. */
function nameOf(bytes: Buffer): string {
  return quote((isJdkSerialized(bytes) && bytes[4] === 0x74 ? bytes.subarray(7) : bytes).toString());
}
