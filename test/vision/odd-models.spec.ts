import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { toHalf } from '../../src/damage/model/half.js';
import type { OnnxSettings } from '../../src/damage/onnx/model-spec.js';
import { OnnxDetector } from '../../src/damage/onnx/onnx-detector.js';
import { useFolder } from '../support/use-folder.js';
import { asphalt } from './drawn-asphalt.js';
import { tinyOnnx, type TinyModel, type TinyOutput } from './tiny-onnx.js';

const signal = new AbortController().signal;
const SIDE = 64;
const PLACES = 8 * 8 + 4 * 4 + 2 * 2;
const NAMES = "{0: 'D40', 1: 'D00', 2: 'D10', 3: 'D20'}";
const KOREAN = "{0: '포트홀', 1: '종방향균열', 2: '횡방향균열', 3: '거북등균열'}";

const folder = useFolder('odd-onnx', 'suite');

/** Four classes; one net of cracks of .9, and `elsewhere` for all other scores. */
function scores(elsewhere = 0, best = 0.9): Float32Array {
  const data = new Float32Array(8 * PLACES).fill(elsewhere, 4 * PLACES);
  [32, 50, 20, 10].forEach((value, row) => (data[row * PLACES + 10] = value));
  data[7 * PLACES + 10] = best;
  return data;
}

const grids = (data: TinyOutput['data'] = scores()): TinyOutput => ({ dims: [1, 8, PLACES], data });
const model = (more: Partial<TinyModel> & { output?: TinyOutput } = {}): TinyModel => ({
  input: [1, 3, SIDE, SIDE],
  outputs: { output0: more.output ?? grids() },
  metadata: { names: NAMES, imgsz: `[${SIDE}, ${SIDE}]` },
  ...more,
});

async function open(tiny: TinyModel, more: Partial<OnnxSettings> = {}): Promise<OnnxDetector> {
  const file = folder.at(`${Math.random()}.onnx`);
  await writeFile(file, tinyOnnx(tiny));
  return OnnxDetector.open({
    ...{ file, layout: 'auto', classes: [], threshold: 0.25, overlap: 0.45, device: 'cpu' },
    ...more,
  });
}

const rows = (width: number, ...values: number[][]): TinyOutput['data'] =>
  Float32Array.from(values.flat().slice(0, width * values.length));

describe('a model of the operator with odd inputs or outputs', () => {
  it.each<[string, TinyModel]>([
    ['halves in and out', model({ inputType: 'float16', output: grids(toHalf(scores())) })],
    ['halves out only', model({ output: grids(toHalf(scores())) })],
    ['whole numbers of pixels', model({ inputType: 'uint8', input: [1, SIDE, SIDE, 3] })],
    ['floats of pixels', model({ input: ['batch', SIDE, SIDE, 3] })],
    [
      'any size',
      model({ input: ['batch', 3, 'height', 'width'], output: { ...grids(), shape: ['batch', 8, 'anchors'] } }),
    ],
    ['Korean class names', model({ metadata: { names: KOREAN } })],
    ['class names as a list', model({ metadata: { names: '["D40","D00","D10","D20"]' } })],
    [
      'suppression inside, YOLO v7',
      model({ output: { dims: [1, 7], data: rows(7, [0, 22, 45, 42, 55, 3, 0.9]), shape: ['N', 7] } }),
    ],
    [
      'suppression inside, as a list',
      model({ output: { dims: [1, 6], data: rows(6, [22, 45, 42, 55, 0.9, 3]), shape: ['N', 6] } }),
    ],
    [
      'suppression inside',
      model({ output: { dims: [1, 1, 6], data: rows(6, [22, 45, 42, 55, 0.9, 3]), shape: [1, 'N', 6] } }),
    ],
  ])('works with %s', async (_what, tiny) => {
    const { detections } = await (await open(tiny)).detect(asphalt(SIDE, SIDE), { signal });
    expect(detections).toEqual([
      expect.objectContaining({ class: 'D20', box: { x: 22, y: 45, width: 20, height: 10 } }),
    ]);
    expect(detections[0]!.confidence).toBeCloseTo(0.9, 2);
  });

  it.each<[string, TinyOutput]>([
    ['no rows', { dims: [1, 0, 6], data: new Float32Array(0), shape: [1, 'N', 6] }],
    ['no rows, YOLO v7', { dims: [0, 7], data: new Float32Array(0), shape: ['N', 7] }],
    ['halves that say nothing', grids(toHalf(scores(0.01, 0.01)))],
  ])('finds nothing in %s', async (_what, output) => {
    expect((await (await open(model({ output }))).detect(asphalt(SIDE, SIDE), { signal })).detections).toEqual([]);
  });

  it.each<[string, TinyModel, RegExp]>([
    [
      'takes four pictures at once',
      model({ input: [4, 3, SIDE, SIDE] }),
      /4 pictures at once \(images float32 \[4, 3, 64, 64\]\).*batch=1/,
    ],
    ['gives logits', model({ output: grids(scores(-6, 2.2)) }), /confidences from -6 to 2.2.*sigmoid/],
    ['gives no numbers', model({ output: grids(scores(NaN, NaN)) }), /NaN/],
    ['has lost its weights', model({ output: { ...grids(), elsewhere: 'lost.data' } }), /file of their own/],
    ['is newer than the runtime', model({ irVersion: 99 }), /IR version.*older version of ONNX/s],
    ['takes one channel', model({ input: [1, 1, SIDE, SIDE] }), /images float32 \[1, 1, 64, 64\]/],
  ])('is refused at the start when it %s', async (_what, tiny, sentence) => {
    await expect(open(tiny)).rejects.toMatchObject({
      code: 'MODEL_UNUSABLE',
      message: expect.stringMatching(sentence),
    });
  });
});
