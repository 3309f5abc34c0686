import { describe, expect, it } from '@jest/globals';
import { tokensUrl } from './keystone.js';

describe("Keystone's address", () => {
  it.each([
    ['http://host:5000', 'http://host:5000/v3/auth/tokens'],
    ['http://host:5000/', 'http://host:5000/v3/auth/tokens'],
    ['http://host:5000/v3', 'http://host:5000/v3/auth/tokens'],
    ['https://host/identity/v3/', 'https://host/identity/v3/auth/tokens'],
  ])('%s is asked at %s', (given, asked) => expect(tokensUrl(given)).toBe(asked));
});
