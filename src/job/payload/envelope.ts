import { decodeBase64, stripQuotes } from './base64.js';
import { textOf, type Fields } from './fields.js';
import { isObject, parseJson, undoTypePair, type Json, type JsonObject } from './json.js';
import { quote, refusal } from './refusal.js';

/** Fields that may hold a whole job as JSON; `_raw` is what older Spring versions call the value of an `ObjectRecord`. */
const ENVELOPES = ['payload', 'data', 'body', 'value', '_raw'];

/** JSON in a JSON string in an envelope in an envelope: nobody needs more, and an attacker gets no more. */
const MAX_DEPTH = 4;

/**
 * Replaces every envelope by the fields inside it, in place. An envelope's name without JSON in it is an ordinary field,
 * unless it is all there is.
 * @throws InvalidJobError BAD_JSON
 */
export function openEnvelopes(fields: Fields, depth = 0): void {
  for (const name of fields.names()) {
    if (ENVELOPES.includes(name)) openEnvelope(fields, name, depth);
    else if (name.includes('.')) flatten(fields, name);
  }
}

function openEnvelope(fields: Fields, name: string, depth: number): void {
  const alone = fields.names().length === 1;
  const written = fields.take(name) as string;
  const content = peel(written, alone);
  if (content === undefined) {
    if (alone) throw notJson(name);
    fields.add(name, written);
    return;
  }
  if (depth >= MAX_DEPTH) throw notJson(name);
  const inner = Object.entries(parseObject(name, content));
  for (const [field, value] of inner) fields.add(field, writtenOf(name, value));
  if (inner.some(([field]) => ENVELOPES.includes(field))) openEnvelopes(fields, depth + 1);
}

/** Takes quotes and base64 off until JSON shows; undefined when none does. */
function peel(written: string, alone: boolean): string | undefined {
  let text = written.trim();
  for (let layer = 0; layer < MAX_DEPTH; layer++) {
    if (text.startsWith('{') || text.startsWith('[')) return text;
    const inner = text.startsWith('"') ? stripQuotes(text) : decodeBase64(text);
    if (inner === undefined || inner === text) break;
    text = inner.trim();
  }
  return alone && text !== '' ? text : undefined;
}

function parseObject(name: string, text: string): JsonObject {
  let value: Json;
  try {
    value = undoTypePair(parseJson(text));
  } catch {
    throw notJson(name);
  }
  if (!isObject(value)) throw notJson(name);
  return value;
}

/** What is nested too deeply can be parsed, but not written again. */
function writtenOf(name: string, value: Json): string {
  try {
    return textOf(undoTypePair(value));
  } catch {
    throw notJson(name);
  }
}

function notJson(name: string): Error {
  return refusal(
    'BAD_JSON',
    `The field ${quote(name)} does not hold one JSON object. Write {"cctvId": …, "hls": …} into it, or each field of ` +
      'the job as a field of its own.',
  );
}

/** `ObjectHashMapper` writes a nested object flat: `payload.cctvId`. */
function flatten(fields: Fields, name: string): void {
  const dot = name.indexOf('.');
  if (!ENVELOPES.includes(name.slice(0, dot))) return;
  fields.add(name.slice(dot + 1), fields.take(name) as string);
}
