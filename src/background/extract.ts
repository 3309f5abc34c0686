import type { CapturedFrames } from '../capture/frame-source.js';
import { TransientStepError } from '../job/errors.js';
import type { Background, BackgroundTimings } from './background.js';
import { breathe } from './breathe.js';
import { crowdedBlocks, fillCrowded, roadBrightness } from './crowded.js';
import { rounded } from './fine.js';
import { gatedMedian } from './gated-median.js';
import { emptyMask, shareOf, unite, type Mask } from './mask.js';
import { blocksOf, gateOf, type Gate } from './motion.js';
import { planesOf, type Plane } from './plane.js';
import { lightOf, meanOf, sharpnessOf, verdictOf } from './quality.js';
import { blocksUnder, doubtfulRegions, isNoRoad, repair } from './repair.js';
import { lookAgain, secondLook } from './second-look.js';
import { moveBack, swayOf, type CameraSway } from './steady.js';
import { toRgb } from './to-rgb.js';

const METHOD = 'gated-median-runs 1';

/** A median of fewer frames shows the traffic. */
const FEWEST_FRAMES = 5;

/** Block rows between two looks at the signal: some 10 ms of computing. */
const STRIPE_ROWS = 4;

/**
 * Computes the empty road from frames: the motion-gated median, then a second look at what may have stood still.
 * CPU-bound for up to seconds, so it belongs in a thread; it hears the signal between stripes.
 * Frames of a camera that sways are moved in place.
 *
 * @throws TransientStepError `HLS_TOO_FEW_FRAMES` with fewer than five frames
 * @throws the signal's reason when it aborts
 */
export async function extractBackground(captured: CapturedFrames, signal: AbortSignal): Promise<Background> {
  const { width, height, sourceFps } = captured;
  const frames = pairedFrames(captured);
  const planes = planesOf(width, height, blocksOf(width, height).size);
  const clock = stopwatch();
  const cameraSway = await steady(frames, width, height, planes, signal);
  clock.lap('align');
  const gates = await gatesOf(frames, width, height, signal);
  const drivenRoad = union(gates);
  clock.lap('motion');
  const out = await median(frames, gates, planes, signal);
  clock.lap('median');
  const { hiddenRoad, ...shares } = await removeStanding(frames, gates, planes, drivenRoad, out, signal);
  clock.lap('runs');
  const picture = toRgb(out, width, height, captured);
  clock.lap('colour');
  const quality = {
    coverage: shareOf(drivenRoad),
    cameraSway,
    ...shares,
    ...looksOf(rounded(out.subarray(0, width * height)), width, height),
  };
  const verdict = verdictOf({ ...quality, frozen: isFrozen(frames) });
  const source = { framesUsed: frames.length, width, height, sourceFps };
  const meta = { method: METHOD, ...source, ...verdict, quality, timingsMs: clock.timings() };
  return { picture, drivenRoad, hiddenRoad, meta };
}

function looksOf(luma: Uint8Array, width: number, height: number) {
  const meanLuma = meanOf(luma);
  return { sharpness: sharpnessOf(luma, width, height), meanLuma, light: lightOf(meanLuma) };
}

function isFrozen(frames: readonly Uint8Array[]): boolean {
  return Buffer.compare(frames[0]!, frames.at(-1)!) === 0;
}

/** A last frame without a neighbour cannot be gated and is left out. */
function pairedFrames({ frames }: CapturedFrames): readonly Uint8Array[] {
  if (frames.length < FEWEST_FRAMES) {
    throw new TransientStepError(
      'HLS_TOO_FEW_FRAMES',
      `Only ${frames.length} frames came, and the road needs ${FEWEST_FRAMES}: check that the stream plays.`,
      { step: 'background' },
    );
  }
  return frames.slice(0, frames.length - (frames.length % 2));
}

/** Moves the frames of a camera that swayed to one place. */
async function steady(
  frames: readonly Uint8Array[],
  width: number,
  height: number,
  planes: readonly Plane[],
  signal: AbortSignal,
): Promise<CameraSway> {
  const { sway, offsets } = swayOf(frames, width, height);
  if (!sway.aligned) return sway;
  for (const [i, frame] of frames.entries()) {
    await breathe(signal);
    moveBack(frame, offsets[i]!, planes);
  }
  return sway;
}

/** Of each frame what moved; both frames of a pair share theirs. */
async function gatesOf(frames: readonly Uint8Array[], width: number, height: number, signal: AbortSignal) {
  const gates: Gate[] = [];
  for (let i = 0; i < frames.length; i += 2) {
    await breathe(signal);
    const gate = gateOf(frames[i]!, frames[i + 1]!, width, height);
    gates.push(gate, gate);
  }
  return gates;
}

function union(gates: readonly Gate[]): Mask {
  const all = emptyMask(gates[0]!.closed.width, gates[0]!.closed.height);
  for (const { closed } of gates) unite(all, closed);
  return all;
}

async function median(
  frames: readonly Uint8Array[],
  gates: readonly Gate[],
  planes: readonly [Plane, Plane, Plane],
  signal: AbortSignal,
): Promise<Uint16Array> {
  const out = new Uint16Array(frames[0]!.length);
  await inStripes(gates[0]!.closed.height, signal, (from, until) => {
    for (const plane of planes) gatedMedian(frames, gates, plane, out, from, until);
  });
  const crowded = crowdedBlocks(gates);
  const brightness = roadBrightness(rounded(out.subarray(0, planes[1].offset)), gates, planes[0]);
  await inStripes(crowded.height, signal, (from, until) => {
    fillCrowded(frames, gates, crowded, brightness, planes, out, from, until);
  });
  return out;
}

async function removeStanding(
  frames: readonly Uint8Array[],
  gates: readonly Gate[],
  planes: readonly [Plane, Plane, Plane],
  road: Mask,
  out: Uint16Array,
  signal: AbortSignal,
): Promise<{ hiddenRoad: Mask; hiddenRoadShare: number; repairedRoadShare: number }> {
  const [luma] = planes;
  const median = rounded(out.subarray(0, luma.width * luma.height));
  const look = secondLook(median, luma);
  await inStripes(road.height, signal, (from, until) => {
    lookAgain(look, frames, gates, median, road, luma, from, until);
  });
  const doubtful = doubtfulRegions(median, look, luma);
  const wrong = doubtful.filter((region) => isNoRoad(region, frames, median, look, luma));
  for (const region of wrong) repair(region, frames, look, planes, out);
  const roadPixels = Math.max(1, shareOf(road) * luma.width * luma.height);
  return {
    hiddenRoad: blocksUnder(doubtful, road, luma),
    hiddenRoadShare: sizeOf(doubtful) / roadPixels,
    repairedRoadShare: sizeOf(wrong) / roadPixels,
  };
}

function sizeOf(regions: readonly (readonly number[])[]): number {
  return regions.reduce((sum, region) => sum + region.length, 0);
}

async function inStripes(rows: number, signal: AbortSignal, work: (from: number, until: number) => void) {
  for (let from = 0; from < rows; from += STRIPE_ROWS) {
    await breathe(signal);
    work(from, Math.min(rows, from + STRIPE_ROWS));
  }
}

function stopwatch() {
  const timings: BackgroundTimings = { capture: 0, align: 0, motion: 0, median: 0, runs: 0, colour: 0, total: 0 };
  let last = performance.now();
  return {
    lap(stage: keyof BackgroundTimings) {
      const now = performance.now();
      timings[stage] = Math.round(now - last);
      timings.total += timings[stage];
      last = now;
    },
    timings: () => timings,
  };
}
