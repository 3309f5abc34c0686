import type { Mask } from '../../picture/mask.js';
import { isOther, lightLeft, type FrameOverRoad } from './frame-over-road.js';

/** Shares of light are told apart in so many steps, and each is judged together with its neighbours. */
const STEPS = 40;
const NEIGHBOURS = 2;

/** Cells so far apart are compared: a frame is blurred, and next to each other they are nearly the same. */
const APART = 2;

/** Every so manyth row of cells is enough. */
const ROW_STEP = 2;

/** Two cells of one surface have nearly the same share of their light … */
const SAME_LIGHT = 0.15;

/** … and are not divided by the edge of a marking, whose place is never exact. Grey values. */
const EDGE = 25;

/** From this share of the road's own pattern on, a dark place is the road itself in the shade. */
const SHOWS_THE_ROAD = 0.5;

/** With this much of its light left the road is in a haze, a reflection or the soft shade around a vehicle. */
const FAINT = 0.82;

/** What a cell shows by its grey value and that of the empty road there: the {@link Shown} at `256 * usual + now`. */
export type ShownTable = Uint8Array;

/** The empty road, a shadow on it, or a body. */
export const Shown = { road: 0, shadow: 1, body: 2 } as const;

/**
 * Which shares of light are shadows. In a shadow the road's pattern goes on, only darker; on the dark side of a vehicle it
 * does not. This is asked over many frames for each share of light.
 */
export class Shades {
  /** What the road's differences would do in the shade, and what they do: sums of products. */
  private readonly expected = new Float64Array(STEPS);
  private readonly found = new Float64Array(STEPS);

  /** Learns from what moves in a frame. @param moving blocks of `blockSize` px */
  learn(look: FrameOverRoad, moving: Mask, blockSize: number): void {
    const { cell, columns, rows } = look;
    for (let row = 0; row < rows; row += ROW_STEP) {
      const blocks = Math.floor((row * cell) / blockSize) * moving.width;
      for (let column = 0; column < columns - APART; column++) {
        if (moving.data[blocks + Math.floor((column * cell) / blockSize)] === 0) continue;
        this.compare(look, look.at(column, row), look.at(column + APART, row));
      }
    }
  }

  /** For every two grey values what they show. */
  shown(): ShownTable {
    const isShadow = Array.from({ length: STEPS }, (_, step) => this.showsRoad(step) || (step + 0.5) / STEPS > FAINT);
    const shownAt = (now: number, usual: number) => {
      if (!isOther(now, usual)) return Shown.road;
      const light = lightLeft(now, usual);
      return light <= 1 && isShadow[stepOf(light)]! ? Shown.shadow : Shown.body;
    };
    return Uint8Array.from({ length: 256 * 256 }, (_, i) => shownAt(i & 255, i >> 8));
  }

  private compare({ frame, road }: FrameOverRoad, a: number, b: number): void {
    const [nowA, usualA, nowB, usualB] = [frame[a]!, road[a]!, frame[b]!, road[b]!];
    if (nowA > usualA || nowB > usualB || !isOther(nowA, usualA) || !isOther(nowB, usualB)) return;
    const usual = usualB - usualA;
    const [lightA, lightB] = [lightLeft(nowA, usualA), lightLeft(nowB, usualB)];
    if (Math.abs(usual) > EDGE || Math.abs(lightA - lightB) > SAME_LIGHT) return;
    const light = (lightA + lightB) / 2;
    this.expected[stepOf(light)]! += light * usual * usual;
    this.found[stepOf(light)]! += usual * (nowB - nowA);
  }

  private showsRoad(step: number): boolean {
    let [found, expected] = [0, 0];
    for (let near = Math.max(0, step - NEIGHBOURS); near <= Math.min(STEPS - 1, step + NEIGHBOURS); near++) {
      found += this.found[near]!;
      expected += this.expected[near]!;
    }
    return found > SHOWS_THE_ROAD * expected;
  }
}

function stepOf(light: number): number {
  return Math.min(STEPS - 1, Math.floor(light * STEPS));
}
