import { close, dilate, emptyMask, fillHoles, regionsOf, type Mask } from '../../picture/mask.js';
import type { BlockLook, BlockLooks } from './block-looks.js';
import { contrastOf, otherLookOf } from './two-looks.js';

/** Regions of a smaller share of the picture (40 x 38 px at 720p) are left alone: too little shows what they are. */
const SMALLEST_SHARE = 1 / 600;

/** Two looks of a region that differ by less on average are one, in another light. Grey values. */
const LEAST_CONTRAST = 12;

/** A block that looked one way for a while and another way before or after: what the picture shows of it, and the other. */
export interface TwoFaced {
  readonly shown: BlockLook;
  readonly other: BlockLook;
}

/** A part of the road that something came to stand on, or left. */
export interface TwoFacedRegion {
  /** Without gaps. */
  readonly blocks: readonly number[];
  /** Those of the blocks that are known to have two faces. */
  readonly faces: ReadonlyMap<number, TwoFaced>;
  /** Itself and the blocks around it, at a distance where nothing of it reaches. */
  readonly wide: Mask;
}

/** Finds where something came to stand on the road, or left. @param picture its luma */
export function twoFacedRegions(looks: BlockLooks, road: Mask, picture: Uint8Array): TwoFacedRegion[] {
  const faces = new Map<number, TwoFaced>();
  const mask = emptyMask(road.width, road.height);
  for (let block = 0; block < road.data.length; block++) {
    const face = road.data[block] === 1 ? facesOf(looks, block, picture) : undefined;
    if (face === undefined) continue;
    faces.set(block, face);
    mask.data[block] = 1;
  }
  return regionsOf(fillHoles(close(mask, 1)))
    .filter((blocks) => blocks.length >= SMALLEST_SHARE * road.data.length)
    .map((blocks) => regionOf(blocks, faces, road))
    .filter(({ faces: own }) => meanContrastOf([...own.values()]) >= LEAST_CONTRAST);
}

function facesOf(looks: BlockLooks, block: number, picture: Uint8Array): TwoFaced | undefined {
  const known = looks.of(block);
  if (known.length < 2) return undefined;
  const shown = looks.shownIn(picture, block, known);
  const other = shown && otherLookOf(known, shown);
  return other && { shown, other };
}

function regionOf(blocks: readonly number[], all: ReadonlyMap<number, TwoFaced>, road: Mask): TwoFacedRegion {
  const own = emptyMask(road.width, road.height);
  for (const block of blocks) own.data[block] = 1;
  const faces = new Map<number, TwoFaced>();
  for (const block of blocks) {
    const face = all.get(block);
    if (face !== undefined) faces.set(block, face);
  }
  return { blocks, faces, wide: dilate(own, 1) };
}

function meanContrastOf(faces: readonly TwoFaced[]): number {
  return faces.reduce((sum, { shown, other }) => sum + contrastOf(shown, other), 0) / faces.length;
}
