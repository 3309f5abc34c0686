import { rm, writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { ThreadPool } from '../../src/threads/thread-pool.js';
import type { OnnxSettings } from '../../src/damage/onnx/model-spec.js';
import { OnnxDetector } from '../../src/damage/onnx/onnx-detector.js';
import { PermanentStepError } from '../../src/job/errors.js';
import { useFolder } from '../support/use-folder.js';
import { asphalt } from './drawn-asphalt.js';
import { tinyOnnx, type TinyModel } from './tiny-onnx.js';

const signal = new AbortController().signal;
const SIDE = 64;
const PLACES = 8 * 8 + 4 * 4 + 2 * 2;
const NAMES = { names: "{0: 'D00', 1: 'pothole'}" };

const folder = useFolder('onnx', 'suite');

async function settingsFor(model: Buffer | TinyModel, more: Partial<OnnxSettings> = {}): Promise<OnnxSettings> {
  const file = folder.at(`${Math.random()}.onnx`);
  await writeFile(file, Buffer.isBuffer(model) ? model : tinyOnnx(model));
  return { file, layout: 'auto', classes: [], threshold: 0.25, overlap: 0.45, device: 'cpu', ...more };
}

/** YOLO v8 for two classes that sees two overlapping potholes and a crack, in px of its input. */
function yolo(metadata: Record<string, string> = NAMES): TinyModel {
  const rows = [
    [32, 32, 10, 4, 0, 0.9],
    [32, 32.5, 10, 4, 0, 0.8],
    [10, 32, 6, 2, 0.6, 0],
  ];
  const data = new Float32Array(6 * PLACES);
  rows.forEach((row, place) => row.forEach((value, i) => (data[i * PLACES + place] = value)));
  return { input: [1, 3, SIDE, SIDE], outputs: { output0: { dims: [1, 6, PLACES], data } }, metadata };
}

const refusal = async (settings: Promise<OnnxSettings>): Promise<string> => {
  const error: unknown = await OnnxDetector.open(await settings).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PermanentStepError);
  expect(error).toMatchObject({ code: 'MODEL_UNUSABLE' });
  return (error as Error).message;
};

describe('OnnxDetector', () => {
  it('finds what the model of the operator finds, in px of the picture', async () => {
    const detector = await OnnxDetector.open(await settingsFor(yolo()));
    expect(detector.info.classes.map(({ id }) => id)).toEqual(['D00', 'D40']);
    const { detections, image } = await detector.detect(asphalt(128, 64), { signal });
    expect(image).toEqual({ width: 128, height: 64 });
    expect(detections.map((one) => [one.class, one.confidence])).toEqual([
      ['D40', 0.9],
      ['D00', 0.6],
    ]);
    // The picture is twice as wide as high: 16 px of grey above and below, and half the size.
    expect(detections[0]!.box).toEqual({ x: 54, y: 28, width: 20, height: 8 });
  });

  it('reads its model once for each thread', async () => {
    const threads = new ThreadPool();
    const settings = await settingsFor(yolo());
    const detector = await OnnxDetector.open(settings, threads);
    const first = await detector.detect(asphalt(128, 64), { signal });
    await rm(settings.file);
    expect(await detector.detect(asphalt(128, 64), { signal })).toEqual(first);
    expect(threads.size).toBe(1);
    await threads.close();
  });

  it('drops what lies beside the driven road', async () => {
    const detector = await OnnxDetector.open(await settingsFor(yolo()));
    const right = { width: 2, height: 1, data: Uint8Array.of(0, 1) };
    const { detections } = await detector.detect(asphalt(128, 64), { signal, drivenRoad: right });
    expect(detections.map((one) => one.class)).toEqual(['D40']);
  });

  it('takes the size that the file names when any size would do', async () => {
    const model = { ...yolo({ ...NAMES, imgsz: '[64, 64]' }), input: ['batch', 3, 'height', 'width'] };
    const detector = await OnnxDetector.open(await settingsFor(model));
    expect((await detector.detect(asphalt(64, 64), { signal })).detections).toHaveLength(2);
  });

  it('takes classes and layout as configured', async () => {
    const settings = await settingsFor(yolo({}), { classes: ['-', 'crack'], layout: 'yolov8' });
    const { detections } = await (await OnnxDetector.open(settings)).detect(asphalt(64, 64), { signal });
    expect(detections.map((one) => one.class)).toEqual(['crack']);
  });

  it('refuses a file that is missing, garbage or cut short', async () => {
    const settings = await settingsFor(yolo());
    expect(await refusal(Promise.resolve({ ...settings, file: '/nowhere/model.onnx' }))).toContain('Check the path');
    expect(await refusal(settingsFor(Buffer.from('<html>404</html>')))).toContain('no ONNX model');
    expect(await refusal(settingsFor(tinyOnnx(yolo()).subarray(0, 900)))).toContain('no ONNX model');
  });

  it('refuses what stays unclear, and names the variable that would help', async () => {
    expect(await refusal(settingsFor(yolo({})))).toContain('DAMAGE_MODEL_CLASSES');
    expect(await refusal(settingsFor(yolo({ names: "{0: 'cat', 1: 'dog'}" })))).toContain('cat, dog');
    expect(await refusal(settingsFor(yolo({ names: "['crack']" })))).toContain('2 classes');
    const odd = { ...yolo(), outputs: { out: { dims: [1, 7, 3], data: new Float32Array(21) } } };
    expect(await refusal(settingsFor(odd))).toContain('DAMAGE_MODEL_LAYOUT');
    const grey = { ...yolo(), input: [1, 1, SIDE, SIDE] };
    expect(await refusal(settingsFor(grey))).toContain('one picture');
  });

  it('refuses a device that is not there', async () => {
    expect(await refusal(settingsFor(yolo(), { device: 'cuda' }))).toContain('DAMAGE_MODEL_DEVICE=cpu');
  });
});
