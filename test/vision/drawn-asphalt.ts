import type { Picture } from '../../src/picture/picture.js';
import { noise } from './drawn-road.js';

/** Draws asphalt seen from above, with lines on it, for tests of damage detectors. */
export type Point = readonly [x: number, y: number];

/** Grey asphalt with grain and uneven light. */
export function asphalt(width: number, height: number): Picture {
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const light = 100 + 25 * Math.sin((i % width) / 90);
    rgb[3 * i] = rgb[3 * i + 1] = rgb[3 * i + 2] = light + 8 * noise(i) - 4;
  }
  return { width, height, rgb };
}

/** Draws a chain of lines of a thickness in px. */
export function drawLine({ width, rgb }: Picture, points: readonly Point[], thickness: number, value: number): void {
  points.slice(1).forEach(([toX, toY], i) => {
    const [x, y] = points[i]!;
    const steps = Math.ceil(Math.hypot(toX - x, toY - y));
    for (let step = 0; step <= steps; step++) {
      const [u, v] = [x + ((toX - x) * step) / steps, y + ((toY - y) * step) / steps].map(Math.round) as [
        number,
        number,
      ];
      for (let row = v; row < v + thickness; row++) {
        const at = 3 * (row * width + u);
        rgb.fill(value, at, at + 3 * thickness);
      }
    }
  });
}

/** A line that wanders like a crack. */
export const WANDERING: readonly Point[] = [
  [200, 260],
  [225, 272],
  [240, 300],
  [262, 306],
  [280, 330],
  [310, 338],
  [330, 362],
];
