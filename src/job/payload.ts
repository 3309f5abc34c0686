import { openEnvelopes } from './payload/envelope.js';
import { decodeEntry } from './payload/decode.js';
import { Fields } from './payload/fields.js';
import type { PayloadLimits, RawPayload } from './payload/raw.js';

export { Fields } from './payload/fields.js';
export type { PayloadLimits, RawPayload } from './payload/raw.js';
export { parseTime, type ParsedTime } from './payload/time.js';

/** A job is a few hundred bytes. More is a mistake of the producer, and would be copied to the dead-letter stream. */
const LIMITS: PayloadLimits = { maxBytes: 64 * 1024, maxFields: 128 };

/**
 * Reads what any Spring producer may have written as one flat record of texts. In this order: JDK-serialised bytes and
 * what is not UTF-8 are refused; `_class` and `@class` are dropped; a `payload`, `data`, `body`, `value` or `_raw` field
 * that holds a JSON object is opened; `snake_case` names become `camelCase`. Quotes, base64 and Jackson's type pairs
 * around single values are undone when a value is asked for, so that plain strings cost next to nothing and fields
 * nobody asks for cannot do harm.
 *
 * @throws InvalidJobError JDK_SERIALIZED, NOT_UTF8, BAD_JSON, TOO_LARGE; and DUPLICATE_FIELD, MISSING_FIELD or BAD_FIELD
 *   when a field is asked for
 */
export function readFields(payload: RawPayload, limits: PayloadLimits = LIMITS): Fields {
  const fields = new Fields(decodeEntry(payload, limits));
  openEnvelopes(fields);
  return fields;
}
