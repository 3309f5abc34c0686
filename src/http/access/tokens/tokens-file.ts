import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { messageOf, PermanentStepError } from '../../../job/errors.js';
import { readToldJson } from '../../../job/payload/told-json.js';
import { CALLER_ROLES, isReservedName, type Role } from '../caller.js';

/** A token as the service knows it: never itself. */
export interface AccessToken {
  readonly name: string;
  readonly role: Role;
  /** SHA-256 of the token. 32 bytes */
  readonly digest: Buffer;
}

/** Each is compared with what a caller brings. */
export const MOST_TOKENS = 500;
const MOST_BYTES = 256 * 1024;

const NAME = /^[\p{L}\p{N}](?:[\p{L}\p{N} ._@+-]{0,62}[\p{L}\p{N}])?$/u;
/** What a name must be. */
export const TOKEN_NAME_RULE = "1 to 64 letters, digits, spaces and . _ @ + -, and not one of the service's own";
const FIELDS = ['name', 'role', 'sha256'];

/** What is wrong with a file of tokens, in one message; it repeats nothing that might be a token. */
export class TokensFileError extends PermanentStepError {
  constructor(code: 'TOKENS_FILE_UNREADABLE' | 'TOKENS_FILE_WRONG', problems: readonly string[], cause?: unknown) {
    super(code, ['The file TOKENS_FILE cannot be used:', ...problems].join('\n  '), { cause });
  }
}

/** Whether a token may be called so. */
export function isTokenName(name: string): boolean {
  return NAME.test(name) && !isReservedName(name);
}

/** SHA-256 of a token. */
export function tokenDigest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/**
 * Reads the text of a file of tokens, within a bound.
 * @throws TokensFileError TOKENS_FILE_UNREADABLE
 */
export async function readTokensText(path: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(MOST_BYTES + 1), 0, MOST_BYTES + 1, 0);
      if (bytesRead > MOST_BYTES) throw new Error(`it is larger than ${MOST_BYTES / 1024} KB`);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    const problem = `It cannot be read (${messageOf(error)}): name a file that this user may read.`;
    throw new TokensFileError('TOKENS_FILE_UNREADABLE', [problem], error);
  }
}

/**
 * Reads the text of a file of tokens: `{ "tokens": [ { "name": "…", "role": "viewer", "sha256": "…" } ] }`.
 * @throws TokensFileError TOKENS_FILE_WRONG that lists every problem at once
 */
export function parseTokens(text: string): AccessToken[] {
  const read = readToldJson(text);
  if ('problem' in read) throw new TokensFileError('TOKENS_FILE_WRONG', [read.problem]);
  const entries = listIn(read.value);
  const problems: string[] = [];
  const tokens = entries.flatMap(
    (entry, i) => readToken(entry, (problem) => problems.push(`token no. ${i + 1}: ${problem}`)) ?? [],
  );
  if (entries.length > MOST_TOKENS) problems.push(`There are more than ${MOST_TOKENS} tokens.`);
  reportTwins(tokens, problems);
  if (problems.length > 0) throw new TokensFileError('TOKENS_FILE_WRONG', problems);
  return tokens;
}

function listIn(value: unknown): readonly unknown[] {
  if (isObject(value) && Object.keys(value).join() === 'tokens' && Array.isArray(value['tokens']))
    return value['tokens'];
  throw new TokensFileError('TOKENS_FILE_WRONG', ['It must be one object: { "tokens": [ … ] }.']);
}

function readToken(entry: unknown, report: (problem: string) => void): AccessToken | undefined {
  if (!isObject(entry)) {
    report('must be an object in curly brackets');
    return undefined;
  }
  const { name, role, sha256 } = entry;
  const unknown = Object.keys(entry).filter((key) => !FIELDS.includes(key)).length;
  if (unknown > 0) report('has a field that is none of name, role and sha256');
  const isNamed = typeof name === 'string' && isTokenName(name);
  if (!isNamed) report(`name must be ${TOKEN_NAME_RULE}`);
  const isRole = (CALLER_ROLES as readonly unknown[]).includes(role);
  if (!isRole) report(`role must be one of ${CALLER_ROLES.join(', ')}`);
  const isDigest = typeof sha256 === 'string' && /^[\da-f]{64}$/i.test(sha256);
  if (!isDigest) report('sha256 must be 64 hexadecimal digits; "roadstream token" prints such a line');
  return isNamed && isRole && isDigest ? { name, role: role as Role, digest: Buffer.from(sha256, 'hex') } : undefined;
}

function reportTwins(tokens: readonly AccessToken[], problems: string[]): void {
  tokens.forEach(({ name, role, digest }, i) => {
    const before = tokens.slice(0, i);
    if (before.some((other) => other.digest.equals(digest)))
      problems.push(`token no. ${i + 1}: is there more than once`);
    // Two of one name let it change its token without a gap.
    if (before.some((other) => other.name === name && other.role !== role)) {
      problems.push(`token no. ${i + 1}: its name has another role above`);
    }
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
