import type { Grey } from './grey.js';

/** Exponents of the five scales, finest first (Wang, Simoncelli and Bovik, 2003). */
const WEIGHTS = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

/** The window: a Gaussian of 11 px with a standard deviation of 1.5. */
const REACH = 5;
const KERNEL = normalised(Array.from({ length: 2 * REACH + 1 }, (_, i) => Math.exp(-((i - REACH) ** 2) / 4.5)));

/** (K L)² of the two stabilising constants. */
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

/** Multi-scale structural similarity of two pictures of one size, each side at least 176 px: 1 for the same picture. */
export function msSsim(a: Grey, b: Grey): number {
  let product = 1;
  WEIGHTS.forEach((weight, scale) => {
    const { similarity, contrast } = ssim(a, b);
    product *= Math.max(0, scale === WEIGHTS.length - 1 ? similarity : contrast) ** weight;
    [a, b] = [halved(a), halved(b)];
  });
  return product;
}

/** Mean similarity, and mean contrast and structure alone, where the window lies within the picture. */
function ssim(a: Grey, b: Grey): { similarity: number; contrast: number } {
  const [meanA, meanB] = [blurred(a), blurred(b)];
  const [squareA, squareB, mixed] = [blurred(times(a, a)), blurred(times(b, b)), blurred(times(a, b))];
  let [similarity, contrast] = [0, 0];
  for (let i = 0; i < meanA.data.length; i++) {
    const [ma, mb] = [meanA.data[i]!, meanB.data[i]!];
    const spread = squareA.data[i]! - ma * ma + squareB.data[i]! - mb * mb;
    const cs = (2 * (mixed.data[i]! - ma * mb) + C2) / (spread + C2);
    contrast += cs;
    similarity += cs * ((2 * ma * mb + C1) / (ma * ma + mb * mb + C1));
  }
  return { similarity: similarity / meanA.data.length, contrast: contrast / meanA.data.length };
}

function times(a: Grey, b: Grey): Grey {
  return { ...a, data: a.data.map((value, i) => value * b.data[i]!) };
}

/** Smaller by the window's reach on every side. */
function blurred({ width, height, data }: Grey): Grey {
  const [w, h] = [width - 2 * REACH, height - 2 * REACH];
  const across = new Float64Array(w * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < w; x++) across[y * w + x] = weighted(data, y * width + x, 1);
  }
  const out = new Float64Array(w * h);
  for (let i = 0; i < out.length; i++) out[i] = weighted(across, i, w);
  return { width: w, height: h, data: out };
}

function weighted(data: Float64Array, from: number, step: number): number {
  let sum = 0;
  for (let i = 0; i < KERNEL.length; i++) sum += KERNEL[i]! * data[from + i * step]!;
  return sum;
}

/** Means of 2 x 2 px; an odd last row or column is mirrored. */
function halved({ width, height, data }: Grey): Grey {
  const [w, h] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const at = (x: number, y: number) => data[Math.min(y, height - 1) * width + Math.min(x, width - 1)]!;
  const out = new Float64Array(w * h);
  for (let i = 0; i < out.length; i++) {
    const [x, y] = [2 * (i % w), 2 * Math.floor(i / w)];
    out[i] = (at(x, y) + at(x + 1, y) + at(x, y + 1) + at(x + 1, y + 1)) / 4;
  }
  return { width: w, height: h, data: out };
}

function normalised(values: readonly number[]): readonly number[] {
  const sum = values.reduce((all, value) => all + value, 0);
  return values.map((value) => value / sum);
}
