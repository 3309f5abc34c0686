import type { CapturedFrames } from '../../capture/frame-source.js';

/** Samples of a frame are so many px apart in both directions, each the mean of 2 x 2 px. */
const EVERY = 24;

/**
 * Two frames are in one light when the least different samples, this share of all, differ by no more than so many grey
 * values. By noise and the sun's drift they differ by 5; what differs by more than 10 is another value to the later steps.
 */
const STILL_SHARE = 0.3;
const ONE_LIGHT = 8;

/** Mean distance of the chroma from grey: of a picture without colour, and of one with. */
const COLOURLESS = 0.6;
const COLOURED = 1.5;

/** So few frames in another light are a flash that does no harm. */
const FLASH_SHARE = 0.06;

/** What the camera did to its picture while it was watched. */
export type LightChange = 'none' | 'infrared' | 'exposure';

/** How steady the light was. */
export interface SteadyLight {
  change: LightChange;
  /** Share of the frames in the light that held longest: only those are looked at. 0..1 */
  keptShare: number;
  /** Whether those are without colour, after a switch to infrared or before one from it. */
  isInfrared: boolean;
}

/** A frame as it is compared. */
interface Sampled {
  luma: Uint8Array;
  colour: number;
}

/**
 * Leaves out pairs of frames in another light than most. A camera that turns to infrared, or whose exposure pumps, shows one
 * road in two ways: by all methods that look for what does not change everything would be traffic.
 * @param fewest with fewer frames than this left, all are kept
 */
export function withinOneLight(
  captured: CapturedFrames,
  fewest: number,
): { captured: CapturedFrames; light: SteadyLight } {
  const sampled = captured.frames.map((frame) => sampledOf(frame, captured));
  const kept = usualPairs(sampled).flatMap((pair) => [2 * pair, 2 * pair + 1]);
  const light = lightOf(sampled, kept);
  if (kept.length === sampled.length - (sampled.length % 2) || kept.length < fewest) return { captured, light };
  const only = <T>(list: readonly T[]): T[] => kept.map((i) => list[i]!);
  const { frames, timesSeconds, groups } = captured;
  return {
    captured: { ...captured, frames: only(frames), timesSeconds: only(timesSeconds), groups: only(groups) },
    light,
  };
}

function sampledOf(frame: Uint8Array, { width, height }: CapturedFrames): Sampled {
  const luma: number[] = [];
  let colour = 0;
  const chroma = width * height;
  for (let y = 0; y + 1 < height; y += EVERY) {
    for (let x = 0; x + 1 < width; x += EVERY) {
      const at = y * width + x;
      luma.push((frame[at]! + frame[at + 1]! + frame[at + width]! + frame[at + width + 1]!) >> 2);
      const u = chroma + (y >> 1) * (width >> 1) + (x >> 1);
      colour += Math.abs(frame[u]! - 128) + Math.abs(frame[u + (chroma >> 2)]! - 128);
    }
  }
  return { luma: Uint8Array.from(luma), colour: colour / Math.max(1, luma.length) };
}

/** The pairs in the light of that frame which has the most others in its own. */
function usualPairs(sampled: readonly Sampled[]): number[] {
  const pairs = Array.from({ length: sampled.length >> 1 }, (_, pair) => pair);
  let usual: number[] = [];
  for (const centre of pairs) {
    if (usual.includes(centre)) continue;
    const alike = pairs.filter((pair) => isAlike(sampled[2 * centre]!, sampled[2 * pair]!));
    if (alike.length > usual.length) usual = alike;
    if (2 * usual.length >= pairs.length) break;
  }
  return usual.filter((pair) => isAlike(sampled[2 * pair]!, sampled[2 * pair + 1]!));
}

function isAlike(a: Sampled, b: Sampled): boolean {
  const isSwitched = Math.min(a.colour, b.colour) < COLOURLESS && Math.max(a.colour, b.colour) > COLOURED;
  return !isSwitched && stillDifference(a.luma, b.luma) <= ONE_LIGHT;
}

/** Traffic is never in all samples, not even in a picture full of it. */
function stillDifference(a: Uint8Array, b: Uint8Array): number {
  const counts = new Uint32Array(256);
  for (let i = 0; i < a.length; i++) counts[Math.abs(a[i]! - b[i]!)]!++;
  let [value, below] = [0, counts[0]!];
  while (below < STILL_SHARE * a.length) below += counts[++value]!;
  return value;
}

function lightOf(sampled: readonly Sampled[], kept: readonly number[]): SteadyLight {
  const keptShare = kept.length / Math.max(1, sampled.length - (sampled.length % 2));
  const colours = sampled.map(({ colour }) => colour);
  const isSwitched = Math.min(...colours) < COLOURLESS && Math.max(...colours) > COLOURED;
  if (1 - keptShare <= FLASH_SHARE) return { change: 'none', keptShare, isInfrared: false };
  const isInfrared = isSwitched && kept.every((i) => colours[i]! < COLOURED);
  return { change: isSwitched ? 'infrared' : 'exposure', keptShare, isInfrared };
}
