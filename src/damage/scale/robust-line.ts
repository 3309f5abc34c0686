/** A point through which the line should go: `y` may be off by a share of itself, not by an amount. */
export interface WeightedPoint {
  x: number;
  y: number;
  weight: number;
}

/** `y = slope * (x - zero)` */
export interface Line {
  slope: number;
  zero: number;
}

/** A line, and how well it is known. */
export interface FittedLine extends Line {
  /** The points that lie on it. */
  inliers: WeightedPoint[];
  /** Deviation of `ln y` around it. */
  scatter: number;
}

/** How far off a point may be and still count, in `ln y`. */
const TOLERANCE = 0.15;

/** Lines that are tried. */
const TRIALS = 200;

/** Rounds of least squares after that. */
const ROUNDS = 8;

/**
 * The line on which most of the weight lies, whatever the rest does: tried through pairs of points, then fitted to those
 * near it, which count the less the farther off they are (Tukey's weights). The same points give the same line.
 * @param isPossible lines that are not are not tried
 */
export function robustLine(
  points: readonly WeightedPoint[],
  isPossible: (line: Line) => boolean,
): FittedLine | undefined {
  let [best, bestScore] = [undefined as Line | undefined, 0];
  for (const line of trials(points)) {
    if (!isPossible(line)) continue;
    const score = points.reduce((sum, point) => sum + nearness(point, line) * point.weight, 0);
    if (score > bestScore) [best, bestScore] = [line, score];
  }
  if (best === undefined) return undefined;
  for (let round = 0; round < ROUNDS; round++) best = refitted(points, best) ?? best;
  if (!isPossible(best)) return undefined;
  return described(points, best);
}

function described(points: readonly WeightedPoint[], line: Line): FittedLine {
  const inliers = points.filter((point) => nearness(point, line) > 0);
  const squares = inliers.reduce((sum, point) => sum + off(point, line) ** 2, 0);
  return { ...line, inliers, scatter: Math.sqrt(squares / Math.max(1, inliers.length)) };
}

/** Lines through pairs of points, drawn evenly. */
function* trials(points: readonly WeightedPoint[]): Generator<Line> {
  const next = numbers();
  for (let trial = 0; trial < TRIALS; trial++) {
    const a = points[Math.floor(next() * points.length)]!;
    const b = points[Math.floor(next() * points.length)]!;
    if (a.x === b.x || a.y === b.y) continue;
    const slope = (b.y - a.y) / (b.x - a.x);
    yield { slope, zero: a.x - a.y / slope };
  }
}

/** Weighted least squares of the relative error. Undefined where the points lie above each other. */
function refitted(points: readonly WeightedPoint[], line: Line): Line | undefined {
  let [n, sx, sy, sxx, sxy] = [0, 0, 0, 0, 0];
  for (const point of points) {
    const near = nearness(point, line);
    if (near === 0) continue;
    const weight = (point.weight * near) / (line.slope * (point.x - line.zero)) ** 2;
    n += weight;
    sx += weight * point.x;
    sy += weight * point.y;
    sxx += weight * point.x * point.x;
    sxy += weight * point.x * point.y;
  }
  const spread = n * sxx - sx * sx;
  if (spread <= Number.EPSILON * n * sxx) return undefined;
  const slope = (n * sxy - sx * sy) / spread;
  return slope === 0 ? undefined : { slope, zero: (sx - sy / slope) / n };
}

/** 1 on the line, 0 from the tolerance on. */
function nearness(point: WeightedPoint, line: Line): number {
  const share = off(point, line) / TOLERANCE;
  return Math.abs(share) < 1 ? (1 - share * share) ** 2 : 0;
}

/** How far a point is off, in `ln y`. */
function off({ x, y }: WeightedPoint, { slope, zero }: Line): number {
  const expected = slope * (x - zero);
  return expected <= 0 ? Infinity : Math.log(y / expected);
}

/** Numbers from 0 up to 1 that look random (mulberry32), the same in each call. */
function numbers(): () => number {
  let state = 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
