import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const ROOT = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');
const PAGES = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(new URL('docs/', ROOT))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** Lines of a page's shell examples, without what they say of themselves. */
function commandsOf(page: string): string[] {
  const blocks = [...read(page).matchAll(/^```sh\n([^]*?)^```/gm)].map(([, block = '']) => block);
  return blocks
    .join('')
    .split('\n')
    .map((line) => line.replace(/\s+#.*/, '').trim())
    .filter((line) => line !== '');
}

/** Headings of a page as GitHub names them in links. */
function anchorsOf(page: string): string[] {
  const headings = read(page).match(/^#+ .+$/gm) ?? [];
  return headings.map((heading) =>
    heading
      .replace(/^#+ /, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('the pages for people', () => {
  it.each(PAGES)('%s leads to files and headings that are there', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)];
    const broken = links.filter(([, file = '', anchor]) => {
      const target = file === '' ? page : new URL(file, new URL(page, 'x:/')).pathname.slice(1);
      if (!existsSync(new URL(target, ROOT))) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it('give the same commands in Korean as in English', () => {
    const english = commandsOf('README.md');
    const korean = commandsOf('README.ko.md');
    expect(korean.length).toBeGreaterThan(8);
    expect(korean.filter((command) => !english.includes(command))).toEqual([]);
  });

  it('tell what is new in the version that this is', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    expect(read('CHANGELOG.md')).toContain(`\n## ${version}`);
  });
});
