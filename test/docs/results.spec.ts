import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

const ROOT = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');

it('names in the README every field that an inspection publishes', () => {
  const [, fields = ''] =
    /\): JobResult \{\n {2}return \{\n([^]*?)\n {2}\};/.exec(read('src/inspection/inspection-result.ts')) ?? [];
  const names = [...fields.matchAll(/^ {4}(\w+):/gm)].map(([, name]) => name!);
  expect(names.length).toBeGreaterThan(15);
  const readme = read('README.md');
  expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});
