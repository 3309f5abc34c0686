import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigError } from '../config.error.js';
import { readEnvironment } from './environment.js';

describe('readEnvironment', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'env-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('reads the file, quotes, comments and all', () => {
    const file = join(folder, '.env');
    writeFileSync(file, '# words\r\nA_FIRST="x # y"\r\nA_SECOND=2 # two\r\nA_THIRD=\r\n');
    expect(readEnvironment(file)).toMatchObject({ A_FIRST: 'x # y', A_SECOND: '2', A_THIRD: '' });
    expect(process.env['A_FIRST']).toBeUndefined();
  });

  function problemsOf(content: string | Buffer): readonly string[] {
    const file = join(folder, '.env');
    writeFileSync(file, content);
    try {
      readEnvironment(file);
      return [];
    } catch (error) {
      return (error as ConfigError).problems.map((problem) => problem.replace(`${file}, `, ''));
    }
  }

  it('takes every form of a line that can be read', () => {
    const text = '\uFEFFREDIS_URL=redis://h\n\n  # words: more\nexport PORT=1\nOTHER_TOOL=x\nhttp_proxy=http://p\n';
    expect(problemsOf(text)).toEqual([]);
    expect(problemsOf('A="one\nKEY: two\n=three"\nB=\'x\ny: z\'\n')).toEqual([]);
  });

  it.each([
    ['YAML', 'PORT=1\nREDIS_URL: redis://:hunter2@h\n', [/^line 2: REDIS_URL .*YAML.* REDIS_URL=/]],
    ['YAML with a URL that has an =', 'A_B: redis://:hunter2@h/?a=b\n', [/^line 1: A_B .*YAML/]],
    ['lower case', '\nredis_url=redis://:hunter2@h\n', [/^line 2: redis_url .* REDIS_URL=/]],
    ['words', 'hunter2\nPORT=1\n[hunter2]\n', [/^line 1: is neither/, /^line 3: is neither/]],
  ])('says which lines of a file in %s would have been passed over', (_what, text, lines) => {
    expect(problemsOf(text)).toEqual(lines.map((line) => expect.stringMatching(line)));
    expect(problemsOf(text).join()).not.toContain('hunter2');
  });

  it.each([
    ['with a mark', Buffer.from('\uFEFFPORT=1\n', 'utf16le')],
    ['without one', Buffer.from('PORT=1\n', 'utf16le')],
    ['the other way round', Buffer.from('\uFEFFPORT=1\n', 'utf16le').swap16()],
  ])('says that a file is in UTF-16, %s', (_how, bytes) => {
    expect(problemsOf(bytes)).toEqual([expect.stringMatching(/^line 1: is UTF-16.*save the file as UTF-8/)]);
  });

  it('lets the real environment win', () => {
    const file = join(folder, '.env');
    writeFileSync(file, 'PATH=/from/the/file\n');
    expect(readEnvironment(file)['PATH']).toBe(process.env['PATH']);
  });

  it('does without the file', () =>
    expect(readEnvironment(join(folder, 'none'))).toMatchObject({ PATH: process.env['PATH'] }));

  it('says so when the file cannot be read', () => expect(() => readEnvironment(folder)).toThrow(ConfigError));
});
