import { randomBytes } from 'node:crypto';
import { InvalidJobError } from '../../../job/errors.js';
import type { Role } from '../caller.js';
import { isTokenName, TOKEN_NAME_RULE, tokenDigest } from './tokens-file.js';

/** So that whoever finds one knows what it is, and scanners of repositories do. */
const PREFIX = 'roadstream_';
const BYTES = 32;

/** A token that nobody had before, and the entry of TOKENS_FILE for it. */
export interface NewToken {
  readonly token: string;
  readonly line: string;
}

/**
 * Makes a token.
 * @throws InvalidJobError TOKEN_NAME when none may be called so
 */
export function newToken(name: string, role: Role): NewToken {
  if (!isTokenName(name))
    throw new InvalidJobError('TOKEN_NAME', `No token can be called so: it must be ${TOKEN_NAME_RULE}.`);
  const token = `${PREFIX}${randomBytes(BYTES).toString('base64url')}`;
  const entry = { name, role, sha256: tokenDigest(token).toString('hex') };
  const fields = Object.entries(entry).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return { token, line: `{ ${fields.join(', ')} }` };
}
