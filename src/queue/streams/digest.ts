import { createHash } from 'node:crypto';
import type { RawPayload } from '../../job/payload.js';
import { ENVELOPE } from '../names.js';

/** A longer text counts by its length and its beginning; `lib/life.lua` does the same. Bytes. */
const DIGESTED = 4_096;
const ENVELOPE_BYTES = Buffer.from(ENVELOPE);

/**
 * What a payload holds, in 40 hexadecimal digits: tells an entry from another that was given the same id. Fields of ours
 * do not count. Empty for an empty payload: nobody knows what its entry holds.
 */
export function digestOf(payload: RawPayload): string {
  if (payload.length === 0) return '';
  const hash = createHash('sha1');
  for (let i = 0; i + 1 < payload.length; i += 2) {
    const name = payload[i] as Buffer;
    if (name.subarray(0, ENVELOPE_BYTES.length).equals(ENVELOPE_BYTES)) continue;
    for (const text of [name, payload[i + 1] as Buffer]) {
      hash.update(`${text.length}:`).update(text.subarray(0, DIGESTED));
    }
  }
  return hash.digest('hex');
}
