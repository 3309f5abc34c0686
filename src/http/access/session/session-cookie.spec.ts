import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { tokenDigest, type AccessToken } from '../tokens/tokens-file.js';
import { SESSION_MS, SessionCookies } from './session-cookie.js';

const NOW = 1_700_000_000_000;
const text = 'roadstream_a-token';
const token: AccessToken = { name: 'kim', role: 'viewer', digest: tokenDigest(text) };
const operator: AccessToken = { name: 'lee', role: 'operator', digest: tokenDigest('roadstream_another') };
const cookies = new SessionCookies('secret');
const sealed = cookies.seal(token, text, NOW + SESSION_MS);

describe('the cookie of a sign-in', () => {
  it('is opened by each replica, and tells what the file says of its token now', () => {
    const raised: AccessToken = { ...token, role: 'operator' };
    expect(new SessionCookies('secret').open(sealed, [operator, raised], NOW)).toEqual({
      token: raised,
      expiresAt: NOW + SESSION_MS,
    });
  });

  it('ends after 12 hours, and when its token leaves the file', () => {
    expect(cookies.open(sealed, [token], NOW + SESSION_MS - 1)).toBeDefined();
    expect(cookies.open(sealed, [token], NOW + SESSION_MS)).toBeUndefined();
    expect(cookies.open(sealed, [operator], NOW)).toBeUndefined();
    expect(new SessionCookies('another').open(sealed, [token], NOW)).toBeUndefined();
  });

  it('shows neither the token nor its hash', () => {
    const bytes = Buffer.from(sealed.split('.')[1]!, 'base64url');
    expect(bytes.includes(text)).toBe(false);
    expect(bytes.includes(token.digest)).toBe(false);
    expect(sealed).not.toContain(token.digest.toString('base64url').slice(0, 8));
  });

  it('cannot be made by who knows the hashes, as readers of the file do', () => {
    for (const known of [operator.digest.toString('hex'), operator.digest.toString('latin1'), '']) {
      const forged = cookies.seal(operator, known, NOW + SESSION_MS);
      expect(cookies.open(forged, [operator], NOW)).toBeUndefined();
    }
  });

  it('cannot be changed, at any place', () => {
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.constantFrom('A', 'a', '0', '_', '-', '.', 'x'), (at, character) => {
        const changed = sealed.slice(0, at) + character + sealed.slice(at + 1);
        const opened = cookies.open(changed, [token, operator], NOW);
        // The last character of base64url has bits that mean nothing.
        expect(opened === undefined || changed === sealed || at === sealed.length - 1).toBe(true);
      }),
    );
  });

  it('is looked at whatever comes in its place', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 5_000, unit: 'binary' }), (value) => {
        expect(cookies.open(value, [token], NOW)).toBeUndefined();
        expect(cookies.open(`${sealed.split('.')[0]!}.${value}`, [token], NOW)).toBeUndefined();
      }),
    );
  });
});
