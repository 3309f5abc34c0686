/** A yes or no for every cell of a grid: 1 or 0, rows without padding. */
export interface Mask {
  width: number;
  height: number;
  /** `width * height` bytes. */
  data: Uint8Array<ArrayBuffer>;
}

/** A mask of noes. */
export function emptyMask(width: number, height: number): Mask {
  return { width, height, data: new Uint8Array(width * height) };
}

/** The share of cells that are set, 0..1. */
export function shareOf(mask: Mask): number {
  let set = 0;
  for (const cell of mask.data) set += cell;
  return mask.data.length === 0 ? 0 : set / mask.data.length;
}

/** Adds the cells of `other`, a mask of the same size. */
export function unite(mask: Mask, other: Mask): void {
  for (let i = 0; i < mask.data.length; i++) mask.data[i]! |= other.data[i]!;
}

/** The cells that are set in either of two masks of one size. */
export function unionOf(mask: Mask, other: Mask): Mask {
  return { ...mask, data: mask.data.map((cell, i) => cell | other.data[i]!) };
}

/** Sets every cell within `radius` (a square) of a set one. */
export function dilate(mask: Mask, radius: number): Mask {
  return spread(mask, radius, 1);
}

/** Clears every cell within `radius` (a square) of a clear one. Outside the mask counts as set. */
export function erode(mask: Mask, radius: number): Mask {
  return spread(mask, radius, 0);
}

/** Closes gaps of up to `2 * radius` cells. */
export function close(mask: Mask, radius: number): Mask {
  return erode(dilate(mask, radius), radius);
}

/** Sets what is clear but cannot be reached from the mask's edge. */
export function fillHoles(mask: Mask): Mask {
  const { width, height, data } = mask;
  const outside = new Uint8Array(data.length);
  const stack: number[] = [];
  const visit = (cell: number) => {
    if (data[cell] === 1 || outside[cell] === 1) return;
    outside[cell] = 1;
    stack.push(cell);
  };
  for (let x = 0; x < width; x++) [x, (height - 1) * width + x].forEach(visit);
  for (let y = 0; y < height; y++) [y * width, y * width + width - 1].forEach(visit);
  for (let cell = stack.pop(); cell !== undefined; cell = stack.pop()) {
    const x = cell % width;
    if (x > 0) visit(cell - 1);
    if (x < width - 1) visit(cell + 1);
    if (cell >= width) visit(cell - width);
    if (cell < data.length - width) visit(cell + width);
  }
  return { width, height, data: outside.map((reached) => 1 - reached) };
}

/** The 8-connected regions of a mask, each as the indices of its cells. */
export function regionsOf(mask: Mask): number[][] {
  const set: number[] = [];
  for (let cell = 0; cell < mask.data.length; cell++) if (mask.data[cell] === 1) set.push(cell);
  return regionsAmong(mask, set);
}

/** The same of a mask whose set cells are known, which saves looking for them. */
export function regionsAmong(mask: Mask, set: ArrayLike<number>): number[][] {
  const seen = new Uint8Array(mask.data.length);
  const regions: number[][] = [];
  for (let i = 0; i < set.length; i++) if (seen[set[i]!] === 0) regions.push(regionAt(mask, set[i]!, seen));
  return regions;
}

function regionAt({ width, height, data }: Mask, start: number, seen: Uint8Array): number[] {
  const region = [start];
  seen[start] = 1;
  for (let next = 0; next < region.length; next++) {
    const x = region[next]! % width;
    const y = (region[next]! - x) / width;
    for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
      for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
        const cell = v * width + u;
        if (data[cell] === 0 || seen[cell] === 1) continue;
        seen[cell] = 1;
        region.push(cell);
      }
    }
  }
  return region;
}

/** The mask on another grid over the same picture: each cell as the one that lies there. */
export function stretch({ width, height, data }: Mask, toWidth: number, toHeight: number): Mask {
  const out = emptyMask(toWidth, toHeight);
  for (let y = 0, i = 0; y < toHeight; y++) {
    const row = Math.floor((y * height) / toHeight) * width;
    for (let x = 0; x < toWidth; x++, i++) out.data[i] = data[row + Math.floor((x * width) / toWidth)]!;
  }
  return out;
}

/** Rows, then columns: a square is both. */
function spread(mask: Mask, radius: number, value: 0 | 1): Mask {
  const { width, height } = mask;
  const across = spreadLines(mask.data, height, width, width, 1, radius, value);
  return { width, height, data: spreadLines(across, width, height, 1, width, radius, value) };
}

function spreadLines(
  data: Uint8Array,
  lines: number,
  length: number,
  lineStep: number,
  cellStep: number,
  radius: number,
  value: 0 | 1,
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(data);
  for (let line = 0; line < lines; line++) {
    const base = line * lineStep;
    for (let i = 0, until = -1; i < length + radius; i++) {
      if (i < length && data[base + i * cellStep] === value) until = i + 2 * radius;
      const target = i - radius;
      if (target >= 0 && i <= until) out[base + target * cellStep] = value;
    }
  }
  return out;
}
