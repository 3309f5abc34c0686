/** How a picture is cut into square blocks; those at the right and lower edge may be smaller. */
export interface Blocks {
  /** px */
  size: number;
  columns: number;
  rows: number;
}

/** Pictures narrower than this (px) are cut finer, since their vehicles are smaller. */
const SMALL_WIDTH = 480;

/** The blocks of a picture: 8x8 px, or 4x4 when it is small. */
export function blocksOf(width: number, height: number): Blocks {
  const size = width < SMALL_WIDTH ? 4 : 8;
  return { size, columns: Math.ceil(width / size), rows: Math.ceil(height / size) };
}
