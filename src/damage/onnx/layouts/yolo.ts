import { aroundMiddle, betweenCorners, type Candidate } from '../candidate.js';
import { highest, mainOutput, STRIDES, type InputSize, type Layout } from './layout.js';

/** YOLO v8 and v11: [1, 4 + C, places], boxes by their middle in px, one score a class. */
export const yolov8: Layout = {
  picture: 'centred',
  needsSuppression: true,
  classes: (outputs) => mainOutput(outputs).dims[1]! - 4,
  decode(outputs, _input, threshold) {
    const { data, dims } = mainOutput(outputs);
    const [rows, places] = [dims[1]!, dims[2]!];
    const candidates: Candidate[] = [];
    for (let place = 0; place < places; place++) {
      const [index, score] = highest(data, 4 * places + place, rows - 4, places);
      if (score < threshold) continue;
      const at = (row: number) => Number(data[row * places + place]);
      candidates.push({ box: aroundMiddle(at(0), at(1), at(2), at(3)), score, index });
    }
    return candidates;
  },
};

/** YOLO v5 and v7: [1, 3 places, 5 + C], boxes by their middle in px, objectness times score. */
export const yolov5: Layout = {
  picture: 'centred',
  needsSuppression: true,
  classes: (outputs) => mainOutput(outputs).dims[2]! - 5,
  decode: (outputs, _input, threshold) =>
    rowsWithObjectness(outputs, threshold, ([x, y, width, height]) => aroundMiddle(x, y, width, height)),
};

/** YOLOX: [1, places, 5 + C], boxes relative to their place on the grids. */
export const yolox: Layout = {
  picture: 'corner',
  needsSuppression: true,
  classes: (outputs) => mainOutput(outputs).dims[2]! - 5,
  decode(outputs, input, threshold) {
    const places = gridPlaces(input);
    return rowsWithObjectness(outputs, threshold, ([x, y, width, height], row) => {
      const [column, line, stride] = places[row]!;
      return aroundMiddle(
        (x + column) * stride,
        (y + line) * stride,
        Math.exp(width) * stride,
        Math.exp(height) * stride,
      );
    });
  },
};

/** YOLO v10 and other models with suppression inside: [1, at most 300, 6] or [N, 6], corners in px, score, class. */
export const end2end: Layout = {
  picture: 'centred',
  needsSuppression: false,
  classes: () => null,
  decode(outputs, _input, threshold) {
    const { data } = mainOutput(outputs);
    const candidates: Candidate[] = [];
    for (let from = 0; from < data.length; from += 6) {
      const [left, top, right, bottom, score, index] = Array.from(data.subarray(from, from + 6), Number) as Six;
      if (score >= threshold) candidates.push({ box: betweenCorners(left, top, right, bottom), score, index });
    }
    return candidates;
  },
};

/** YOLO v7 with suppression inside: [N, 7], which picture of the batch, corners in px, class, score. */
export const yolov7nms: Layout = {
  picture: 'centred',
  needsSuppression: false,
  classes: () => null,
  decode(outputs, _input, threshold) {
    const { data } = mainOutput(outputs);
    const candidates: Candidate[] = [];
    for (let from = 0; from < data.length; from += 7) {
      const [picture, ...row] = Array.from(data.subarray(from, from + 7), Number) as [number, ...Six];
      const [left, top, right, bottom, index, score] = row;
      if (picture === 0 && score >= threshold) {
        candidates.push({ box: betweenCorners(left, top, right, bottom), score, index });
      }
    }
    return candidates;
  },
};

type Four = [number, number, number, number];
type Six = [...Four, number, number];

function rowsWithObjectness(
  outputs: Parameters<Layout['decode']>[0],
  threshold: number,
  boxOf: (numbers: Four, row: number) => Candidate['box'],
): Candidate[] {
  const { data, dims } = mainOutput(outputs);
  const [rows, columns] = [dims[1]!, dims[2]!];
  const candidates: Candidate[] = [];
  for (let row = 0; row < rows; row++) {
    const from = row * columns;
    const [index, best] = highest(data, from + 5, columns - 5);
    const score = best * Number(data[from + 4]);
    if (score < threshold) continue;
    candidates.push({ box: boxOf(Array.from(data.subarray(from, from + 4), Number) as Four, row), score, index });
  }
  return candidates;
}

function gridPlaces({ width, height }: InputSize): [column: number, line: number, stride: number][] {
  return STRIDES.flatMap((stride) => {
    const columns = Math.floor(width / stride);
    const count = columns * Math.floor(height / stride);
    return Array.from({ length: count }, (_, i): [number, number, number] => [
      i % columns,
      Math.floor(i / columns),
      stride,
    ]);
  });
}
