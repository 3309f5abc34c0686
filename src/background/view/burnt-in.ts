import type { CapturedFrames } from '../../capture/frame-source.js';
import { close, dilate, emptyMask, regionsOf, stretch, type Mask } from '../../picture/mask.js';

/** Side of a cell, px. */
const CELL = 8;

/** Letters are white on black, or the other way round, from one pixel to the next: grey values. No lens draws so hard an edge. */
const HARD_STEP = 75;

/** So many of them in a cell: strokes are narrow, and the bars of a zebra crossing are not. */
const FEWEST_STEPS = 10;

/** What is burned in keeps its grey value, but for what encoding does to it. */
const STEADY = 20;

/** So many frames, spread over the clip, have to show it. */
const FRAMES = 8;

/** Gaps between letters, and digits of a clock that run, are closed: cells. */
const GAP = 2;

/** Fewer cells with letters are a thing of the scene. */
const FEWEST_CELLS = 3;

/**
 * Where a text or a logo is burned into the picture: hard edges, close together, that stay as they are. Nothing of the
 * road can be seen there. On a grid of `columns` x `rows`.
 * @param captured frames before anything moved them: what is burned in does not sway
 */
export function burntInOf({ frames, width, height }: CapturedFrames, columns: number, rows: number): Mask {
  const step = Math.max(1, Math.floor(frames.length / FRAMES));
  const [first, ...others] = frames.filter((_, i) => i % step === 0) as [Uint8Array, ...Uint8Array[]];
  const cells = emptyMask(Math.ceil(width / CELL), Math.ceil(height / CELL));
  const counts = new Uint8Array(cells.data.length);
  for (let y = 0; y < height; y++) {
    for (let at = y * width; at < (y + 1) * width - 1; at++) {
      if (Math.abs(first[at]! - first[at + 1]!) < HARD_STEP || !isSteady(at, first, others)) continue;
      counts[Math.floor(y / CELL) * cells.width + Math.floor((at - y * width) / CELL)]!++;
    }
  }
  counts.forEach((count, cell) => (cells.data[cell] = count >= FEWEST_STEPS ? 1 : 0));
  return stretch(aroundLetters(cells), columns, rows);
}

function isSteady(at: number, first: Uint8Array, others: readonly Uint8Array[]): boolean {
  return others.every((frame) => {
    return Math.abs(frame[at]! - first[at]!) <= STEADY && Math.abs(frame[at + 1]! - first[at + 1]!) <= STEADY;
  });
}

function aroundLetters(letters: Mask): Mask {
  const found = emptyMask(letters.width, letters.height);
  for (const region of regionsOf(close(letters, GAP))) {
    if (region.filter((cell) => letters.data[cell] === 1).length < FEWEST_CELLS) continue;
    const reach = heightOf(region, letters.width);
    for (const cell of region) setBeside(found, cell, reach);
  }
  return dilate(found, 1);
}

/** The seconds of a clock run at the end of its line; two digits are about as wide as a line is high. */
function setBeside({ width, data }: Mask, cell: number, reach: number): void {
  const x = cell % width;
  data.fill(1, cell - Math.min(x, reach), cell + Math.min(width - 1 - x, reach) + 1);
}

/** In cells. */
function heightOf(region: readonly number[], width: number): number {
  const rows = region.map((cell) => Math.floor(cell / width));
  return rows.reduce((a, b) => Math.max(a, b)) - rows.reduce((a, b) => Math.min(a, b)) + 1;
}
