import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { objectUrl, signedUrl } from './temp-url.js';

const target = { endpoint: 'https://swift.example:8080/v1/AUTH_a', container: 'my box', name: 'cam 1/서울?.jpg' };

describe('the address of an object', () => {
  it('has every part encoded', () =>
    expect(objectUrl(target)).toBe('https://swift.example:8080/v1/AUTH_a/my%20box/cam%201/%EC%84%9C%EC%9A%B8%3F.jpg'));

  it('is signed over the path as it is before encoding, with SHA-256', () => {
    const url = new URL(signedUrl(target, 'key', 1_700_000_000));
    const signed = createHmac('sha256', 'key')
      .update('GET\n1700000000\n/v1/AUTH_a/my box/cam 1/서울?.jpg')
      .digest('hex');
    expect(url.searchParams.get('temp_url_sig')).toBe(signed);
    expect(url.searchParams.get('temp_url_expires')).toBe('1700000000');
    expect(url.searchParams.has('inline')).toBe(true);
  });
});
