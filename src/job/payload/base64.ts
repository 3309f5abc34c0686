import { isUtf8 } from 'node:buffer';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const IDENTIFIER = /^[A-Za-z_@][\w.@[\]-]*$/;

/** The text that `base64` stands for; undefined when it is not base64 of UTF-8 text. */
export function decodeBase64(base64: string): string | undefined {
  if (base64 === '' || !BASE64.test(base64)) return undefined;
  const bytes = Buffer.from(base64, 'base64');
  return isUtf8(bytes) ? bytes.toString() : undefined;
}

/** True when `text` is base64 of something that could name a field, as `X2NsYXNz` is of `_class`. */
export function isBase64Identifier(text: string): boolean {
  return IDENTIFIER.test(decodeBase64(text) ?? '');
}

/** A JSON string's content; any other text as it is. */
export function stripQuotes(text: string): string {
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) return text;
  try {
    return JSON.parse(text) as string;
  } catch {
    return text;
  }
}
