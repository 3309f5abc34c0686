import type { Mask } from '../picture/mask.js';
import type { Severity } from './damage-detector.js';

/** A crack's length as a share of the road's width beside it, from which it is medium and high. */
const MEDIUM_LENGTH = 0.15;
const HIGH_LENGTH = 0.4;

/** A pothole's width as a share of the road's width beside it, from which it is medium and high. */
const MEDIUM_WIDTH = 0.03;
const HIGH_WIDTH = 0.08;

/** How bad a crack looks: by its length against the road beside it; a net of cracks counts one step more. */
export function crackSeverity(length: number, roadWidth: number, isNet: boolean): Severity {
  const share = length / Math.max(length, roadWidth);
  if (share >= HIGH_LENGTH || (isNet && share >= MEDIUM_LENGTH)) return 'high';
  return share >= MEDIUM_LENGTH || isNet ? 'medium' : 'low';
}

/** How bad a pothole looks: by its width against the road beside it. */
export function potholeSeverity(width: number, roadWidth: number): Severity {
  const share = width / Math.max(width, roadWidth);
  if (share >= HIGH_WIDTH) return 'high';
  return share >= MEDIUM_WIDTH ? 'medium' : 'low';
}

/** A crack's length from which it is medium (a metre) and high (a lane's width), m. */
const MEDIUM_LENGTH_M = 1;
const HIGH_LENGTH_M = 3;

/** A net of cracks is never low; from this area on it is high. m2 */
const HIGH_NET_M2 = 1;

/** A pothole's diameter from which it is medium and high, m: the bands of ASTM D6433, which goes by depth too. */
const MEDIUM_DIAMETER_M = 0.2;
const HIGH_DIAMETER_M = 0.45;

/** How bad a crack is by its length on the road, or by its area when it is a net. */
export function crackSeverityM(lengthM: number, netAreaM2?: number): Severity {
  if (lengthM >= HIGH_LENGTH_M || (netAreaM2 ?? 0) >= HIGH_NET_M2) return 'high';
  return lengthM >= MEDIUM_LENGTH_M || netAreaM2 !== undefined ? 'medium' : 'low';
}

/** How bad a pothole is by its diameter on the road. */
export function potholeSeverityM(diameterM: number): Severity {
  if (diameterM >= HIGH_DIAMETER_M) return 'high';
  return diameterM >= MEDIUM_DIAMETER_M ? 'medium' : 'low';
}

/** How wide the road is in a row of a mask, cells. */
export function roadWidthAt({ width, height, data }: Mask, row: number): number {
  const from = Math.min(height - 1, Math.max(0, Math.floor(row))) * width;
  return data.subarray(from, from + width).reduce((sum, cell) => sum + cell, 0);
}
