import type { Tensors } from '../../model/inference.js';
import { detr, labels, logitsAndBoxes, rtdetr } from './detr.js';
import { mainOutput, placesOf, type InputSize, type Layout, type LayoutName } from './layout.js';
import { end2end, yolov5, yolov7nms, yolov8, yolox } from './yolo.js';

/** Every layout by its name. */
export const LAYOUT_BY_NAME: Readonly<Record<LayoutName, Layout>> = {
  yolov8,
  yolov5,
  yolox,
  end2end,
  yolov7nms,
  rtdetr,
  detr,
  labels,
};

/** Most boxes of a model that does without suppression. */
const MOST_QUERIES = 1000;

/** Which layouts the outputs of a first run may have: one when it is plain, none when it is unknown. */
export function layoutsOf(outputs: Tensors, input: InputSize, metadata: ReadonlyMap<string, string>): LayoutName[] {
  if (['labels', 'boxes', 'scores'].every((name) => name in outputs)) return ['labels'];
  const count = Object.keys(outputs).length;
  if (count === 2 && logitsAndBoxes(outputs) !== null) return ['detr'];
  const { dims } = mainOutput(outputs);
  // As many rows as there are boxes, perhaps none.
  if (dims.length === 2) return dims[1] === 7 ? ['yolov7nms'] : dims[1] === 6 ? ['end2end'] : [];
  if (dims.length !== 3 || dims[0] !== 1) return [];
  return bySize(outputs, dims[1]!, dims[2]!, placesOf(input), metadata);
}

function bySize(
  outputs: Tensors,
  rows: number,
  columns: number,
  places: number,
  metadata: ReadonlyMap<string, string>,
): LayoutName[] {
  const fitting: LayoutName[] = [];
  if (columns === places && rows > 4) fitting.push('yolov8');
  if (rows === 3 * places && columns > 5) fitting.push('yolov5');
  if (rows === places && columns > 5) fitting.push('yolox');
  if (fitting.length > 0 || rows > MOST_QUERIES || columns < 5) return fitting;
  return columns === 6 ? [sixColumns(outputs, metadata)] : ['rtdetr'];
}

/** Six columns are corners, score and class, or the box and two scores: whole numbers in the last one tell. */
function sixColumns(outputs: Tensors, metadata: ReadonlyMap<string, string>): LayoutName {
  if (metadata.get('end2end')?.toLowerCase() === 'true') return 'end2end';
  if (/rt-?detr/i.test(metadata.get('description') ?? '')) return 'rtdetr';
  const { data, dims } = mainOutput(outputs);
  const isWhole = Array.from({ length: dims[1]! }, (_, row) => Number(data[row * 6 + 5])).every(Number.isInteger);
  return isWhole ? 'end2end' : 'rtdetr';
}
