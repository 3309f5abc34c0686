import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { expect, describe, it } from '@jest/globals';
import { loadConfig } from '../../src/config/config.js';
import { NAMES } from '../../src/config/table/table.js';
import { exampleFile, settingsPage } from './settings-pages.js';

/** Tables are aligned by the formatter, which says nothing new. */
const unaligned = (page: string): string => page.replaceAll(/ +\|/g, ' |').replaceAll(/-{3,}/g, '---');

describe('the pages about settings', () => {
  it('are what the table says: run "npm run docs:settings" after a change of it', () => {
    expect(readFileSync('.env.example', 'utf8')).toBe(exampleFile());
    expect(unaligned(readFileSync('docs/settings.md', 'utf8')).trim()).toBe(unaligned(settingsPage()).trim());
  });

  it('name every variable, and their defaults are those of the service', () => {
    const example = parseEnv(readFileSync('.env.example', 'utf8'));
    expect(Object.keys(example).sort()).toEqual([...NAMES].sort());
    expect(loadConfig(example as Record<string, string>)).toEqual(loadConfig({}));
  });
});
