import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { CalibratedDetector } from '../../src/damage/birds-eye/calibrated-detector.js';
import { BuiltinDetector } from '../../src/damage/builtin/builtin-detector.js';
import { ROAD_DAMAGE } from '../../src/damage/builtin/road-model.js';
import { ClassicalCrackDetector } from '../../src/damage/classical/classical-crack-detector.js';
import type { DamageDetector } from '../../src/damage/damage-detector.js';
import { GeminiDetector } from '../../src/damage/gemini/gemini-detector.js';
import { OnnxDetector } from '../../src/damage/onnx/onnx-detector.js';
import type { Picture } from '../../src/picture/picture.js';
import { ThreadPool } from '../../src/threads/thread-pool.js';
import { geminiApiAt } from '../support/gemini-api.js';
import { startGeminiServer } from '../support/gemini-server/gemini-server.js';
import { OneKey } from '../support/one-key.js';
import { asphalt, drawLine, WANDERING, type Point } from '../vision/drawn-asphalt.js';
import { tinyOnnx } from '../vision/tiny-onnx.js';
import { describeDamageDetector, type DetectorUnderTest } from './damage-detector.contract.js';

const [WIDTH, HEIGHT] = [640, 480];

/** A crack on the left and one on the right. */
function cracked(): Picture {
  const picture = asphalt(WIDTH, HEIGHT);
  drawLine(picture, moved(-120), 3, 45);
  drawLine(picture, moved(220), 3, 45);
  return picture;
}

function moved(x: number): Point[] {
  return WANDERING.map(([u, v]) => [u + x, v]);
}

/** More cracks than any road has. */
function shattered(): Picture {
  const picture = asphalt(WIDTH, HEIGHT);
  for (let y = 10; y < HEIGHT - 40; y += 30) {
    const zigzag = Array.from({ length: 30 }, (_, i) => [10 + 20 * i, y + 20 * (i % 2)] as const);
    drawLine(picture, zigzag, 3, 30);
  }
  return picture;
}

/** A detector that works with threads, and its doubts. */
function inThreads(
  make: (threads: ThreadPool) => DamageDetector,
  damaged: Picture,
  doubtful: Picture,
): DetectorUnderTest {
  const threads = new ThreadPool();
  const detector = make(threads);
  return {
    ...{ detector, damaged, doubtful: (options) => detector.detect(doubtful, options) },
    close: () => threads.close(),
  };
}

describeDamageDetector('classical', async () =>
  inThreads((threads) => new ClassicalCrackDetector(threads), cracked(), shattered()),
);

describeDamageDetector('calibrated, around another', async () =>
  inThreads(
    (threads) => new CalibratedDetector(new ClassicalCrackDetector(threads), 0, threads),
    cracked(),
    shattered(),
  ),
);

describeDamageDetector('builtin', async () => {
  const file = join(ROAD_DAMAGE.file, '..', 'samples', '994583_RS_386_386RS191729_09680_RAW.jpg');
  const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
  // Beside itself, so that there is damage in both halves.
  const half = { width: info.width, height: info.height, rgb: new Uint8Array(data) };
  const damaged = await beside(half);
  const dark = { ...damaged, rgb: damaged.rgb.map((value) => value / 4) };
  return inThreads((threads) => new BuiltinDetector(threads), damaged, dark);
});

async function beside({ width, height, rgb }: Picture): Promise<Picture> {
  const image = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .resize({ width: width / 2, height, fit: 'fill' })
    .raw()
    .toBuffer();
  const half = { raw: { width: width / 2, height, channels: 3 as const } };
  const empty = { create: { width, height, channels: 3 as const, background: 'black' } };
  const both = sharp(empty).composite([
    { input: image, ...half, left: 0, top: 0 },
    { input: image, ...half, left: width / 2, top: 0 },
  ]);
  return { width, height, rgb: new Uint8Array(await both.removeAlpha().raw().toBuffer()) };
}

describeDamageDetector('onnx', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'onnx-'));
  const threads = new ThreadPool();
  const open = async (name: string, boxes: readonly Box[]): Promise<OnnxDetector> => {
    const file = join(folder, name);
    await writeFile(file, yoloThatSees(boxes));
    const settings = { file, layout: 'auto', classes: [], threshold: 0.25, overlap: 0.45, device: 'cpu' } as const;
    return OnnxDetector.open(settings, threads);
  };
  const detector = await open('sound.onnx', [
    [12, 32, 8, 6, 0.9],
    [50, 32, 6, 4, 0.7],
  ]);
  const wild = await open('wild.onnx', [[32, 32, 64, 64, 0.9]]);
  return {
    ...{ detector, damaged: asphalt(WIDTH, WIDTH), doubtful: (options) => wild.detect(asphalt(WIDTH, WIDTH), options) },
    close: async () => {
      await threads.close();
      await rm(folder, { recursive: true });
    },
  };
});

/** Middle, size and score of a pothole, in px of the model's input. */
type Box = readonly [x: number, y: number, width: number, height: number, score: number];

function yoloThatSees(boxes: readonly Box[]): Buffer {
  const [side, places] = [64, 8 * 8 + 4 * 4 + 2 * 2];
  const data = new Float32Array(5 * places);
  boxes.forEach((box, place) => box.forEach((value, i) => (data[i * places + place] = value)));
  const outputs = { output0: { dims: [1, 5, places], data } };
  return tinyOnnx({ input: [1, 3, side, side], outputs, metadata: { names: "{0: 'D40'}" } });
}

describeDamageDetector('gemini', async () => {
  const server = await startGeminiServer();
  const damages = [
    { box_2d: [700, 600, 800, 700], label: 'D40', confidence: 0.9 },
    { box_2d: [200, 100, 900, 130], label: 'D00', confidence: 0.7 },
  ];
  server.answer = () => ({ view: 'clear', damages });
  const detector = new GeminiDetector(new OneKey(geminiApiAt(server)), { model: 'gemini-x', language: 'en' });
  const damaged = asphalt(WIDTH, HEIGHT);
  return {
    ...{ detector, damaged },
    doubtful: async (options) => {
      server.answer = () => ({ view: 'night', damages });
      const marks = await detector.detect(damaged, options);
      server.answer = () => ({ view: 'clear', damages });
      return marks;
    },
    close: () => server.close(),
  };
});
