import type { CapturedFrames } from '../../capture/frame-source.js';

/**
 * How much of a picture comes back in groups of pictures that are not predicted from each other. A still picture that is
 * encoded again and again gives the same bits, or nearly so where the encoder's rate control has an eye on the bits; the
 * noise of a sensor never does, however dark or compressed, since every group begins with a new key frame.
 */
export interface Recurrence {
  /** Share of the textured blocks that come back nearly to the last bit, of the median field; null when that cannot be told. 0..1 */
  texture: number | null;
  /** Share of all blocks that come back to the last bit; null when that cannot be told. 0..1 */
  whole: number | null;
  /** Share of all blocks that neighbouring frames of one group have in common; null when no pair lies in one. 0..1 */
  neighbours: number | null;
}

/** Side of a block, px: as codecs transform them. */
const BLOCK = 8;

/** The picture is cut into so many fields that count alike: a name and a clock burned in must not outvote the scene. */
const FIELDS_ACROSS = 6;
const FIELDS_DOWN = 4;

/** A field with fewer textured blocks does not count; more than so many are not looked at. */
const FEWEST_BLOCKS = 10;
const MOST_BLOCKS = 32;

/** With fewer fields that count, a burned-in text may be all that the night shows. */
const FEWEST_FIELDS = 8;

/** Mean step from pixel to pixel from which a block is textured, grey values: codecs flatten what has less. */
const TEXTURED = 1;

/** Of all blocks every so many-th in both directions is looked at. */
const EVERY = 6;

/** Every frame is compared with every other: so many tell enough. */
const MOST_FRAMES = 20;

/** Each frame is judged by the frame most like it; of those judgements this share is lower. */
const QUANTILE = 0.9;

/** A textured block comes back when its pixels differ by no more than this in all: a quarter of a grey value each. */
const NEARLY_SAME = (BLOCK * BLOCK) / 4;

/** A place in a frame: its first pixel. */
type Block = number;

/** Measures recurrence by the luma of the first frames of pairs, spread over the clip. */
export function recurrenceOf({ frames, groups, width, height }: CapturedFrames): Recurrence {
  const step = 2 * Math.ceil(frames.length / 2 / MOST_FRAMES);
  const firsts = frames.map((luma, i) => ({ luma, group: groups[i]! })).filter((_, i) => i % step === 0);
  const blocks = blocksOf(width, height);
  const fields = texturedFields(firsts[0]!.luma, blocks, width, height);
  const coarse = blocks.filter(({ column, row }) => column % EVERY === 0 && row % EVERY === 0).map(({ at }) => at);
  const neighbours = sharedByNeighbours(frames, groups, width, coarse);
  if (new Set(firsts.map(({ group }) => group)).size < 2) return { texture: null, whole: null, neighbours };
  return {
    neighbours,
    texture: fields.length < FEWEST_FIELDS ? null : typicalBest(firsts, width, fields, NEARLY_SAME),
    whole: typicalBest(firsts, width, [coarse], 0),
  };
}

function blocksOf(width: number, height: number) {
  const [columns, rows] = [Math.floor(width / BLOCK), Math.floor(height / BLOCK)];
  return Array.from({ length: columns * rows }, (_, i) => {
    const [column, row] = [i % columns, Math.floor(i / columns)];
    return { column, row, at: row * BLOCK * width + column * BLOCK };
  });
}

function texturedFields(luma: Uint8Array, blocks: ReturnType<typeof blocksOf>, width: number, height: number) {
  const fields: Block[][] = Array.from({ length: FIELDS_ACROSS * FIELDS_DOWN }, () => []);
  for (const { column, row, at } of blocks) {
    const across = Math.floor((column * BLOCK * FIELDS_ACROSS) / width);
    const down = Math.floor((row * BLOCK * FIELDS_DOWN) / height);
    if (textureOf(luma, at, width) > TEXTURED) fields[down * FIELDS_ACROSS + across]!.push(at);
  }
  return fields.filter((field) => field.length >= FEWEST_BLOCKS).map(thinned);
}

function thinned(field: readonly Block[]): Block[] {
  const step = Math.max(1, field.length / MOST_BLOCKS);
  return Array.from({ length: Math.min(field.length, MOST_BLOCKS) }, (_, i) => field[Math.floor(i * step)]!);
}

function textureOf(luma: Uint8Array, at: Block, width: number): number {
  let sum = 0;
  for (let y = 0; y < BLOCK; y++) {
    for (let i = at + y * width; i < at + y * width + BLOCK - 1; i++) sum += Math.abs(luma[i + 1]! - luma[i]!);
  }
  return sum / (BLOCK * (BLOCK - 1));
}

/** Over all frames, what the most similar frame of another group shares with each. */
function typicalBest(
  frames: readonly { luma: Uint8Array; group: number }[],
  width: number,
  fields: readonly Block[][],
  most: number,
): number {
  const best = new Float64Array(frames.length);
  for (let i = 0; i < frames.length; i++) {
    for (let j = i + 1; j < frames.length; j++) {
      if (frames[i]!.group === frames[j]!.group) continue;
      const shared = medianShare(frames[i]!.luma, frames[j]!.luma, width, fields, most);
      best[i] = Math.max(best[i]!, shared);
      best[j] = Math.max(best[j]!, shared);
    }
  }
  return best.sort()[Math.floor(QUANTILE * (best.length - 1))]!;
}

function sharedByNeighbours(
  frames: CapturedFrames['frames'],
  groups: CapturedFrames['groups'],
  width: number,
  blocks: readonly Block[],
): number | null {
  const shares = frames.flatMap((frame, i) => {
    const isPair = i % 2 === 1 && groups[i] === groups[i - 1];
    return isPair ? [medianShare(frames[i - 1]!, frame, width, [blocks], 0)] : [];
  });
  return shares.sort((a, b) => a - b)[shares.length >> 1] ?? null;
}

function medianShare(
  a: Uint8Array,
  b: Uint8Array,
  width: number,
  fields: readonly (readonly Block[])[],
  most: number,
): number {
  const shares = fields.map((field) => {
    let same = 0;
    for (const at of field) if (differsByAtMost(most, a, b, at, width)) same++;
    return same / field.length;
  });
  return shares.sort((x, y) => x - y)[shares.length >> 1]!;
}

/** Whether the pixels of a block differ by no more than so many grey values in all. */
function differsByAtMost(most: number, a: Uint8Array, b: Uint8Array, at: Block, width: number): boolean {
  let sum = 0;
  for (let y = 0; y < BLOCK; y++) {
    for (let i = at + y * width; i < at + y * width + BLOCK; i++) {
      sum += Math.abs(a[i]! - b[i]!);
      if (sum > most) return false;
    }
  }
  return true;
}
