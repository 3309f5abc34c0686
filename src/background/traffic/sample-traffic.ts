import { emptyMask, regionsOf, type Mask } from '../../picture/mask.js';
import { MOST_VEHICLE_SAMPLES, type VehicleSample } from '../background.js';
import type { Clip } from '../kernels/clip.js';
import type { QuietPair } from '../steps/motion.js';
import { bodiesIn, regionPiecesOf, type Part } from './bodies.js';
import { footprintOf, isWholeVehicle, type Footprint } from './footprint.js';
import { FrameOverRoad } from './frame-over-road.js';
import { Shades, type ShownTable } from './shades.js';

/** Shadows are learnt from every so many pairs: their shares of light are the same in all. */
const LEARNT_FROM = 4;

/** Share of a vehicle's width beside it that has to be free. */
const REACH = 0.25;

/** A vehicle that covers this share (IoU) of where one was shortly before or after has hardly moved, and tells nothing new … */
const HARDLY_MOVED = 0.2;

/** … in so many pairs around: in one of them it may not have been seen apart from others. */
const PAIRS_AROUND = 2;

/** Every other pair is looked at, and the others only if those gave fewer vehicles than this. */
const ENOUGH = 120;

/**
 * How wide the vehicles of a clip are, and where: of those that are whole in the picture and apart from others beside them.
 * Each frame is held against the empty road, and shadows are left out. One that stands or crawls counts once.
 * @param pairs where something moved, for each pair of frames
 * @param road the luma of the empty road
 */
export function sampleTraffic(clip: Clip, pairs: readonly QuietPair[], road: Uint8Array): VehicleSample[] {
  const lookAt = (pair: number) => new FrameOverRoad(clip.frames[2 * pair]!, road, clip.width, clip.height);
  const shades = new Shades();
  for (let pair = 0; pair < pairs.length; pair += LEARNT_FROM) {
    shades.learn(lookAt(pair), pairs[pair]!.closed, clip.blocks.size);
  }
  const shown = shades.shown();
  const samples: VehicleSample[] = [];
  const found: Footprint[][] = [];
  const look = (pair: number) => {
    const over = lookAt(pair);
    const vehicles = vehiclesIn(over, pairs[pair]!.closed, clip.blocks.size, shown);
    const around = found.slice(Math.max(0, pair - PAIRS_AROUND), pair + PAIRS_AROUND + 1).flat();
    const moved = vehicles.filter((vehicle) => !around.some((other) => overlap(vehicle, other) > HARDLY_MOVED));
    samples.push(...moved.map((vehicle) => sampleOf(vehicle, over)));
    found[pair] = vehicles;
  };
  for (let pair = 0; pair < pairs.length; pair += 2) look(pair);
  for (let pair = 1; pair < pairs.length && samples.length < ENOUGH; pair += 2) look(pair);
  return thinned(samples);
}

function vehiclesIn(look: FrameOverRoad, moving: Mask, blockSize: number, shown: ShownTable): Footprint[] {
  return regionsOf(moving).flatMap((blocks) => {
    const part = partOf(blocks, moving.width, blockSize, look);
    const bodies = bodiesIn(look, part, shown);
    const prints = regionPiecesOf(bodies).flatMap((pieces) => footprintOf(pieces) ?? []);
    const apart = prints.filter((one) => !prints.some((other) => other !== one && isBeside(one, other)));
    return apart.filter((one) => isWholeVehicle(one, bodies)).map((print) => shifted(print, part));
  });
}

/** What moved, with a margin of a block, as a part of the look. */
function partOf(blocks: readonly number[], across: number, blockSize: number, look: FrameOverRoad): Part {
  const [xs, ys] = [blocks.map((block) => block % across), blocks.map((block) => Math.floor(block / across))];
  const size = blockSize / look.cell;
  const [left, top] = [Math.max(0, (leastOf(xs) - 1) * size), Math.max(0, (leastOf(ys) - 1) * size)];
  const right = Math.min(look.columns, (mostOf(xs) + 2) * size);
  const bottom = Math.min(look.rows, (mostOf(ys) + 2) * size);
  const cells = emptyMask(right - left, bottom - top);
  for (const [i, x] of xs.entries()) {
    const [from, until] = [Math.max(0, (x - 1) * size - left), Math.min(cells.width, (x + 2) * size - left)];
    const end = Math.min(cells.height, (ys[i]! + 2) * size - top);
    for (let row = Math.max(0, (ys[i]! - 1) * size - top); row < end; row++) {
      cells.data.fill(1, row * cells.width + from, row * cells.width + until);
    }
  }
  return { left, top, cells };
}

function leastOf(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value));
}

function mostOf(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value));
}

/** Whether another lies so near to its left or right that the two may be parts of one vehicle, or hide each other. */
function isBeside(one: Footprint, other: Footprint): boolean {
  const reach = REACH * (one.right - one.left);
  const isInRows = other.top < one.bottom && other.bottom > one.top;
  return isInRows && other.left < one.right + reach && other.right > one.left - reach;
}

function shifted(print: Footprint, { left, top }: Part): Footprint {
  return {
    ...{ left: print.left + left, right: print.right + left, top: print.top + top, bottom: print.bottom + top },
    ...{ footLeft: print.footLeft + left, footRight: print.footRight + left },
    ...{ end: print.end + top, cells: print.cells },
  };
}

/** Intersection over union of the boxes. */
function overlap(a: Footprint, b: Footprint): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const areaOf = ({ left, right, top, bottom }: Footprint) => (right - left) * (bottom - top);
  return (width * height) / (areaOf(a) + areaOf(b) - width * height);
}

function sampleOf({ footLeft, footRight, bottom }: Footprint, { columns, rows }: FrameOverRoad): VehicleSample {
  return { row: rounded(bottom / rows), width: rounded((footRight - footLeft) / columns) };
}

/** A tenth of a cell: visits keep these numbers as text. */
function rounded(share: number): number {
  return Math.round(10_000 * share) / 10_000;
}

/** Evenly from all of the clip. */
function thinned(samples: VehicleSample[]): VehicleSample[] {
  if (samples.length <= MOST_VEHICLE_SAMPLES) return samples;
  return Array.from(
    { length: MOST_VEHICLE_SAMPLES },
    (_, i) => samples[Math.floor((i * samples.length) / MOST_VEHICLE_SAMPLES)]!,
  );
}
