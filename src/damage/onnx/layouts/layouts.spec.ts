import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Tensors } from '../../model/inference.js';
import type { Candidate } from '../candidate.js';
import { placesOf, type LayoutName } from './layout.js';
import { LAYOUT_BY_NAME, layoutsOf } from './recognise.js';

const INPUT = { width: 160, height: 96 };
const PLACES = placesOf(INPUT);
const CLASSES = 4;
const THRESHOLD = 0.25;

/** A box that some model sees, in px of the input. */
interface Seen {
  x: number;
  y: number;
  width: number;
  height: number;
  score: number;
  index: number;
}

const seen = fc.record({
  x: fc.double({ min: 10, max: 150, noNaN: true }),
  y: fc.double({ min: 10, max: 90, noNaN: true }),
  width: fc.double({ min: 1, max: 60, noNaN: true }),
  height: fc.double({ min: 1, max: 60, noNaN: true }),
  score: fc.double({ min: 0.3, max: 0.99, noNaN: true }),
  index: fc.nat(CLASSES - 1),
});

/** Rows of `columns` numbers; those beyond the given ones are zeros. */
function table(rows: number, columns: number, given: readonly (readonly number[])[]): Tensors {
  const data = new Float32Array(rows * columns);
  given.forEach((row, i) => data.set(row, i * columns));
  return { output0: { data, dims: [1, rows, columns] } };
}

const oneHot = (index: number, value: number, off = 0) =>
  Array.from({ length: CLASSES }, (_, i) => (i === index ? value : off));

function transposed({ output0 }: Tensors): Tensors {
  const [, rows, columns] = output0!.dims as [number, number, number];
  const data = new Float32Array(rows * columns);
  for (let i = 0; i < data.length; i++) data[(i % columns) * rows + Math.floor(i / columns)] = Number(output0!.data[i]);
  return { output0: { data, dims: [1, columns, rows] } };
}

const logit = (share: number) => Math.log(share / (1 - share));

/** What a model of each family gives when it sees these boxes: written from the table in docs/vision.md. */
const ENCODERS: Record<LayoutName, (boxes: readonly Seen[]) => Tensors> = {
  yolov8: (boxes) =>
    transposed(
      table(
        PLACES,
        4 + CLASSES,
        boxes.map(({ x, y, width, height, score, index }) => [x, y, width, height, ...oneHot(index, score)]),
      ),
    ),
  yolov5: (boxes) =>
    table(
      3 * PLACES,
      5 + CLASSES,
      boxes.map(({ x, y, width, height, score, index }) => [
        x,
        y,
        width,
        height,
        0.995,
        ...oneHot(index, score / 0.995),
      ]),
    ),
  // The first places are those of the grid with cells of 8 px, row 0.
  yolox: (boxes) =>
    table(
      PLACES,
      5 + CLASSES,
      boxes.map(({ x, y, width, height, score, index }, place) => [
        x / 8 - place,
        y / 8,
        Math.log(width / 8),
        Math.log(height / 8),
        1,
        ...oneHot(index, score),
      ]),
    ),
  end2end: (boxes) =>
    table(
      300,
      6,
      boxes.map(({ x, y, width, height, score, index }) => [
        x - width / 2,
        y - height / 2,
        x + width / 2,
        y + height / 2,
        score,
        index,
      ]),
    ),
  yolov7nms: (boxes) => {
    const rows = boxes.map(({ x, y, width, height, score, index }) => {
      return [0, x - width / 2, y - height / 2, x + width / 2, y + height / 2, index, score];
    });
    return { output: { data: Float32Array.from(rows.flat()), dims: [boxes.length, 7] } };
  },
  rtdetr: (boxes) =>
    table(
      300,
      4 + CLASSES,
      boxes.map(({ x, y, width, height, score, index }) => [
        x / INPUT.width,
        y / INPUT.height,
        width / INPUT.width,
        height / INPUT.height,
        ...oneHot(index, score),
      ]),
    ),
  detr: (boxes) => ({
    logits: {
      data: Float32Array.from(boxes.flatMap(({ index, score }) => oneHot(index, logit(score), -9))),
      dims: [1, boxes.length, CLASSES],
    },
    pred_boxes: {
      data: Float32Array.from(
        boxes.flatMap(({ x, y, width, height }) => [
          x / INPUT.width,
          y / INPUT.height,
          width / INPUT.width,
          height / INPUT.height,
        ]),
      ),
      dims: [1, boxes.length, 4],
    },
  }),
  labels: (boxes) => ({
    labels: { data: Float32Array.from(boxes, ({ index }) => index), dims: [1, boxes.length] },
    boxes: {
      data: Float32Array.from(
        boxes.flatMap(({ x, y, width, height }) => [x - width / 2, y - height / 2, x + width / 2, y + height / 2]),
      ),
      dims: [1, boxes.length, 4],
    },
    scores: { data: Float32Array.from(boxes, ({ score }) => score), dims: [1, boxes.length] },
  }),
};

const NAMES = Object.keys(ENCODERS) as LayoutName[];

describe.each(NAMES)('the layout %s', (name) => {
  const layout = LAYOUT_BY_NAME[name];

  it('gives back the boxes that went in', () => {
    fc.assert(
      fc.property(fc.array(seen, { minLength: 1, maxLength: 10 }), (boxes) => {
        const found = layout.decode(ENCODERS[name](boxes), INPUT, THRESHOLD);
        const wanted = boxes.map(({ x, y, width, height, score, index }): Candidate => {
          return { box: { x: x - width / 2, y: y - height / 2, width, height }, score, index };
        });
        expect(found).toHaveLength(wanted.length);
        found.forEach(({ box, score, index }, i) => {
          const { box: right, ...rest } = wanted[i]!;
          expect({ score, index }).toEqual({ score: expect.closeTo(rest.score, 3), index: rest.index });
          for (const side of ['x', 'y', 'width', 'height'] as const) expect(box[side]).toBeCloseTo(right[side], 1);
        });
      }),
      { numRuns: 50, endOnFailure: true },
    );
  });

  it('leaves out what is below the threshold', () => {
    const faint = { x: 50, y: 50, width: 9, height: 9, score: 0.2, index: 1 };
    expect(layout.decode(ENCODERS[name]([faint]), INPUT, THRESHOLD)).toEqual([]);
  });

  it('is recognised', () => {
    const boxes = [{ x: 50, y: 50, width: 20, height: 10, score: 0.9, index: 1 }];
    expect(layoutsOf(ENCODERS[name](boxes), INPUT, new Map())).toEqual([name]);
  });
});

describe('layoutsOf', () => {
  const two = (last: number) => table(300, 6, [[0.5, 0.5, 0.1, 0.1, 0.7, last]]);

  it('tells six columns apart by whole numbers in the last one', () => {
    expect(layoutsOf(two(3), INPUT, new Map())).toEqual(['end2end']);
    expect(layoutsOf(two(0.31), INPUT, new Map())).toEqual(['rtdetr']);
  });

  it('believes what the file says of itself first', () => {
    expect(layoutsOf(two(0.31), INPUT, new Map([['end2end', 'True']]))).toEqual(['end2end']);
    expect(layoutsOf(two(0), INPUT, new Map([['description', 'Ultralytics RT-DETR-l model']]))).toEqual(['rtdetr']);
  });

  it('knows nothing of other shapes', () => {
    expect(layoutsOf(table(7, 3, []), INPUT, new Map())).toEqual([]);
    expect(layoutsOf({ out: { data: new Float32Array(10), dims: [1, 10] } }, INPUT, new Map())).toEqual([]);
  });
});
