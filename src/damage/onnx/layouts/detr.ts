import type { Tensor, Tensors } from '../../model/inference.js';
import { aroundMiddle, betweenCorners, type Candidate } from '../candidate.js';
import { highest, mainOutput, sigmoid, type InputSize, type Layout } from './layout.js';

/** RT-DETR as Ultralytics exports it: [1, 300, 4 + C], boxes by their middle in shares of the input, scores. */
export const rtdetr: Layout = {
  picture: 'centred',
  needsSuppression: false,
  classes: (outputs) => mainOutput(outputs).dims[2]! - 4,
  decode(outputs, input, threshold) {
    const { data, dims } = mainOutput(outputs);
    const [rows, columns] = [dims[1]!, dims[2]!];
    return Array.from({ length: rows }, (_, row): Candidate => {
      const [index, score] = highest(data, row * columns + 4, columns - 4);
      return { box: shareBox(data, row * columns, input), score, index };
    }).filter(({ score }) => score >= threshold);
  },
};

/** DETR and its kin: logits [1, Q, C] and pred_boxes [1, Q, 4], boxes by their middle in shares of the input. */
export const detr: Layout = {
  picture: 'centred',
  needsSuppression: false,
  classes: (outputs) => logitsAndBoxes(outputs)?.logits.dims[2] ?? null,
  decode(outputs, input, threshold) {
    const found = logitsAndBoxes(outputs);
    if (found === null) throw new Error('The model gives no logits and boxes.');
    const { logits, boxes } = found;
    const [rows, columns] = [logits.dims[1]!, logits.dims[2]!];
    return Array.from({ length: rows }, (_, row): Candidate => {
      const [index, logit] = highest(logits.data, row * columns, columns);
      return { box: shareBox(boxes.data, row * 4, input), score: sigmoid(logit), index };
    }).filter(({ score }) => score >= threshold);
  },
};

/** RT-DETR as its authors export it: labels, boxes (corners, px of `orig_target_sizes`) and scores. */
export const labels: Layout = {
  picture: 'centred',
  needsSuppression: false,
  classes: () => null,
  decode(outputs, _input, threshold) {
    const [classes, boxes, scores] = ['labels', 'boxes', 'scores'].map((name) => outputs[name]?.data);
    if (classes === undefined || boxes === undefined || scores === undefined) {
      throw new Error('The model gives no labels, boxes and scores.');
    }
    return Array.from(scores, Number)
      .map((score, row): Candidate => {
        const [left, top, right, bottom] = Array.from(boxes.subarray(row * 4, row * 4 + 4), Number);
        return { box: betweenCorners(left!, top!, right!, bottom!), score, index: Number(classes[row]) };
      })
      .filter(({ score }) => score >= threshold);
  },
};

/** Tells the two outputs of a DETR apart: by name, else by the four numbers of a box. Null when they are something else. */
export function logitsAndBoxes(outputs: Tensors): { logits: Tensor; boxes: Tensor } | null {
  const { logits, pred_boxes: named } = outputs;
  if (logits !== undefined && named !== undefined) return { logits, boxes: named };
  const tensors = Object.values(outputs);
  const boxes = tensors.filter(({ dims }) => dims.length === 3 && dims[2] === 4);
  const others = tensors.filter(({ dims }) => dims.length === 3 && dims[2] !== 4);
  if (boxes.length !== 1 || others.length !== 1 || boxes[0]!.dims[1] !== others[0]!.dims[1]) return null;
  return { logits: others[0]!, boxes: boxes[0]! };
}

function shareBox(data: Tensor['data'], from: number, { width, height }: InputSize): Candidate['box'] {
  const [x, y, w, h] = Array.from(data.subarray(from, from + 4), Number) as [number, number, number, number];
  return aroundMiddle(x * width, y * height, w * width, h * height);
}
