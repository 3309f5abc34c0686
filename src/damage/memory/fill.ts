import { dilate, emptyMask, regionsOf, type Mask } from '../../picture/mask.js';
import type { Picture } from '../../picture/picture.js';
import type { Offset } from '../../picture/registration/registration.js';

/** An earlier picture of the same view. */
export interface Donor {
  picture: Picture;
  offset: Offset;
  /** Where it saw the road as little as we, in the place and on the grid of now. */
  hidden: Mask;
}

/** Blocks around a gap on which both pictures have to agree. */
const RING = 2;

/** Every so many px of the ring are compared. */
const STEP = 2;

/** Light changes a road's brightness by so much between two visits that are both by day; more is another scene. */
const LEAST_GAIN = 0.6;
const MOST_GAIN = 1.6;

/** Mean difference on the ring after brightness was matched, grey values; more and the seam would look like damage. */
const MOST_DIFFERENCE = 12;

/** A gap without so many px around it cannot be judged. */
const FEWEST_RING_PX = 40;

type Gains = readonly [number, number, number];

/**
 * Fills what traffic hid from the newest earlier picture that saw all of a gap, brightness matched to what lies around,
 * with soft seams. Gaps that no picture fits stay as they are. Changes `picture` in place.
 *
 * @param hidden blocks of `blockSize` px
 * @param donors newest first
 * @returns the blocks that were filled
 */
export function fillHidden(picture: Picture, hidden: Mask, blockSize: number, donors: readonly Donor[]): Mask {
  const filled = emptyMask(hidden.width, hidden.height);
  for (const region of regionsOf(hidden)) {
    const gap = emptyMask(hidden.width, hidden.height);
    for (const block of region) gap.data[block] = 1;
    const ring = ringOf(gap, hidden);
    for (const donor of donors) {
      if (!sawAll(region, donor, hidden)) continue;
      const gains = gainsOf(picture, ring, blockSize, donor);
      if (gains === undefined) continue;
      paint(picture, gap, blockSize, donor, gains);
      for (const block of region) filled.data[block] = 1;
      break;
    }
  }
  return filled;
}

function ringOf(gap: Mask, hidden: Mask): Mask {
  const near = dilate(gap, RING);
  return { ...near, data: near.data.map((cell, i) => cell & (1 - hidden.data[i]!)) };
}

function sawAll(region: readonly number[], { hidden, offset }: Donor, { width, height }: Mask): boolean {
  const [columns, rows] = [offset.x * width, offset.y * height];
  return region.every((block) => {
    const [x, y] = [(block % width) + columns, Math.floor(block / width) + rows];
    const isInside = x >= 0 && y >= 0 && x <= width - 1 && y <= height - 1;
    return isInside && hidden.data[block] === 0;
  });
}

/** How much brighter the ring is now, by channel; undefined when the two pictures do not show the same there. */
function gainsOf(picture: Picture, ring: Mask, blockSize: number, donor: Donor): Gains | undefined {
  const pairs: [now: number, then: number][] = [];
  forPixels(ring, picture, blockSize, STEP, (x, y) => {
    for (let channel = 0; channel < 3; channel++) {
      const then = sampled(donor, picture, x, y, channel);
      if (then !== undefined) pairs.push([picture.rgb[3 * (y * picture.width + x) + channel]!, then]);
    }
  });
  if (pairs.length < 3 * FEWEST_RING_PX) return undefined;
  const sums = [0, 1, 2].map((channel) => {
    const own = pairs.filter((_, i) => i % 3 === channel);
    return (
      own.reduce((sum, [now]) => sum + now, 0) /
      Math.max(
        1,
        own.reduce((sum, [, then]) => sum + then, 0),
      )
    );
  }) as [number, number, number];
  const difference = pairs.reduce((sum, [now, then], i) => sum + Math.abs(now - sums[i % 3]! * then), 0) / pairs.length;
  const isLight = sums.every((gain) => gain >= LEAST_GAIN && gain <= MOST_GAIN);
  return isLight && difference <= MOST_DIFFERENCE ? sums : undefined;
}

function paint(picture: Picture, gap: Mask, blockSize: number, donor: Donor, gains: Gains): void {
  const wide = dilate(gap, 1);
  forPixels(dilate(gap, RING), picture, blockSize, 1, (x, y) => {
    const alpha = softness(wide, (x + 0.5) / blockSize - 0.5, (y + 0.5) / blockSize - 0.5);
    if (alpha === 0) return;
    const at = 3 * (y * picture.width + x);
    for (let channel = 0; channel < 3; channel++) {
      const then = sampled(donor, picture, x, y, channel);
      if (then === undefined) return;
      const value = Math.min(255, gains[channel]! * then);
      picture.rgb[at + channel] = picture.rgb[at + channel]! * (1 - alpha) + value * alpha + 0.5;
    }
  });
}

/** A mask between the middles of its blocks, bilinear, 0..1. */
function softness({ width, height, data }: Mask, x: number, y: number): number {
  const cell = (column: number, row: number) =>
    data[Math.max(0, Math.min(height - 1, row)) * width + Math.max(0, Math.min(width - 1, column))]!;
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [fx, fy] = [x - left, y - top];
  const upper = cell(left, top) * (1 - fx) + cell(left + 1, top) * fx;
  const lower = cell(left, top + 1) * (1 - fx) + cell(left + 1, top + 1) * fx;
  return upper * (1 - fy) + lower * fy;
}

/** The earlier picture where (x, y) of now lies, bilinear; undefined outside of it. */
function sampled({ picture, offset }: Donor, now: Picture, x: number, y: number, channel: number): number | undefined {
  const { width, height, rgb } = picture;
  const u = ((x + 0.5) / now.width + offset.x) * width - 0.5;
  const v = ((y + 0.5) / now.height + offset.y) * height - 0.5;
  if (u < -0.5 || v < -0.5 || u > width - 0.5 || v > height - 0.5) return undefined;
  const [left, top] = [Math.floor(u), Math.floor(v)];
  const [fx, fy] = [u - left, v - top];
  const at = (column: number, row: number) =>
    rgb[3 * (Math.max(0, Math.min(height - 1, row)) * width + Math.max(0, Math.min(width - 1, column))) + channel]!;
  const upper = at(left, top) * (1 - fx) + at(left + 1, top) * fx;
  const lower = at(left, top + 1) * (1 - fx) + at(left + 1, top + 1) * fx;
  return upper * (1 - fy) + lower * fy;
}

function forPixels(
  mask: Mask,
  { width, height }: Picture,
  blockSize: number,
  step: number,
  visit: (x: number, y: number) => void,
): void {
  for (let block = 0; block < mask.data.length; block++) {
    if (mask.data[block] === 0) continue;
    const [left, top] = [(block % mask.width) * blockSize, Math.floor(block / mask.width) * blockSize];
    for (let y = top; y < Math.min(height, top + blockSize); y += step) {
      for (let x = left; x < Math.min(width, left + blockSize); x += step) visit(x, y);
    }
  }
}
