import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { OnnxDetector } from '../../src/damage/onnx/onnx-detector.js';
import { JobError, messageOf } from '../../src/job/errors.js';
import { asphalt } from '../vision/drawn-asphalt.js';

/** Opens every model of a folder and shows it a picture; writes a line for each, so that a death can be laid at one's door. */
const folder = process.argv[2] ?? '.';

async function lookWith(file: string): Promise<string> {
  const settings = { file, layout: 'auto', classes: [], threshold: 0.25, overlap: 0.45, device: 'cpu' } as const;
  try {
    const detector = await OnnxDetector.open(settings);
    await detector.detect(asphalt(128, 64), { signal: AbortSignal.timeout(20_000) });
    return 'ok';
  } catch (error) {
    return error instanceof JobError ? error.code : `UNEXPECTED ${messageOf(error)}`;
  }
}

for (const name of (await readdir(folder)).sort()) {
  process.stdout.write(`${name} `);
  process.stdout.write(`${(await lookWith(join(folder, name))).replaceAll('\n', ' ')}\n`);
}
process.exit();
