import { randomBytes } from 'node:crypto';
import type { Role } from '../caller.js';
import { tokenDigest, parseTokens } from './tokens-file.js';

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
 * @throws TokensFileError TOKENS_FILE_WRONG when such a name may not be in the file
 */
export function newToken(name: string, role: Role): NewToken {
  const token = `${PREFIX}${randomBytes(BYTES).toString('base64url')}`;
  const entry = { name, role, sha256: tokenDigest(token).toString('hex') };
  const fields = Object.entries(entry).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  parseTokens(JSON.stringify({ tokens: [entry] }));
  return { token, line: `{ ${fields.join(', ')} }` };
}
