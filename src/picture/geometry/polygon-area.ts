/** The area of a polygon, in the square of its unit (shoelace formula). */
export function polygonAreaOf(points: readonly (readonly [x: number, y: number])[]): number {
  const twice = points.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = points[(i + 1) % points.length]!;
    return sum + x * nextY - nextX * y;
  }, 0);
  return Math.abs(twice) / 2;
}
