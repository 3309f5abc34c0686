import type { Look, SourceSize } from '../capture/frame-source.js';
import type { Mask } from '../picture/mask.js';
import type { CameraSway } from './steps/camera-sway.js';
import type { Picture } from '../picture/picture.js';
import type { SteadyLight } from './view/steady-light.js';
import type { View } from './view/view.js';

/** The empty road, and how far it can be trusted. */
export interface Background {
  picture: Picture;
  /** Where traffic drove, in blocks of the picture (8 or 4 px): the union of all that moved. */
  drivenRoad: Mask;
  /**
   * Where the road stayed in doubt, on the same grid: blocks touched by regions on which the two ways to find it
   * disagree, whether something was taken out there or not, and where something may stand.
   */
  hiddenRoad: Mask;
  /** Where nothing is to be marked, on the same grid: something may stand there, or a text is burned into the picture. */
  noMarks: Mask;
  /** Vehicles that were measured as they drove by, at most {@link MOST_VEHICLE_SAMPLES}; none when the verdict is `inconclusive`. */
  traffic: readonly VehicleSample[];
  meta: BackgroundMeta;
}

/** So many vehicles are measured in one look, spread over it. */
export const MOST_VEHICLE_SAMPLES = 300;

/** A vehicle at a moment, alone and whole in the picture. */
export interface VehicleSample {
  /** Where it stands on the road: its lower edge, share of the picture's height from the top. */
  row: number;
  /** How wide that edge is, share of the picture's width. */
  width: number;
}

/**
 * `clear`: the road was seen. `partly_hidden`: vehicles that stood may have left something of themselves.
 * `inconclusive`: the road was hardly seen; nothing should be concluded from the picture.
 */
export type BackgroundVerdict = 'clear' | 'partly_hidden' | 'inconclusive';

/** Why a verdict is not `clear`, in words for programs. */
export type Doubt =
  | 'traffic'
  | 'standing'
  | 'infrared_switch'
  | 'exposure'
  | 'sway'
  | 'short_look'
  | 'damaged_frames'
  | 'repeated_frames'
  | 'frozen'
  | 'slate'
  | 'color_bars';

/** How much was seen, and how well it came: of the capture, and what was found in its frames. */
export interface LookMeta extends Omit<Look, 'source'> {
  /** Frames that only repeated the one before while the scene moved. */
  framesRepeated: number;
  /** Too few others were left to do without those. */
  showsRepeats: boolean;
}

/** What `background_meta.json` says. */
export interface BackgroundMeta {
  /** Name of the method and its version. */
  method: string;
  framesUsed: number;
  /** Of the picture, in which pixels are square. px */
  width: number;
  /** px */
  height: number;
  /** The stream's pictures before that. */
  source: SourceSize;
  /** Frames per second of the stream, if it says so. */
  sourceFps: number | null;
  look: LookMeta;
  verdict: BackgroundVerdict;
  /** One sentence or more. */
  verdictReason: string;
  /** The gravest first; none when the verdict is `clear`. */
  doubts: Doubt[];
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
  /** Share of that where something came to stand, or went, and it cannot be told which of its two looks is the road's. */
  standingRoadShare: number;
  /** Share of that where a vehicle that stood was taken out. */
  repairedRoadShare: number;
  cameraSway: CameraSway;
  /** Standard deviation of the luma's Laplacian, in grey values. */
  sharpness: number;
  /** 0..255 */
  meanLuma: number;
  /** By the mean luma; infrared is night. */
  light: Light;
  steadyLight: SteadyLight;
  /** Share of the picture that a text or a logo is burned into. */
  burntInShare: number;
  view: View;
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
  traffic: number;
  total: number;
}
