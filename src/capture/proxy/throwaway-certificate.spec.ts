import { createPrivateKey, X509Certificate } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { makeThrowawayCertificate } from './throwaway-certificate.js';

describe('makeThrowawayCertificate', () => {
  it('makes a certificate that others can read and that its own key has signed', () => {
    const now = new Date('2024-09-09T10:00:00Z');
    const { key, cert } = makeThrowawayCertificate('guarded proxy', now);
    const parsed = new X509Certificate(cert);
    expect(parsed.subject).toBe('CN=guarded proxy');
    expect(parsed.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(parsed.verify(parsed.publicKey)).toBe(true);
    expect(new Date(parsed.validFrom)).toEqual(now);
  });

  it('makes another one every time', () => {
    const now = new Date();
    expect(makeThrowawayCertificate('a', now).key).not.toBe(makeThrowawayCertificate('a', now).key);
  });
});
