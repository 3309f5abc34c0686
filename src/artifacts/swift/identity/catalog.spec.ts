import { describe, expect, it } from '@jest/globals';
import { objectStoreUrl, type CatalogService } from './catalog.js';

const store = (...endpoints: [face: string, region: string, url: string][]): CatalogService => ({
  type: 'object-store',
  endpoints: endpoints.map(([face, region, url]) => ({ interface: face, region, url })),
});

describe("Swift's address in Keystone's catalog", () => {
  const one = store(['internal', 'A', 'http://inside'], ['public', 'A', 'http://a/v1/x/']);
  const two = store(['public', 'A', 'http://a'], ['public', 'B', 'http://b']);

  it('is the public one of the only region', () => expect(objectStoreUrl([one], undefined)).toBe('http://a/v1/x'));

  it('is another one when that is wanted', () =>
    expect(objectStoreUrl([one], undefined, 'internal')).toBe('http://inside'));

  it.each([
    ['A', 'http://a'],
    ['b', 'http://b'],
  ])('is that of the region %s when it is named', (region, url) => expect(objectStoreUrl([two], region)).toBe(url));

  it.each([
    ['no choice was made among several', [two], undefined, 'several regions: A, B. Set OS_REGION_NAME'],
    ['the region is another', [two], 'C', 'no single Swift in the region C. Set OS_REGION_NAME to one of: A, B'],
    ['there is none at all', [{ type: 'compute', endpoints: [] }], undefined, 'no public object-store'],
    [
      'it is there for insiders only',
      [store(['internal', 'A', 'http://inside'])],
      undefined,
      'Set OS_INTERFACE to one that it has: internal',
    ],
  ])('cannot be told when %s', (_why, catalog, region, message) => {
    expect(() => objectStoreUrl(catalog, region)).toThrow(
      expect.objectContaining({ kind: 'permanent', code: 'SWIFT_REGION', message: expect.stringContaining(message) }),
    );
  });
});
