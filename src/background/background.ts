import type { Mask } from './mask.js';
import type { CameraSway } from './steady.js';
import type { Picture } from './picture.js';

/** The empty road, and how far it can be trusted. */
export interface Background {
  picture: Picture;
  /** Where traffic drove, in blocks of the picture (8 or 4 px): the union of all that moved. */
  drivenRoad: Mask;
  /**
   * Where the road stayed in doubt, on the same grid: blocks touched by regions on which the two ways to find it
   * disagree, whether something was taken out there or not.
   */
  hiddenRoad: Mask;
  meta: BackgroundMeta;
}

/**
 * `clear`: the road was seen. `partly_hidden`: vehicles that stood may have left something of themselves.
 * `inconclusive`: the road was hardly seen; nothing should be concluded from the picture.
 */
export type BackgroundVerdict = 'clear' | 'partly_hidden' | 'inconclusive';

/** What `background_meta.json` says. */
export interface BackgroundMeta {
  /** Name of the method and its version. */
  method: string;
  framesUsed: number;
  /** px */
  width: number;
  /** px */
  height: number;
  /** Frames per second of the stream, if it says so. */
  sourceFps: number | null;
  verdict: BackgroundVerdict;
  /** A sentence. */
  verdictReason: string;
  quality: BackgroundQuality;
  /** ms by stage. */
  timingsMs: BackgroundTimings;
}

/** Measures of a background; shares are 0..1. */
export interface BackgroundQuality {
  /** Share of the picture where traffic moved. */
  coverage: number;
  /** Share of that where two ways to find the road disagree by more than 10 grey values; follows the true error. */
  hiddenRoadShare: number;
  /** Share of that where a vehicle that stood was taken out. */
  repairedRoadShare: number;
  cameraSway: CameraSway;
  /** Standard deviation of the luma's Laplacian, in grey values. */
  sharpness: number;
  /** 0..255 */
  meanLuma: number;
  light: Light;
}

/** By mean luma. */
export type Light = 'day' | 'dusk' | 'night';

/** ms */
export interface BackgroundTimings {
  capture: number;
  align: number;
  motion: number;
  median: number;
  runs: number;
  colour: number;
  total: number;
}
