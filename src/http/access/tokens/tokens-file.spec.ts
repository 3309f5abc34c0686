import { describe, expect, it } from '@jest/globals';
import { newToken } from './new-token.js';
import { MOST_TOKENS, parseTokens, tokenDigest, TokensFileError } from './tokens-file.js';

const sha256 = 'ab'.repeat(32);
const good = { name: 'spring', role: 'client', sha256 };
const textOf = (...tokens: unknown[]): string => JSON.stringify({ tokens });

function problemsIn(text: string): string[] {
  try {
    parseTokens(text);
  } catch (error) {
    if (error instanceof TokensFileError) return error.message.split('\n').slice(1);
    throw error;
  }
  return [];
}

describe('a file of tokens', () => {
  it.each([
    ['as it is', (text: string) => text],
    ['with a byte order mark', (text: string) => `\ufeff${text}`],
    ['with line ends of all kinds', (text: string) => `\n${text.replaceAll(',', ',\r\n')}\r\n\n`],
    ['in capital digits', (text: string) => text.replace(sha256, sha256.toUpperCase())],
  ])('is read %s', (_how, written) => {
    expect(parseTokens(written(textOf(good)))).toEqual([
      { name: 'spring', role: 'client', digest: Buffer.from(sha256, 'hex') },
    ]);
  });

  it('may have two tokens of one name, so that one follows the other, and none at all', () => {
    expect(parseTokens(textOf(good, { ...good, sha256: 'cd'.repeat(32) }))).toHaveLength(2);
    expect(parseTokens(textOf())).toEqual([]);
  });

  it.each<[string, string, RegExp]>([
    ['no JSON', '{ "tokens": [\n secret-token ] }', /^ {2}It is not JSON/],
    ['nothing', '', /^ {2}It is not JSON: it ends too early\.$/],
    ['a list', '[]', /must be one object/],
    ['other fields', '{"tokens":[],"secret-token":1}', /must be one object/],
    ['a text for a token', textOf('secret-token'), /token no\. 1: must be an object/],
    ['a token for its hash', textOf({ ...good, sha256: 'secret-token' }), /token no\. 1: sha256 must be 64/],
    ['an unknown role', textOf(good, { ...good, role: 'secret-token' }), /token no\. 2: role must be one of client, v/],
    ['an unknown field', textOf({ ...good, 'secret-token': 1 }), /token no\. 1: has a field that is none of/],
    ['an empty name', textOf({ ...good, name: '' }), /name must be 1 to 64/],
    ['a name of two lines', textOf({ ...good, name: 'secret-token\nx' }), /name must be 1 to 64/],
    ["a name of the service's own", textOf({ ...good, name: 'Control_Token' }), /name must be 1 to 64/],
    ['a token twice', textOf(good, { ...good, name: 'other' }), /token no\. 2: is there more than once/],
    [
      'a name with two roles',
      textOf(good, { ...good, role: 'viewer', sha256: 'cd'.repeat(32) }),
      /token no\. 2: its name has another role above/,
    ],
  ])('is refused for %s, in words that repeat nothing of it', (_what, text, problem) => {
    expect(problemsIn(text)).toContainEqual(expect.stringMatching(problem));
    expect(problemsIn(text).join()).not.toContain('secret-token');
  });

  it('tells every problem at once', () => {
    expect(problemsIn(textOf({}, { ...good, name: '' }))).toHaveLength(4);
  });

  it('has a bound', () => {
    const many = Array.from({ length: MOST_TOKENS + 1 }, (_, i) => ({ ...good, sha256: String(i).padStart(64, '0') }));
    expect(problemsIn(textOf(...many))).toEqual(['  There are more than 500 tokens.']);
  });
});

describe('a new token', () => {
  it('fits the line that is printed with it, and no other', () => {
    const [one, other] = [newToken('Kim Minji', 'viewer'), newToken('Kim Minji', 'viewer')];
    expect(parseTokens(`{"tokens":[${one.line},${other.line}]}`)).toEqual([
      { name: 'Kim Minji', role: 'viewer', digest: tokenDigest(one.token) },
      { name: 'Kim Minji', role: 'viewer', digest: tokenDigest(other.token) },
    ]);
    expect(one.token).toMatch(/^roadstream_[\w-]{43}$/);
    expect(one.line).not.toContain(one.token);
  });

  it('is not made under a name that the file may not have', () => {
    expect(() => newToken('anybody', 'viewer')).toThrow(/No token can be called so/);
  });
});
