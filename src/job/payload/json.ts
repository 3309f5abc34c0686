/** What JSON can hold. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  [name: string]: Json;
}

const LONG_INTEGER = /\d{16}/;
const STRING_OR_LONG_INTEGER = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;

/**
 * Parses JSON. Integers too long for a double (a Java `Long` may be one: many job ids are) come as text, digit for digit.
 * @throws SyntaxError
 */
export function parseJson(text: string): Json {
  return JSON.parse(LONG_INTEGER.test(text) ? text.replace(STRING_OR_LONG_INTEGER, keepDigits) : text) as Json;
}

function keepDigits(token: string): string {
  return token.startsWith('"') ? token : `"${token}"`;
}

const CLASS_NAME = /^[A-Za-z_$][\w$]*(?:\.[\w$]+)+$|^\[[BCDFIJSZ]$/;

/** Jackson's default typing writes `["java.lang.Long", 5]` for 5; this gives the 5. Other values stay as they are. */
export function undoTypePair(value: Json): Json {
  if (!Array.isArray(value) || value.length !== 2) return value;
  const [type, inner] = value;
  return typeof type === 'string' && CLASS_NAME.test(type) ? undoTypePair(inner ?? null) : value;
}

/** True for a JSON object, not for an array or null. */
export function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
