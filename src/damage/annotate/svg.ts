import { textPath } from './vector-font.js';

/** Colours of Okabe and Ito (2008), which people with any kind of colour vision can tell apart. */
export const SEVERITY_COLOURS = { low: '#56B4E9', medium: '#F0E442', high: '#D55E00' } as const;

/** Labels are short, so that they hide little of the road; the legend spells these out. */
export const SEVERITY_LETTERS = { low: 'L', medium: 'M', high: 'H' } as const;

/** Nothing in a drawing is smaller than this many px, so that 360p stays legible. */
const SMALLEST_CAP = 8;

/** A line of 1 px between two pixels is half a line in both: its colour is lost. */
const THINNEST_LINE = 2;

/** Sizes in px of all that is drawn on a picture; they grow with it. */
export interface Sizes {
  /** Height of capitals. */
  cap: number;
  /** Width of thin lines. */
  line: number;
  pad: number;
}

/** The sizes for a picture of a height in px. */
export function sizesFor(height: number): Sizes {
  const cap = Math.max(SMALLEST_CAP, Math.round(height / 60));
  return { cap, line: Math.max(THINNEST_LINE, height / 480), pad: Math.round(cap * 0.6) };
}

/** Text on any ground: light strokes upon wider dark ones. */
export function text(words: string, x: number, y: number, cap: number, colour: string): string {
  const path = textPath(words, x, y, cap);
  const stroke = (width: number, paint: string) =>
    `<path d="${path}" fill="none" stroke="${paint}" stroke-width="${width.toFixed(2)}" stroke-linecap="round" stroke-linejoin="round"/>`;
  return stroke(cap / 3, '#000') + stroke(cap / 7, colour);
}

/** A filled rectangle. */
export function rect(x: number, y: number, width: number, height: number, fill: string, opacity = 1): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}" fill-opacity="${opacity}"/>`;
}

/** A whole drawing of a size in px. */
export function svg(width: number, height: number, content: string): Buffer {
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`);
}
