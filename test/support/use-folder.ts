import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';

/** A temporary folder of a suite, known while its hooks and tests run. */
export interface UsedFolder {
  readonly path: string;
  /** The path of something in the folder. */
  at(...names: string[]): string;
}

/** An empty temporary folder: another for each test, or one for the whole suite. */
export function useFolder(name: string, per: 'test' | 'suite' = 'test'): UsedFolder {
  let path: string | undefined;
  const [before, after] = per === 'test' ? [beforeEach, afterEach] : [beforeAll, afterAll];
  before(async () => void (path = await mkdtemp(join(tmpdir(), `roadstream-${name}-`))));
  after(() => rm(known(), { recursive: true, force: true }));

  function known(): string {
    if (path === undefined) throw new Error(`The folder ${name} is there in hooks and tests only.`);
    return path;
  }

  return {
    get path() {
      return known();
    },
    at: (...names) => join(known(), ...names),
  };
}
