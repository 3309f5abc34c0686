import type { Grey } from './grey.js';
import { msSsim } from './ms-ssim.js';

/** A pixel is wrong when it is off by more than this many grey values. */
const ERROR = 20;

/** How far a background is from the truth, by the definitions of SBMnet (Jodoin et al., 2017), on luma. */
export interface BackgroundScore {
  /** Mean absolute error, grey values. */
  age: number;
  /** Share of pixels off by more than 20, 0..1. */
  pEPs: number;
  /** Share of pixels that are wrong and whose four neighbours are too, 0..1. */
  pCEPs: number;
  /** Multi-scale structural similarity, 1 at best. */
  msSsim: number;
  /** dB; infinite for pictures that are the same. */
  psnr: number;
}

/** Scores a background. @throws when the two pictures differ in size */
export function scoreOf(background: Grey, truth: Grey): BackgroundScore {
  if (background.width !== truth.width || background.height !== truth.height) {
    throw new Error(
      `The background has ${background.width} x ${background.height} px, the truth ${truth.width} x ${truth.height}.`,
    );
  }
  const differences = background.data.map((value, i) => Math.abs(value - truth.data[i]!));
  const count = differences.length;
  const wrong = Uint8Array.from(differences, (difference) => (difference > ERROR ? 1 : 0));
  const squares = differences.reduce((sum, difference) => sum + difference * difference, 0);
  return {
    age: differences.reduce((sum, difference) => sum + difference, 0) / count,
    pEPs: sumOf(wrong) / count,
    pCEPs: sumOf(clustered(wrong, truth.width)) / count,
    msSsim: msSsim(background, truth),
    psnr: 10 * Math.log10((255 * 255 * count) / squares),
  };
}

/** The share of the pixels in `mask` that are off by more than 20, 0..1. */
export function errorShareWithin(mask: Uint8Array, background: Grey, truth: Grey): number {
  let [wrong, all] = [0, 0];
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue;
    all++;
    if (Math.abs(background.data[i]! - truth.data[i]!) > ERROR) wrong++;
  }
  return wrong / Math.max(1, all);
}

/** Beyond the border everything counts as wrong, as in an erosion. */
function clustered(wrong: Uint8Array, width: number): Uint8Array {
  return wrong.map((value, i) => {
    const left = i % width === 0 ? 1 : wrong[i - 1]!;
    const right = i % width === width - 1 ? 1 : wrong[i + 1]!;
    return value & left & right & (wrong[i - width] ?? 1) & (wrong[i + width] ?? 1);
  });
}

function sumOf(flags: Uint8Array): number {
  return flags.reduce((sum, flag) => sum + flag, 0);
}
