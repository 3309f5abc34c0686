import type { Plane } from './canvas.js';

/** Red, green, blue, 0..255 each. */
export type Rgb = readonly [number, number, number];

/** A frame as video codecs want it: full-size luma, chroma at half the width and height, BT.601, 16..235. */
export interface YuvFrame {
  /** The three planes one behind the other: yuv420p. */
  bytes: Uint8Array;
  y: Plane;
  u: Plane;
  v: Plane;
}

/** A frame over bytes that the caller may also hand to a pipe. */
export function yuvFrame(width: number, height: number): YuvFrame {
  const size = width * height;
  const bytes = new Uint8Array((size * 3) / 2);
  const chroma = { width: width / 2, height: height / 2 };
  return {
    bytes,
    y: { data: bytes.subarray(0, size), width, height },
    u: { data: bytes.subarray(size, size + size / 4), ...chroma },
    v: { data: bytes.subarray(size + size / 4), ...chroma },
  };
}

export function lumaOf(r: number, g: number, b: number): number {
  return 16 + 0.2568 * r + 0.5041 * g + 0.0979 * b;
}

export function blueOf(r: number, g: number, b: number): number {
  return 128 - 0.1482 * r - 0.291 * g + 0.4392 * b;
}

export function redOf(r: number, g: number, b: number): number {
  return 128 + 0.4392 * r - 0.3678 * g - 0.0714 * b;
}

/** Converts a picture; a chroma sample is the mean of its four pixels. */
export function toYuv(rgb: Uint8Array, width: number, height: number): YuvFrame {
  const frame = yuvFrame(width, height);
  for (let i = 0; i < width * height; i++) {
    frame.y.data[i] = Math.round(lumaOf(rgb[3 * i]!, rgb[3 * i + 1]!, rgb[3 * i + 2]!));
  }
  for (let row = 0; row < height / 2; row++) {
    for (let column = 0; column < width / 2; column++) {
      const [r, g, b] = meanOfFour(rgb, width, 2 * column, 2 * row);
      frame.u.data[(row * width) / 2 + column] = Math.round(blueOf(r, g, b));
      frame.v.data[(row * width) / 2 + column] = Math.round(redOf(r, g, b));
    }
  }
  return frame;
}

function meanOfFour(rgb: Uint8Array, width: number, x: number, y: number): Rgb {
  const upper = 3 * (y * width + x);
  const lower = upper + 3 * width;
  const mean = (c: number): number =>
    (rgb[upper + c]! + rgb[upper + 3 + c]! + rgb[lower + c]! + rgb[lower + 3 + c]!) / 4;
  return [mean(0), mean(1), mean(2)];
}
