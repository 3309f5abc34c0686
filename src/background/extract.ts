import type { CapturedFrames } from '../capture/frame-source.js';
import { TransientStepError } from '../job/errors.js';
import type { Background, BackgroundTimings } from './background.js';
import { yieldToAborts } from '../threads/yield-to-aborts.js';
import { roundedLuma } from './fixed-point.js';
import { gatedMedian } from './steps/gated-median.js';
import { Clip } from './kernels/clip.js';
import { FrameMemory } from './kernels/frame-memory.js';
import type { Pointer } from './kernels/kernels.js';
import { looksOf } from './steps/sharpness.js';
import { blocksOf } from '../picture/blocks.js';
import { shareOf, unionOf, unite, type Mask } from '../picture/mask.js';
import { drivenRoadOf, quietBlocksOf, type QuietBlocks } from './steps/motion.js';
import { verdictOf } from './quality.js';
import { blocksUnder, doubtfulRegions, isNoRoad, repair } from './steps/repair.js';
import { secondLook } from './steps/second-look.js';
import { moveBack, swayOf, type CameraSway } from './steps/camera-sway.js';
import { takeOutStanding } from './standing/standing.js';
import { inStripes } from './stripes.js';
import { toRgb } from './steps/to-rgb.js';
import { sampleTraffic } from './traffic/sample-traffic.js';
import { burntInOf } from './view/burnt-in.js';
import { withoutRepeats } from './view/repeats.js';
import { withinOneLight } from './view/steady-light.js';
import { viewOf } from './view/view.js';

const METHOD = 'gated-median-runs 1';

/** A median of fewer frames shows the traffic. */
const FEWEST_FRAMES = 5;

/** Better frames that repeat each other than fewer than this. */
const FEWEST_UNREPEATED = 6;

/**
 * Computes the empty road from frames: the motion-gated median, then a second look at what may have stood still.
 * CPU-bound for parts of a second, so it belongs in a thread; it hears the signal between stripes.
 * Frames of a camera that sways are moved in place when they lie in a `FrameMemory`; all others are copied into one first.
 *
 * @throws TransientStepError `HLS_TOO_FEW_FRAMES` with fewer than five frames
 * @throws the signal's reason when it aborts
 */
export async function extractBackground(captured: CapturedFrames, signal: AbortSignal): Promise<Background> {
  const { width, height, sourceFps } = captured;
  const clock = stopwatch();
  // First of all, for frames of a camera that sways are moved in place.
  const view = viewOf(captured);
  const { columns, rows } = blocksOf(width, height);
  const { captured: unrepeated, repeated } = withoutRepeats(captured, FEWEST_UNREPEATED);
  const { captured: lit, light } = withinOneLight(unrepeated, FEWEST_UNREPEATED);
  const burntIn = burntInOf(captured, columns, rows);
  const { clip, cameraSway } = await steady(openClip(lit), signal);
  clock.lap('align');
  const gates = await quietBlocksOf(clip, signal);
  const drivenRoad = drivenRoadOf(gates);
  clock.lap('motion');
  const fine = await gatedMedian(clip, gates, signal);
  clock.lap('median');
  const { hiddenRoad, ...shares } = await removeStanding(clip, gates, drivenRoad, fine, signal);
  const stayed = removeStayed(clip, gates, drivenRoad, fine);
  unite(hiddenRoad, stayed.unsure);
  const noMarks = unionOf(burntIn, stayed.unsure);
  const repairedRoadShare = shares.repairedRoadShare + stayed.takenOutShare;
  clock.lap('runs');
  const picture = toRgb(clip, fine, captured);
  clock.lap('colour');
  const luma = roundedLuma(clip, fine);
  const looks = looksOf(clip, luma);
  if (light.isInfrared) looks.light = 'night';
  const standing = { standingRoadShare: stayed.unsureShare, repairedRoadShare };
  const quality = {
    coverage: shareOf(drivenRoad),
    cameraSway,
    ...shares,
    ...standing,
    ...looks,
    steadyLight: light,
    burntInShare: shareOf(burntIn),
    view,
  };
  const { source, ...seen } = captured.look;
  const look = { ...seen, framesRepeated: repeated, showsRepeats: repeated > 0 && unrepeated === captured };
  const verdict = verdictOf({ ...quality, showing: view.showing, look });
  // What shows no road measures none.
  const traffic =
    verdict.verdict === 'inconclusive' ? [] : sampleTraffic(clip, gates.pairs, clip.memory.bytes(luma, width * height));
  clock.lap('traffic');
  const used = { framesUsed: clip.frames.length, width, height, source, sourceFps };
  const meta = { method: METHOD, ...used, look, ...verdict, quality, timingsMs: clock.timings() };
  return { picture, drivenRoad, hiddenRoad, noMarks, traffic, meta };
}

function openClip(captured: CapturedFrames): Clip {
  const { memory, frames } = FrameMemory.holding(inPairs(captured));
  return new Clip(memory, frames, captured.width, captured.height);
}

/** A last frame without a neighbour cannot be gated and is left out. */
function inPairs({ frames }: CapturedFrames): readonly Uint8Array[] {
  if (frames.length < FEWEST_FRAMES) {
    throw new TransientStepError(
      'HLS_TOO_FEW_FRAMES',
      `Only ${frames.length} frames came, and the road needs ${FEWEST_FRAMES}: check that the stream plays.`,
      { step: 'background' },
    );
  }
  return frames.slice(0, frames.length - (frames.length % 2));
}

/** Moves the frames of a camera that swayed to one place, and leaves out those that could not be followed there. */
async function steady(clip: Clip, signal: AbortSignal): Promise<{ clip: Clip; cameraSway: CameraSway }> {
  const { sway: cameraSway, offsets } = swayOf(clip);
  if (!cameraSway.aligned) return { clip, cameraSway };
  for (const [i, offset] of offsets.entries()) {
    await yieldToAborts(signal);
    if (offset !== null) moveBack(clip, i, offset);
  }
  const kept = clip.frames.filter((_, i) => offsets[i] !== null && offsets[i ^ 1] !== null);
  if (kept.length === clip.frames.length || kept.length < FEWEST_UNREPEATED) return { clip, cameraSway };
  return { clip: new Clip(clip.memory, kept, clip.width, clip.height), cameraSway };
}

async function removeStanding(
  clip: Clip,
  gates: QuietBlocks,
  road: Mask,
  fine: Pointer,
  signal: AbortSignal,
): Promise<{ hiddenRoad: Mask; hiddenRoadShare: number; repairedRoadShare: number }> {
  const [luma] = clip.planes;
  const at = roundedLuma(clip, fine);
  const { look, lookAt } = secondLook(clip, gates, road, at);
  await inStripes(road.height, signal, (from, until) => {
    for (let row = from; row < until; row++) lookAt(row);
  });
  const median = clip.memory.bytes(at, luma.width * luma.height);
  const doubtful = doubtfulRegions(clip, at, look);
  const wrong = doubtful.filter((region) => isNoRoad(region, clip.frames, median, look, luma));
  for (const region of wrong) repair(clip, region, look, fine);
  const roadPixels = Math.max(1, shareOf(road) * luma.width * luma.height);
  return {
    hiddenRoad: blocksUnder(doubtful, road, luma),
    hiddenRoadShare: sizeOf(doubtful) / roadPixels,
    repairedRoadShare: sizeOf(wrong) / roadPixels,
  };
}

/** Shares are of the driven road. */
function removeStayed(clip: Clip, gates: QuietBlocks, road: Mask, fine: Pointer) {
  const luma = clip.memory.bytes(roundedLuma(clip, fine), clip.width * clip.height);
  const { takenOut, unsure } = takeOutStanding(clip, gates, road, luma, fine);
  const driven = Math.max(Number.EPSILON, shareOf(road));
  return { unsure, unsureShare: shareOf(unsure) / driven, takenOutShare: shareOf(takenOut) / driven };
}

function sizeOf(regions: readonly (readonly number[])[]): number {
  return regions.reduce((sum, region) => sum + region.length, 0);
}

function stopwatch() {
  const timings: BackgroundTimings = {
    capture: 0,
    align: 0,
    motion: 0,
    median: 0,
    runs: 0,
    colour: 0,
    traffic: 0,
    total: 0,
  };
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
