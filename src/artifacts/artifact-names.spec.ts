import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { artifactFolder, encodePart, timestampOf } from './artifact-names.js';

describe('artifact names', () => {
  it('follow the layout that dashboards rely on', () => {
    const job = { cctvId: 'cctv_001', jobId: '1725876000000-0', enqueuedAt: Date.UTC(2024, 8, 9, 10, 0, 0, 999) };
    expect(artifactFolder('preprocess/', job)).toBe('preprocess/cctv_001/1725876000000-0/20240909T100000Z/');
  });

  it('write a time without ms, in UTC', () => expect(timestampOf(0)).toBe('19700101T000000Z'));

  it.each([
    ['a/b', 'a%2Fb'],
    ['..', '%2E%2E'],
    ['.', '%2E'],
    ['...', '...'],
    ['서울', '%EC%84%9C%EC%9A%B8'],
    ['100%', '100%25'],
    ['a\0b', 'a%00b'],
  ])('encode %j as %s', (part, encoded) => expect(encodePart(part)).toBe(encoded));

  it('never let a part climb, end or vanish, and never give two parts one name', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (part) => {
        const encoded = encodePart(part);
        expect(encoded).toMatch(/^[A-Za-z0-9._~%-]+$/);
        expect(['.', '..']).not.toContain(encoded);
        expect(decodeURIComponent(encoded)).toBe(part);
      }),
    );
  });
});
