import { close, dilate, regionsOf, type Mask } from '../../../picture/mask.js';

/** A connected part of a heat map. */
export interface Region {
  /** Indices of its cells. */
  cells: number[];
  /** Mean of the highest quarter of its values, 0..1. */
  score: number;
  /** The highest of its values. */
  peak: number;
}

/** A grid of probabilities. */
export interface HeatMap {
  width: number;
  height: number;
  data: Float32Array;
}

/** Regions of `map >= low` that reach `high` somewhere (hysteresis), after gaps of up to two cells were closed. */
export function peaks(map: HeatMap, low: number, high: number): Region[] {
  return regionsOf(close(above(map, low), 1))
    .map((cells) => regionOf(cells, map))
    .filter(({ peak }) => peak >= high);
}

/** As {@link peaks}, but what lies up to `reach` cells apart is one region; only cells that are hot themselves count. */
export function chains(map: HeatMap, low: number, high: number, reach: number): Region[] {
  const hot = above(map, low);
  return regionsOf(dilate(hot, reach))
    .map((cells) =>
      regionOf(
        cells.filter((cell) => hot.data[cell] === 1),
        map,
      ),
    )
    .filter(({ peak }) => peak >= high);
}

/** The cells of a map that are at least `threshold`. */
export function above({ width, height, data }: HeatMap, threshold: number): Mask {
  return { width, height, data: Uint8Array.from(data, (value) => (value >= threshold ? 1 : 0)) };
}

/** Some cells of a map as a region. */
export function regionOf(cells: number[], map: HeatMap): Region {
  const values = Float32Array.from(cells, (cell) => map.data[cell]!).sort();
  const top = values.subarray(values.length - Math.max(1, values.length >> 2));
  return { cells, score: top.reduce((sum, value) => sum + value, 0) / top.length, peak: values.at(-1)! };
}
