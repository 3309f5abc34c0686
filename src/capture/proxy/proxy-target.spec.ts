import { describe, expect, it } from '@jest/globals';
import { readAuthority, readTarget } from './proxy-target.js';

describe('readTarget', () => {
  it('keeps path and query exactly as they were written', () => {
    expect(readTarget('http://Cam.Example:8080/a/../b%2F?x=%20&y=[1]')).toEqual({
      secure: false,
      host: 'cam.example',
      port: 8080,
      authority: 'cam.example:8080',
      path: '/a/../b%2F?x=%20&y=[1]',
    });
  });

  it.each([
    ['http://cam.example', '/'],
    ['http://cam.example?x=1', '/?x=1'],
    ['http://cam.example/a#part', '/a'],
  ])('reads the path of %s as %s', (url, path) => {
    expect(readTarget(url)).toMatchObject({ port: 80, path });
  });

  it('reads addresses in any notation as one', () => {
    expect(readTarget('http://0x7f.1/')?.host).toBe('127.0.0.1');
    expect(readTarget('http://[::ffff:127.0.0.1]/')?.host).toBe('::ffff:7f00:1');
  });

  it.each([
    '/a',
    'https://a/',
    'ftp://a/',
    'http://',
    'http://a@b/',
    'http://a\\b/',
    'http://a b/',
    'http://a%2eb/',
    '',
  ])('refuses "%s"', (url) => expect(readTarget(url)).toBeNull());
});

describe('readAuthority', () => {
  it('reads host and port', () => {
    expect(readAuthority('cam.example:443')).toEqual({ host: 'cam.example', port: 443, authority: 'cam.example' });
    expect(readAuthority('[::1]:8443')).toMatchObject({ host: '::1', port: 8443 });
  });

  it.each(['', 'a:b', 'a:70000', 'a@b:443', 'a/b:443', 'a\\b:443'])('refuses "%s"', (text) => {
    expect(readAuthority(text)).toBeNull();
  });
});
