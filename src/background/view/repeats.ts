import type { CapturedFrames } from '../../capture/frame-source.js';

/**
 * A frame in which no block differs by more than this from the one before is that frame again, encoded anew: x264 changes
 * repeated noise by up to 3, and any vehicle changes more between two true frames. Mean grey values.
 */
const SAME_DIFFERENCE = 4;

/**
 * So far from the frame before, a frame shows that something moved. A new key frame alone changes coarsely encoded blocks by
 * up to 10. Mean grey values of a block.
 */
const MOVED_DIFFERENCE = 16;

/** Side of the blocks that are compared, px. */
const BLOCK = 16;

/** Pixels of a block looked at are so many apart. */
const EVERY = 2;

/** Frames without repeats, still in pairs, and how many were left out. */
export interface Unrepeated {
  captured: CapturedFrames;
  repeated: number;
}

/**
 * Leaves out frames that repeat the one before. Cameras of 12.5 frames a second sent as 25 repeat every second frame: a
 * pair of such frames shows nothing that moves, and vehicles would pass for road. What is left is paired anew with the
 * next of its kind. A pair in which nothing moved although the scene was still is no repeat: nothing has to be told there.
 * @param fewest with fewer frames than this left, all are kept
 */
export function withoutRepeats(captured: CapturedFrames, fewest: number): Unrepeated {
  const { frames, timesSeconds, groups } = captured;
  const pairs = frames.length >> 1;
  const isRepeat = Array.from({ length: pairs }, (_, pair) => repeats(captured, pair));
  const repeated = isRepeat.filter(Boolean).length;
  const kept = repeated === 0 ? [] : repaired(isRepeat);
  if (kept.length < fewest) return { captured, repeated };
  const only = <T>(list: readonly T[]): T[] => kept.map((i) => list[i]!);
  return {
    captured: { ...captured, frames: only(frames), timesSeconds: only(timesSeconds), groups: only(groups) },
    repeated,
  };
}

/** Indices of what stays: pairs as they are, and of pairs that repeat themselves two neighbours as one pair. */
function repaired(isRepeat: readonly boolean[]): number[] {
  const kept: number[] = [];
  let single: number | undefined;
  isRepeat.forEach((repeat, pair) => {
    if (!repeat) {
      kept.push(2 * pair, 2 * pair + 1);
      single = undefined;
    } else if (single === undefined) single = 2 * pair;
    else {
      kept.push(single, 2 * pair);
      single = undefined;
    }
  });
  return kept;
}

/**
 * Whether a pair shows one frame twice, and something that moved in it: something that is there neither in the frame before
 * nor in the one after. What is only in one of those came or went at another time.
 */
function repeats({ frames, width, height }: CapturedFrames, pair: number): boolean {
  const [first, second] = [frames[2 * pair]!, frames[2 * pair + 1]!];
  if (exceeds(first, second, width, height, SAME_DIFFERENCE)) return false;
  const [before, after] = [frames[2 * pair - 1], frames[2 * pair + 2]];
  if (before === undefined || after === undefined) return false;
  return blocksOf(width, height).some((at) => {
    const moved = (other: Uint8Array) => differenceAt(first, other, at, width) > MOVED_DIFFERENCE;
    return moved(before) && moved(after);
  });
}

/** The first pixels of the whole blocks of a picture. */
function blocksOf(width: number, height: number): number[] {
  const [columns, rows] = [Math.floor(width / BLOCK), Math.floor(height / BLOCK)];
  return Array.from({ length: columns * rows }, (_, i) => {
    return Math.floor(i / columns) * BLOCK * width + (i % columns) * BLOCK;
  });
}

/** Whether a block of two frames differs by more than so much on average. */
function exceeds(a: Uint8Array, b: Uint8Array, width: number, height: number, most: number): boolean {
  return blocksOf(width, height).some((at) => differenceAt(a, b, at, width) > most);
}

function differenceAt(a: Uint8Array, b: Uint8Array, at: number, width: number): number {
  let sum = 0;
  for (let y = 0; y < BLOCK; y += EVERY) {
    for (let i = at + y * width; i < at + y * width + BLOCK; i += EVERY) sum += Math.abs(a[i]! - b[i]!);
  }
  return sum / (BLOCK / EVERY) ** 2;
}
