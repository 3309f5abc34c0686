import type { VehicleSample } from '../../background/background.js';
import { robustLine, type FittedLine, type Line, type WeightedPoint } from './robust-line.js';
import { isKnownAt, type NoScale, type RoadScale } from './road-scale.js';

/** Fewer vehicles say nothing. */
const FEWEST = 15;

/** So many are used, the newest first. */
const MOST = 600;

/** At least this share of the vehicles has to fit the line: most are cars, and the others are wider. */
const LEAST_AGREEING = 0.3;

/** One vehicle is measured so many times on its way, and its own width counts in each. */
const TIMES_MEASURED = 4;

/** The picture is cut into so many bands of rows: the far ones are full of vehicles and must not outvote the near ones. */
const BANDS = 16;

/** The horizon is at most so far above the picture, in heights of the picture. */
const HIGHEST_HORIZON = -4;

/** A scale that is known in less than this share of the picture's rows is none: all vehicles were at one distance. */
const LEAST_KNOWN = 0.4;

/** Rows that are asked for that. */
const ROWS = 40;

/**
 * The scale of a road by the vehicles that drove there: how wide a car is in each row. Most of them are cars; vans, lorries
 * and what was seen badly do not matter as long as they are fewer.
 * @param visits the vehicles of each visit of one view, the newest first, all in the place of now
 */
export function fitScale(visits: readonly (readonly VehicleSample[])[]): RoadScale | NoScale {
  const samples = visits.flat().slice(0, MOST);
  if (samples.length < FEWEST) return tooFew(samples.length);
  const line = robustLine(weighted(samples), isPossible);
  if (line === undefined || line.inliers.length < LEAST_AGREEING * samples.length) {
    return { unknown: `The ${samples.length} vehicles that were measured do not agree on how wide a car is.` };
  }
  if (line.inliers.length < FEWEST) return tooFew(line.inliers.length);
  const scale = scaleOf(line, visits.filter((visit) => visit.length > 0).length);
  const rows = Array.from({ length: ROWS }, (_, i) => (i + 0.5) / ROWS);
  const known = rows.filter((row) => isKnownAt(scale, row)).length;
  if (known >= LEAST_KNOWN * ROWS) return scale;
  return { unknown: 'All vehicles were measured at about the same distance.' };
}

function tooFew(count: number): NoScale {
  const vehicles = count === 1 ? 'vehicle was' : 'vehicles were';
  return { unknown: `Only ${count} ${vehicles} measured, ${FEWEST} are needed.` };
}

function scaleOf(line: FittedLine, visits: number): RoadScale {
  const { slope: growth, zero: horizon, inliers } = line;
  return { horizon, growth, error: errorOf(line), samples: inliers.length, visits };
}

/** By the scatter of the points around the line, as least squares have it. */
function errorOf({ slope, zero, inliers, scatter }: FittedLine): RoadScale['error'] {
  let [n, sx, sxx] = [0, 0, 0];
  for (const { x } of inliers) {
    const weight = 1 / (slope * (x - zero)) ** 2;
    n += weight;
    sx += weight * x;
    sxx += weight * x * x;
  }
  const [row, spread] = [sx / n, sxx - (sx * sx) / n];
  const of = (sum: number) => (scatter * Math.sqrt(TIMES_MEASURED)) / Math.sqrt(Math.max(Number.MIN_VALUE, sum));
  return { row, level: of(n), growth: of(spread) };
}

function isPossible({ slope, zero }: Line): boolean {
  return slope > 0 && zero > HIGHEST_HORIZON && zero < 1;
}

/** Each band of rows counts by the root of how many it holds. */
function weighted(samples: readonly VehicleSample[]): WeightedPoint[] {
  const bandOf = (row: number) => Math.min(BANDS - 1, Math.max(0, Math.floor(row * BANDS)));
  const counts = new Uint32Array(BANDS);
  for (const { row } of samples) counts[bandOf(row)]!++;
  return samples.map(({ row, width }) => ({ x: row, y: width, weight: 1 / Math.sqrt(counts[bandOf(row)]!) }));
}
