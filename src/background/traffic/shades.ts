import type { Mask } from '../../picture/mask.js';
import type { FrameOverRoad } from './frame-over-road.js';

/** Shares of light are told apart in so many steps, and each is judged together with its neighbours. */
const STEPS = 40;
const NEIGHBOURS = 2;

/** Cells so far apart are compared: a frame is blurred, and next to each other they are nearly the same. */
const APART = 2;

/** Two cells of one surface have nearly the same share of their light … */
const SAME_LIGHT = 0.15;

/** … and are not divided by the edge of a marking, whose place is never exact. Grey values. */
const EDGE = 25;

/** From this share of the road's own pattern on, a dark place is the road itself in the shade. */
const SHOWS_THE_ROAD = 0.5;

/** With this much of its light left the road is in a haze, a reflection or the soft shade around a vehicle. */
const FAINT = 0.82;

/**
 * Which shares of light are shadows. In a shadow the road's pattern goes on, only darker; on the dark side of a vehicle it
 * does not. This is asked over all frames for each share of light.
 */
export class Shades {
  /** What the road's differences would do in the shade, and what they do: sums of products. */
  private readonly expected = new Float64Array(STEPS);
  private readonly found = new Float64Array(STEPS);

  /** Learns from what moves in a frame. @param moving blocks of `blockSize` px */
  learn(look: FrameOverRoad, moving: Mask, blockSize: number): void {
    const { cell, columns, rows } = look;
    for (let row = 0; row < rows; row++) {
      const blocks = Math.floor((row * cell) / blockSize) * moving.width;
      for (let column = 0; column < columns - APART; column++) {
        if (moving.data[blocks + Math.floor((column * cell) / blockSize)] === 0) continue;
        this.compare(look, look.at(column, row), look.at(column + APART, row));
      }
    }
  }

  /** For each step of light from 0 to 1 whether it is a shadow's. */
  table(): ShadeTable {
    const isShadow = Array.from({ length: STEPS }, (_, step) => this.showsRoad(step) || (step + 0.5) / STEPS > FAINT);
    return (light) => light <= 1 && isShadow[Math.min(STEPS - 1, Math.floor(light * STEPS))]!;
  }

  private compare(look: FrameOverRoad, a: number, b: number): void {
    const { frame, road } = look;
    if (frame[a]! > road[a]! || frame[b]! > road[b]! || !look.isOther(a) || !look.isOther(b)) return;
    const usual = road[b]! - road[a]!;
    const [lightA, lightB] = [look.lightAt(a), look.lightAt(b)];
    if (Math.abs(usual) > EDGE || Math.abs(lightA - lightB) > SAME_LIGHT) return;
    const light = (lightA + lightB) / 2;
    const step = Math.min(STEPS - 1, Math.floor(light * STEPS));
    this.expected[step]! += light * usual * usual;
    this.found[step]! += usual * (frame[b]! - frame[a]!);
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

/** Whether a share of light is that of a shadow. */
export type ShadeTable = (light: number) => boolean;
