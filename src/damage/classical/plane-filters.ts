/** A picture of one number per pixel, rows without padding. */
export interface GreyPlane {
  /** px */
  width: number;
  /** px */
  height: number;
  data: Float32Array;
}

/** The mean over a square of `2 * radius + 1` px, counting only pixels whose `mask` is 1; 0 where there are none. */
export function maskedMean(plane: GreyPlane, mask: Uint8Array, radius: number): GreyPlane {
  const { width, height, data } = plane;
  const sums = integral(width, height, (i) => data[i]! * mask[i]!);
  const counts = integral(width, height, (i) => mask[i]!);
  const out = new Float32Array(data.length);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const count = windowSum(counts, width, height, x, y, radius);
      out[i] = count === 0 ? 0 : windowSum(sums, width, height, x, y, radius) / count;
    }
  }
  return { width, height, data: out };
}

/** The sums of all values above and to the left, one row and one column larger than the plane. */
function integral(width: number, height: number, value: (index: number) => number): Float64Array {
  const sums = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += value(y * width + x);
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1]! + row;
    }
  }
  return sums;
}

function windowSum(sums: Float64Array, width: number, height: number, x: number, y: number, radius: number): number {
  const [left, right] = [Math.max(0, x - radius), Math.min(width, x + radius + 1)];
  const top = Math.max(0, y - radius) * (width + 1);
  const bottom = Math.min(height, y + radius + 1) * (width + 1);
  return sums[bottom + right]! - sums[bottom + left]! - sums[top + right]! + sums[top + left]!;
}

/** How much darker each pixel is than the darkest way around it: the morphological closing minus the plane itself. */
export function blackHat(plane: GreyPlane, radius: number): GreyPlane {
  const highest = extreme(plane, radius, Math.max);
  const closed = extreme(highest, radius, Math.min);
  return { ...plane, data: closed.data.map((value, i) => value - plane.data[i]!) };
}

/** The largest or smallest value within a square. */
function extreme(plane: GreyPlane, radius: number, pick: (a: number, b: number) => number): GreyPlane {
  const { width, height } = plane;
  const across = extremeLines(plane.data, height, width, width, 1, radius, pick);
  return { width, height, data: extremeLines(across, width, height, 1, width, radius, pick) };
}

/** Van Herk's running extreme: three comparisons per pixel whatever the radius. */
function extremeLines(
  data: Float32Array,
  lines: number,
  length: number,
  lineStep: number,
  cellStep: number,
  radius: number,
  pick: (a: number, b: number) => number,
): Float32Array {
  const out = new Float32Array(data.length);
  const size = 2 * radius + 1;
  const padded = Math.ceil((length + 2 * radius) / size) * size;
  const forward = new Float32Array(padded);
  const backward = new Float32Array(padded);
  for (let line = 0; line < lines; line++) {
    const value = (i: number) => data[line * lineStep + Math.min(length - 1, Math.max(0, i - radius)) * cellStep]!;
    for (let i = 0; i < padded; i++) forward[i] = i % size === 0 ? value(i) : pick(forward[i - 1]!, value(i));
    for (let i = padded - 1; i >= 0; i--) {
      backward[i] = i % size === size - 1 ? value(i) : pick(backward[i + 1]!, value(i));
    }
    for (let i = 0; i < length; i++) out[line * lineStep + i * cellStep] = pick(backward[i]!, forward[i + 2 * radius]!);
  }
  return out;
}
