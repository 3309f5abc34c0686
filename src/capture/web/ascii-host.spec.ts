import { describe, expect, it } from '@jest/globals';
import { locationWithAsciiHost, withAsciiHost } from './ascii-host.js';

describe('withAsciiHost', () => {
  it.each([
    ['http://bücher.example:8080/ä.m3u8?x=ü#é', 'http://xn--bcher-kva.example:8080/ä.m3u8?x=ü#é'],
    ['https://cam:pä@카메라.example/a', 'https://cam:pä@xn--oi2by7cuz0a.example/a'],
    ['http://１２７.０.０.１/a', 'http://127.0.0.1/a'],
    ['http://127。0。0。1/a', 'http://127.0.0.1/a'],
    ['http://cam.example/ä', 'http://cam.example/ä'],
    ['/ä/b.ts', '/ä/b.ts'],
    ['http://a@b@ü.example/', 'http://a@b@ü.example/'],
    ['ftp://ü.example/', 'ftp://ü.example/'],
  ])('%s gives %s', (url, expected) => expect(withAsciiHost(url)).toBe(expected));
});

it('a location is read as the bytes that came', () => {
  const raw = Buffer.from('http://bücher.example/ä').toString('latin1');
  const expected = Buffer.from('http://xn--bcher-kva.example/ä').toString('latin1');
  expect(locationWithAsciiHost(raw)).toBe(expected);
});
