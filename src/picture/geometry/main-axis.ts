/** How a set of pixels or cells lies. */
export interface MainAxis {
  /** Extent along the main axis, cells. */
  length: number;
  /** Root mean square distance from the main axis, cells. */
  bend: number;
}

/** The main axis of cells of a grid, by principal components. */
export function mainAxisOf(cells: readonly number[], width: number): MainAxis {
  const [meanX, meanY] = [mean(cells, (cell) => cell % width), mean(cells, (cell) => Math.floor(cell / width))];
  let [xx, xy, yy] = [0, 0, 0];
  for (const cell of cells) {
    const [x, y] = [(cell % width) - meanX, Math.floor(cell / width) - meanY];
    [xx, xy, yy] = [xx + x * x, xy + x * y, yy + y * y];
  }
  const angle = Math.atan2(2 * xy, xx - yy) / 2;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  let [least, most, across] = [0, 0, 0];
  for (const cell of cells) {
    const [x, y] = [(cell % width) - meanX, Math.floor(cell / width) - meanY];
    const along = x * cos + y * sin;
    [least, most] = [Math.min(least, along), Math.max(most, along)];
    across += (y * cos - x * sin) ** 2;
  }
  return { length: most - least + 1, bend: Math.sqrt(across / Math.max(1, cells.length)) };
}

function mean(cells: readonly number[], value: (cell: number) => number): number {
  return cells.reduce((sum, cell) => sum + value(cell), 0) / Math.max(1, cells.length);
}
