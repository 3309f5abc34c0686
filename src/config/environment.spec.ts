import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigError } from './config.error.js';
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

  it('lets the real environment win', () => {
    const file = join(folder, '.env');
    writeFileSync(file, 'PATH=/from/the/file\n');
    expect(readEnvironment(file)['PATH']).toBe(process.env['PATH']);
  });

  it('does without the file', () =>
    expect(readEnvironment(join(folder, 'none'))).toMatchObject({ PATH: process.env['PATH'] }));

  it('says so when the file cannot be read', () => expect(() => readEnvironment(folder)).toThrow(ConfigError));
});
