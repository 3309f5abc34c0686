/** Numbers on a grid. */
interface Grid {
  width: number;
  height: number;
  data: ArrayLike<number>;
}

/** The means of a grid over the cells of a coarser one; cells that are cut count by the part that lies inside. */
export function areaMeans({ width, height, data }: Grid, to: { width: number; height: number }): Float32Array {
  const across = shares(width, to.width);
  const down = shares(height, to.height);
  const out = new Float32Array(to.width * to.height);
  down.forEach((rows, y) => {
    across.forEach((columns, x) => {
      let sum = 0;
      for (const [row, high] of rows)
        for (const [column, wide] of columns) sum += high * wide * data[row * width + column]!;
      out[y * to.width + x] = sum;
    });
  });
  return out;
}

/** For each coarse cell the fine ones below it, with the share each has in it. */
function shares(from: number, to: number): [cell: number, share: number][][] {
  const size = from / to;
  return Array.from({ length: to }, (_, i) => {
    const [begin, end] = [i * size, (i + 1) * size];
    const cells: [number, number][] = [];
    for (let cell = Math.floor(begin); cell < Math.min(from, end); cell++) {
      cells.push([cell, (Math.min(cell + 1, end) - Math.max(cell, begin)) / size]);
    }
    return cells;
  });
}
