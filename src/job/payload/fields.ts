import { decodeBase64, stripQuotes } from './base64.js';
import { jdkRefusal, type DecodedEntry } from './decode.js';
import { isObject, parseJson, undoTypePair, type Json } from './json.js';
import { quote, refusal } from './refusal.js';

/** What Spring and Jackson add to say which class a record was. */
const CLASS_FIELDS = new Set(['_class', '@class']);

/** The fields of a payload by their camelCase name, each a text without the wrapping its producer put around it. */
export class Fields {
  private readonly values = new Map<string, string>();
  private readonly clashes = new Map<string, string>();
  private readonly base64: boolean;

  constructor(entry: DecodedEntry) {
    this.base64 = entry.base64;
    const { texts } = entry;
    for (let i = 0; i + 1 < texts.length; i += 2) this.add(texts[i] as string, texts[i + 1] as string);
  }

  /** Adds a field under its camelCase name. The same name with another value is refused as soon as it is asked for. */
  add(writtenName: string, value: string): void {
    if (CLASS_FIELDS.has(writtenName)) return;
    const name = camelCase(writtenName);
    const earlier = this.values.get(name);
    if (earlier !== undefined && this.unwrap(name, earlier) !== this.unwrap(name, value)) this.clashes.set(name, value);
    else this.values.set(name, value);
  }

  /** Names with a value, in the order of writing. */
  names(): string[] {
    return [...this.values.keys()];
  }

  /**
   * Takes a field away and returns it as it was written.
   * @throws InvalidJobError DUPLICATE_FIELD
   */
  take(name: string): string | undefined {
    const written = this.values.get(name);
    if (written !== undefined && this.clashes.has(name)) throw this.clash(name, written);
    this.values.delete(name);
    return written;
  }

  /**
   * A field's text, trimmed. Undefined when it is absent, empty or the `null` that Java's `String.valueOf` writes.
   * @throws InvalidJobError DUPLICATE_FIELD, BAD_FIELD
   */
  get(name: string): string | undefined {
    const written = this.values.get(name);
    if (written === undefined) return undefined;
    if (this.clashes.has(name)) throw this.clash(name, written);
    const text = this.unwrap(name, written).trim();
    return text === '' || text === 'null' ? undefined : text;
  }

  /** @throws InvalidJobError MISSING_FIELD, and as {@link get} */
  require(name: string): string {
    const text = this.get(name);
    if (text !== undefined) return text;
    throw refusal('MISSING_FIELD', `The field ${quote(name)} is missing or empty. ${this.present()}`, name);
  }

  /** One layer of quotes or base64, and Jackson's type pairs, taken off a single value. */
  unwrap(name: string, written: string): string {
    const first = written.charCodeAt(0);
    if (first === 0x22) return this.unquote(name, written);
    // `[` and `{`: a type pair, or something that is no single value.
    return first === 0x5b || first === 0x7b ? single(written) : written;
  }

  private unquote(name: string, written: string): string {
    const text = stripQuotes(written);
    if (!this.base64) return text;
    if (text.startsWith('rO0AB')) throw jdkRefusal('value', quote(name));
    return decodeBase64(text) ?? text;
  }

  private clash(name: string, one: string): Error {
    const other = this.clashes.get(name) as string;
    const values = SECRET_BEARING.has(name) ? '' : ` (${quote(one)} and ${quote(other)})`;
    return refusal(
      'DUPLICATE_FIELD',
      `The field ${quote(name)} is there twice with different values${values}. Send one.`,
      name,
    );
  }

  private present(): string {
    const names = this.names();
    return names.length === 0
      ? 'The entry has no fields.'
      : `The entry has: ${names.slice(0, 12).map(quote).join(', ')}.`;
  }
}

/** A URL may carry a token in its query, and an envelope holds a URL: their values stay out of messages. */
const SECRET_BEARING = new Set(['hls', 'url', 'video', 'webhook', 'payload', 'data', 'body', 'value', '_raw']);

function camelCase(name: string): string {
  // A leading underscore belongs to the name.
  return !name.includes('_', 1)
    ? name
    : name.replace(/(?<=[a-z0-9])_([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());
}

function single(written: string): string {
  try {
    return textOf(undoTypePair(parseJson(written)));
  } catch {
    return written;
  }
}

/** JSON as a field's text: strings bare, null empty, anything compound as JSON. */
export function textOf(value: Json): string {
  if (value === null) return '';
  return isObject(value) || Array.isArray(value) ? JSON.stringify(value) : String(value);
}
