import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Box } from '../../src/picture/geometry/box.js';
import type { Mask } from '../../src/picture/mask.js';
import { readMask } from '../background/grey.js';

/** What is truly on a picture. Boxes and points in shares of its width and height, 0..1. */
export interface Truth {
  /** False where nobody looked for damage: marks are neither right nor false. */
  labelled: boolean;
  damages: TrueDamage[];
  /** Marks there are neither right nor false. */
  ignored: Box[];
  /** Where traffic drove; undefined where it is not known. */
  driven: Mask | undefined;
  /** Width of a car at a height of the picture, in shares of its width; undefined where it is not known. */
  carWidthAt: ((y: number) => number) | undefined;
}

/** One damage somebody saw. */
export interface TrueDamage {
  kind: 'crack' | 'pothole';
  /** Points on it, close to each other. */
  points: (readonly [x: number, y: number])[];
}

type Corners = [left: number, top: number, right: number, bottom: number];

/** `labels.json`: what was seen on the pictures of a folder, in px of `size`. */
interface Labels {
  size: [width: number, height: number];
  pictures: Record<string, { crack?: [number, number][][]; pothole?: Corners[]; ignore?: Corners[] }>;
}

/** `scale.json`: the width of a car in px of a picture 1280 px wide, as a line over the rows of one 720 px high. */
type Scales = Record<string, { car_px_per_y: number; car_px_0: number }>;

const SCALED = { width: 1280, height: 720 } as const;

/** Points of a line lie this close, as a share of the picture. */
const STEP = 0.004;

/** Reads what a folder says of its pictures: `labels.json`, `scale.json` and `<name>.driven.png`, all of which may be missing. */
export async function truthsOf(folder: string): Promise<(name: string) => Promise<Truth>> {
  const labels = await read<Labels>(join(folder, 'labels.json'));
  const scales = await read<Scales>(join(folder, 'scale.json'));
  return async (name) => {
    const driven = join(folder, `${name}.driven.png`);
    const scale = scales?.[name];
    return {
      ...labelled(labels, name),
      driven: existsSync(driven) ? await readMask(driven) : undefined,
      carWidthAt: scale && ((y) => (scale.car_px_per_y * y * SCALED.height + scale.car_px_0) / SCALED.width),
    };
  };
}

async function read<T>(file: string): Promise<T | undefined> {
  return existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as T) : undefined;
}

function labelled(labels: Labels | undefined, name: string): Pick<Truth, 'labelled' | 'damages' | 'ignored'> {
  if (labels === undefined) return { labelled: true, damages: [], ignored: [] };
  const seen = labels.pictures[name];
  if (seen === undefined) return { labelled: false, damages: [], ignored: [] };
  const [width, height] = labels.size;
  const boxOf = ([left, top, right, bottom]: Corners): Box => ({
    x: left / width,
    y: top / height,
    width: (right - left) / width,
    height: (bottom - top) / height,
  });
  const cracks = (seen.crack ?? []).map((line) => line.map(([x, y]) => [x / width, y / height] as const));
  return {
    labelled: true,
    damages: [
      ...cracks.map((line): TrueDamage => ({ kind: 'crack', points: densified(line) })),
      ...(seen.pothole ?? []).map((corners): TrueDamage => ({ kind: 'pothole', points: within(boxOf(corners)) })),
    ],
    ignored: (seen.ignore ?? []).map(boxOf),
  };
}

function densified(line: readonly (readonly [number, number])[]): TrueDamage['points'] {
  return line.slice(1).flatMap(([toX, toY], i) => {
    const [x, y] = line[i]!;
    const steps = Math.max(1, Math.ceil(Math.hypot(toX - x, toY - y) / STEP));
    return Array.from(
      { length: steps + 1 },
      (_, k) => [x + ((toX - x) * k) / steps, y + ((toY - y) * k) / steps] as const,
    );
  });
}

function within({ x, y, width, height }: Box): TrueDamage['points'] {
  const shares = [0.2, 0.35, 0.5, 0.65, 0.8];
  return shares.flatMap((u) => shares.map((v) => [x + u * width, y + v * height] as const));
}
