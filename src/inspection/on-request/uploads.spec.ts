import { expect, it } from '@jest/globals';
import type { RateLimitedError } from '../../job/errors.js';
import { Uploads } from './uploads.js';

it('lets the slowest upload make room when all places are taken', () => {
  const uploads = new Uploads({ most: 2, graceMs: -1 });
  const ended: string[] = [];
  const begin = (name: string) => uploads.begin(({ code }: RateLimitedError) => ended.push(`${name} ${code}`));
  begin('fast').bytes = 1_000_000;
  begin('slow').bytes = 1;
  begin('new');
  expect(ended).toEqual(['slow BUSY']);
});

it('refuses one more while all are too young to be judged', () => {
  const uploads = new Uploads({ most: 1, graceMs: 60_000 });
  const first = uploads.begin(() => undefined);
  expect(() => uploads.begin(() => undefined)).toThrow(expect.objectContaining({ code: 'BUSY' }));
  uploads.finish(first);
  expect(() => uploads.begin(() => undefined)).not.toThrow();
});
