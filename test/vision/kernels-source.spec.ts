import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

/** The checkout: three folders above `dist/test/vision`. */
const ROOT = join(import.meta.dirname, '..', '..', '..');
const KERNELS = join(ROOT, 'src/background/kernels');

describe('kernels.wasm', () => {
  it('is what its source compiles to: else run `npm run build:kernels`', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'roadstream-kernels-'));
    const built = join(folder, 'kernels.wasm');
    const source = join(KERNELS, 'assembly');
    const asc = join(ROOT, 'node_modules/assemblyscript/bin/asc.js');
    const args = [join(source, 'index.ts'), '--outFile', built, '--config', join(source, 'asconfig.json')];
    await promisify(execFile)(process.execPath, [asc, ...args]);
    const same = (await readFile(built)).equals(await readFile(join(KERNELS, 'kernels.wasm')));
    await rm(folder, { recursive: true });
    expect(same).toBe(true);
  });
});
