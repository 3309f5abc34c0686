import { InvalidJobError } from '../errors.js';

/** Why a payload is refused. Stable: producers' alerts and `dlq redrive` go by them. */
export type RefusalCode =
  | 'JDK_SERIALIZED'
  | 'NOT_UTF8'
  | 'BAD_JSON'
  | 'MISSING_FIELD'
  | 'BAD_FIELD'
  | 'DUPLICATE_FIELD'
  | 'TOO_LARGE'
  | 'URL_NOT_ALLOWED';

/** The error for a payload that cannot be read; `message` names the field, if it is one, and says what to set. */
export function refusal(code: RefusalCode, message: string, field?: string): InvalidJobError {
  return new InvalidJobError(code, message, { step: 'parse', field });
}

const LONGEST_QUOTE = 60;

/** Foreign text for use in a message: in quotes, control characters escaped, cut to a readable length. */
export function quote(text: string): string {
  return JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text);
}
