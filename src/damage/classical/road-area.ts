import type { Mask } from '../../picture/mask.js';
import { dilate, emptyMask, erode, stretch } from '../../picture/mask.js';
import type { RoadHint } from '../road-hint.js';

/** Where the road is taken to be, and on what grounds. */
export interface RoadArea {
  mask: Mask;
  /** A sentence for the analysis. */
  grounds: string;
}

/** The road in a picture of this size: where traffic drove or the operator's region is, else a guess. */
export function roadAreaOf(width: number, height: number, hint?: RoadHint): RoadArea {
  if (hint !== undefined) return { mask: stretch(hint.mask, width, height), grounds: hint.grounds };
  const grounds = 'No traffic showed where the road is: a trapezoid in the lower half was guessed.';
  return { mask: trapezoid(width, height), grounds };
}

/** The part of the road that can be judged: without its border, and without what is as colourful as grass or paint. */
export function judgeable(road: Mask, rgb: Uint8Array, margin: number): Mask {
  const colourful = emptyMask(road.width, road.height);
  for (let i = 0, p = 0; i < colourful.data.length; i++, p += 3) {
    colourful.data[i] = isColourful(rgb[p]!, rgb[p + 1]!, rgb[p + 2]!) ? 1 : 0;
  }
  const off = dilate(erode(dilate(colourful, 1), 1), margin);
  const inside = erode(road, margin);
  return { ...inside, data: inside.data.map((cell, i) => cell & (1 - off.data[i]!)) };
}

/** Asphalt is grey; brown dust on it is still allowed. */
function isColourful(red: number, green: number, blue: number): boolean {
  const highest = Math.max(red, green, blue);
  const lowest = Math.min(red, green, blue);
  return highest - lowest > 24 + 0.3 * lowest || green - Math.max(red, blue) > 12;
}

/** From the middle half at half height to nine tenths of the lower edge. */
function trapezoid(width: number, height: number): Mask {
  const out = emptyMask(width, height);
  for (let y = height >> 1; y < height; y++) {
    const half = width * (0.2 + 0.25 * ((2 * y) / height - 1));
    out.data.fill(1, y * width + Math.round(width / 2 - half), y * width + Math.round(width / 2 + half));
  }
  return out;
}
