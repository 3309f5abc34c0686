import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = new URL('../../../', import.meta.url).pathname;

/** Texts of all suites, by the name of their file without `.spec.ts`. */
const suites = new Map<string, string>();
for (const folder of ['src', 'test']) {
  for (const path of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.spec.ts')) continue;
    const name = basename(path, '.spec.ts');
    suites.set(name, `${suites.get(name) ?? ''}\n${readFileSync(join(ROOT, folder, path), 'utf8')}`);
  }
}

/** The rows of a page's tables of promises: a promise, and what shows it. */
function promisesOf(page: string): { promise: string; shownBy: string }[] {
  const rows: { promise: string; shownBy: string }[] = [];
  let inTable = false;
  for (const line of readFileSync(join(ROOT, 'docs', page), 'utf8').split('\n')) {
    const cells = line.split(' | ').map((cell) => cell.replace(/^\||\|$/g, '').trim());
    if (cells.at(-1)?.includes('shown by') === true) inTable = true;
    else if (!line.startsWith('|')) inTable = false;
    else if (inTable && !/^[|\s-]+$/.test(line)) rows.push({ promise: cells[0] ?? '', shownBy: cells.at(-1) ?? '' });
  }
  return rows;
}

/** The tests that a cell names: `suite` › _title_, and further titles of the same suite. `…` stands for anything. */
function testsIn(shownBy: string): { suite: string; title: string }[] {
  const tests: { suite: string; title: string }[] = [];
  let suite = '';
  for (const [, code, title] of shownBy.matchAll(/`([^`]+)`(?= › )|(?<![\w`])_((?:[^_]|(?<=\w)_(?=\w))+)_(?![\w`])/g)) {
    if (code !== undefined) suite = code;
    else if (title !== undefined) tests.push({ suite, title });
  }
  return tests;
}

/** Titles of tests in a suite's source; what `it.each` fills in stands as `…`. */
function titlesIn(text: string): string[] {
  const titles = text.matchAll(
    /(?:\bit|\bdescribe|\])(?:\.each\([\s\S]*?\)|\.skipIf\(.*?\))?\(\s*(['"`])((?:\\.|(?!\1).)*)\1/g,
  );
  return [...titles].map(([, , title = '']) => title.replace(/\\(.)/g, '$1').replace(/%[sijdo]|\$\{.*?\}|\$\w+/g, '…'));
}

/** Whether a title of the docs means one of the tests: each may leave parts of it open. */
function isOneOf(title: string, text: string): boolean {
  if (title.split('…').every((part) => text.includes(part.trim()))) return true;
  return titlesIn(text).some(
    (other) => pattern(title).test(other) || pattern(other).test(title.replaceAll('…', ' … ')),
  );
}

function pattern(title: string): RegExp {
  const parts = title.split('…').map((part) => part.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}${title.includes('…') ? '' : '$'}`);
}

describe.each([
  'reliability.md',
  'security.md',
  'events.md',
  'jobs.md',
  'dashboard.md',
  'operations.md',
  'kafka.md',
  's3.md',
])('the promises of docs/%s', (page) => {
  const promises = promisesOf(page);

  it('are some', () => {
    expect(promises.length).toBeGreaterThan(4);
  });

  it.each(promises)('name the tests that show them: $promise', ({ shownBy }) => {
    const tests = testsIn(shownBy);
    expect(tests.length).toBeGreaterThan(0);
    const missing = tests.filter(({ suite, title }) => !isOneOf(title, suites.get(suite) ?? ''));
    expect(missing).toEqual([]);
  });
});
