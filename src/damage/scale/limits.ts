import type { DamageAnalysis, DamageClass, Detection } from '../damage-detector.js';
import { familyOf } from '../birds-eye/merge.js';
import { carWidthAt, type RoadScale } from './road-scale.js';

/** What can be seen of a kind of damage, and how large it can be. */
interface Limits {
  /** Less of it is not seen, more of it is something else. Across and along for potholes, the box's diagonal for others. m */
  least: number;
  most: number;
  /** In a row where a car is not as wide as this, it cannot be told. */
  car: { share: number } | { px: number };
}

/**
 * Potholes were learnt from 58 px a metre down to half of that: a car of 60 px in a picture 1280 px wide. Cracks are at most
 * a few centimetres wide, and where a pixel holds more than 10 cm of road nothing of them is left.
 */
const LIMITS: Record<ReturnType<typeof familyOf>, Limits> = {
  pothole: { least: 0.1, most: 2.5, car: { share: 60 / 1280 } },
  crack: { least: 0.2, most: Infinity, car: { px: 20 } },
  either: { least: 0.1, most: Infinity, car: { px: 20 } },
};

/** Whether a damage lies farther away than its kind can be told. @param imageWidth px */
export function isBeyondSight(
  { class: kind, boxNormalized: { y, height } }: Pick<Detection, 'class' | 'boxNormalized'>,
  scale: Pick<RoadScale, 'horizon' | 'growth'>,
  imageWidth: number,
): boolean {
  return carWidthAt(scale, y + height) < leastCarWidth(kind, imageWidth);
}

/** The same by what an analysis says of its scale: false when that is unknown. */
export function isOutOfSight(
  place: Pick<Detection, 'class' | 'boxNormalized'>,
  { roadScale, image }: Pick<DamageAnalysis, 'roadScale' | 'image'>,
): boolean {
  if (roadScale === undefined || 'unknown' in roadScale) return false;
  const { horizon, carWidthAtBottom } = roadScale;
  return isBeyondSight(place, { horizon, growth: carWidthAtBottom / (1 - horizon) }, image.width);
}

/** How wide a car has to be where a kind of damage can be told: share of a picture that is so many px wide. */
export function leastCarWidth(kind: DamageClass, imageWidth: number): number {
  const { car } = LIMITS[familyOf(kind)];
  return 'share' in car ? car.share : car.px / imageWidth;
}

/** Whether a damage of known size cannot be what it is taken for, even if its size is off by as much as it may be. */
export function isImplausible({ class: kind, widthM, lengthM, sizeUncertainty }: Detection): boolean {
  if (widthM === undefined || lengthM === undefined) return false;
  const { width, length } = sizeUncertainty ?? { width: 0, length: 0 };
  const family = familyOf(kind);
  const { least, most } = LIMITS[family];
  if (widthM > most * (1 + width) || lengthM > most * (1 + length)) return true;
  const [largestWidth, largestLength] = [widthM * (1 + width), lengthM * (1 + length)];
  return family === 'pothole'
    ? Math.min(largestWidth, largestLength) < least
    : Math.hypot(largestWidth, largestLength) < least;
}
