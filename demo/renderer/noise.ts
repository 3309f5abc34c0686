import type { Random } from './random.js';

// Looked up once: jest makes every use of a global slow, and this is called millions of times.
const { floor, max, min } = Math;

const SIZE = 256;
const MASK = SIZE - 1;

/** Smooth value noise on a lattice of unit cells that repeats every 256 cells. */
export class Noise {
  private readonly lattice = new Float32Array(SIZE * SIZE);

  constructor(random: Random) {
    for (let i = 0; i < this.lattice.length; i++) this.lattice[i] = random.between(-1, 1);
  }

  /** The noise at a point, -1..1. */
  at(x: number, y: number): number {
    const column = floor(x);
    const row = floor(y);
    const right = ease(x - column);
    const down = ease(y - row);
    const upper = (row & MASK) * SIZE;
    const lower = ((row + 1) & MASK) * SIZE;
    const near = column & MASK;
    const far = (column + 1) & MASK;
    const top = mix(this.lattice[upper + near]!, this.lattice[upper + far]!, right);
    const bottom = mix(this.lattice[lower + near]!, this.lattice[lower + far]!, right);
    return mix(top, bottom, down);
  }

  /** Octaves of {@link at}, each half as large and half as strong as the one before; about -1..1. */
  layered(x: number, y: number, octaves: number): number {
    let sum = 0;
    let strength = 1;
    for (let octave = 0; octave < octaves; octave++) {
      sum += strength * this.at(x * 2 ** octave + octave * 37.3, y * 2 ** octave + octave * 17.7);
      strength /= 2;
    }
    return sum / (2 - 2 * strength);
  }
}

/** From `a` (share 0) to `b` (share 1). */
export function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

/** 0 below `from`, 1 above `to`, smooth between; `from` may be the larger one. */
export function step(from: number, to: number, value: number): number {
  return ease(min(1, max(0, (value - from) / (to - from))));
}

function ease(t: number): number {
  return t * t * (3 - 2 * t);
}
