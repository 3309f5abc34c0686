import type { Clip } from '../kernels/clip.js';
import type { Pointer } from '../kernels/kernels.js';
import type { Mask } from '../../picture/mask.js';
import type { QuietBlocks } from './motion.js';

/** What the runs of values say about the road, beside the median. Arrays have one byte per luma pixel. */
export interface SecondLook {
  /** The densest value by runs where it is another than the median's; else the median's own value. */
  value: Uint8Array<ArrayBuffer>;
  /** 1 where the median rests on one long run and `value` does not: something may have stood there. */
  stood: Uint8Array<ArrayBuffer>;
}

/**
 * Makes a function that takes the second look, method E's first half, at a row of blocks of the driven road.
 * @param median the luma by method A, in the clip's memory
 */
export function secondLook(
  { memory, kernels, planes: [luma] }: Clip,
  gates: QuietBlocks,
  road: Mask,
  median: Pointer,
): { look: SecondLook; lookAt: (row: number) => void } {
  const size = luma.width * luma.height;
  const [driven, value, stood] = [memory.take(road.data.length), memory.take(size), memory.take(size)];
  const look = { value: memory.bytes(value, size), stood: memory.bytes(stood, size) };
  memory.bytes(driven, road.data.length).set(road.data);
  look.value.set(memory.bytes(median, size));
  return {
    look,
    lookAt: (row) => kernels.lookAgain(row, driven, gates.closed, gates.moved, median, value, stood),
  };
}
