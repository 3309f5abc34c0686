import { describe, expect, it } from '@jest/globals';
import { CookieJar, type CookieTarget } from './cookie-jar.js';

const at = (host: string, path = '/', secure = true): CookieTarget => ({ host, path, secure });
const CAMERA = at('cam.city.example', '/live/a.m3u8');

function after(...lines: string[]): CookieJar {
  const jar = new CookieJar();
  jar.take(CAMERA, lines);
  return jar;
}

describe('CookieJar', () => {
  it.each([
    ['a=1', at('cam.city.example', '/live/b.ts'), 'a=1'],
    ['a=1', at('cam.city.example', '/other/b.ts'), undefined],
    ['a=1; Path=/', at('cam.city.example', '/other/b.ts?x=/live/'), 'a=1'],
    ['a=1; Path=/live', at('cam.city.example', '/liver/b.ts'), undefined],
    ['a=1; Path=/', at('other.example'), undefined],
    ['a=1; Path=/', at('city.example'), undefined],
    ['a=1; Path=/', at('evilcam.city.example'), undefined],
    ['a=1; Path=/; Domain=city.example', at('cdn.city.example'), 'a=1'],
    ['a=1; Path=/; Domain=.city.example', at('cdn.city.example'), 'a=1'],
    ['a=1; Path=/; Domain=city.example', at('evilcity.example'), undefined],
    ['a=1; Path=/; Domain=example', at('other.example'), undefined],
    ['a=1; Path=/; Domain=bank.example', at('bank.example'), undefined],
    ['a=1; Path=/; Domain=cdn.cam.city.example', at('cdn.cam.city.example'), undefined],
    ['a=1; Path=/; Secure', at('cam.city.example', '/', false), undefined],
    ['a=1; Path=/; Max-Age=0', at('cam.city.example'), undefined],
    ['a=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT', at('cam.city.example'), undefined],
    ['a=1\r\nX-Injected: 1; Path=/', at('cam.city.example'), undefined],
    ['no pair', at('cam.city.example', '/live/'), undefined],
  ])('%s, asked for %j, gives %s', (line, target, expected) => {
    expect(after(line).header(target)).toBe(expected);
  });

  it('gives no cookie of an address to another that ends alike', () => {
    const jar = new CookieJar();
    jar.take(at('10.0.0.1'), ['a=1; Domain=0.0.1', 'b=2']);
    expect(jar.header(at('11.0.0.1'))).toBeUndefined();
    expect(jar.header(at('10.0.0.1'))).toBe('b=2');
  });

  it('takes none that says to be secure from a server that is not', () => {
    const jar = new CookieJar();
    jar.take(at('cam.example', '/', false), ['a=1; Secure']);
    expect(jar.header(at('cam.example'))).toBeUndefined();
  });

  it('replaces and forgets by name, path and domain', () => {
    const jar = after('a=1; Path=/', 'b=2; Path=/', 'a=3; Path=/', 'b=; Path=/; Max-Age=-1');
    expect(jar.header(CAMERA)).toBe('a=3');
  });

  it('puts those of the operator first, and lets the server replace them', () => {
    expect(after('sid=new; Path=/').header(CAMERA, 'sid=old; key=k')).toBe('key=k; sid=new');
  });

  it('keeps no more than 50 cookies and sends no more than 8 KB', () => {
    const jar = after(...Array.from({ length: 500 }, (_, i) => `c${i}=${'x'.repeat(1000)}; Path=/`));
    expect(jar.header(CAMERA)?.length).toBeLessThanOrEqual(8192);
    const short = after(...Array.from({ length: 500 }, (_, i) => `c${i}=x; Path=/`));
    expect(short.header(CAMERA)?.split(';')).toHaveLength(50);
  });
});
