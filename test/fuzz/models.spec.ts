import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, jest } from '@jest/globals';
import { tinyOnnx } from '../vision/tiny-onnx.js';
import { useFolder } from '../support/use-folder.js';
import { mutated } from './mutations.js';
import { examplesOf } from './seed.js';

jest.setTimeout(180_000);

const PROGRAM = fileURLToPath(new URL('./model-process.js', import.meta.url));
const MODELS = 120;
const SIDE = 64;
const PLACES = 8 * 8 + 4 * 4 + 2 * 2;

const folder = useFolder('models', 'suite');

describe('model files, however odd', () => {
  it('are used or refused with a code, and kill no process', async () => {
    const data = new Float32Array(6 * PLACES).map((_value, i) => (i % 7) / 7);
    const outputs = { output0: { dims: [1, 6, PLACES], data } };
    const metadata = { names: "{0: 'D00', 1: 'pothole'}" };
    const sound = tinyOnnx({ input: [1, 3, SIDE, SIDE], outputs, metadata });
    // Near both ends is what describes the numbers in between.
    for (const [i, bytes] of examplesOf(mutated(sound, 3), MODELS).entries()) {
      await writeFile(folder.at(`${String(i).padStart(3, '0')}.onnx`), bytes);
    }
    const { ended, lines } = await run(folder.path);
    expect(ended).toBe('well');
    expect(lines).toHaveLength(MODELS);
    expect(lines.filter((line) => !/^\d+\.onnx (ok|MODEL_UNUSABLE|DETECTOR_\w+)$/.test(line))).toEqual([]);
  });
});

/** The lines that the program wrote, the last one by whose model it died. */
function run(folder: string): Promise<{ ended: string; lines: string[] }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, folder], { env: { PATH: process.env['PATH'] } }, (error, stdout, stderr) => {
      const lines = stdout.split('\n').filter((line) => line !== '');
      resolve({
        ended: error === null ? 'well' : `${String(error.signal ?? error.code)} at ${lines.at(-1)}: ${stderr}`,
        lines,
      });
    });
  });
}
