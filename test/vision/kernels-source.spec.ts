import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { useFolder } from '../support/use-folder.js';

/** The checkout: three folders above `dist/test/vision`. */
const ROOT = join(import.meta.dirname, '..', '..', '..');
const KERNELS = join(ROOT, 'src/background/kernels');

const folder = useFolder('kernels');

describe('kernels.wasm', () => {
  it('is what its source compiles to: else run `npm run build:kernels`', async () => {
    const built = folder.at('kernels.wasm');
    const source = join(KERNELS, 'assembly');
    const asc = join(ROOT, 'node_modules/assemblyscript/bin/asc.js');
    const args = [join(source, 'index.ts'), '--outFile', built, '--config', join(source, 'asconfig.json')];
    await promisify(execFile)(process.execPath, [asc, ...args]);
    const same = (await readFile(built)).equals(await readFile(join(KERNELS, 'kernels.wasm')));
    expect(same).toBe(true);
  });
});
