/** Numbers that look random and are the same for the same seed on every machine. */
export interface Random {
  /** From 0 up to 1. */
  next(): number;
  /** Uniform from `low` up to `high`. */
  between(low: number, high: number): number;
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** About normal, mean 0, deviation 1 (sum of four uniform numbers). */
  gauss(): number;
  pick<T>(choices: readonly [T, ...T[]]): T;
}

// Looked up once, as in noise.ts.
const { imul, floor, sqrt } = Math;

/**
 * A generator of its own for each `purpose`, so that switching one kind of thing off leaves all others as they were.
 * Source: mulberry32 (T. Ettinger), seeded by a FNV-1a hash of purpose and seed.
 */
export function randomFor(seed: number, purpose: string): Random {
  let state = hash(`${purpose}/${seed}`);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    whole: (low, high) => low + floor((high - low + 1) * next()),
    chance: (probability) => next() < probability,
    gauss: () => (next() + next() + next() + next() - 2) * sqrt(3),
    pick: (choices) => choices[floor(next() * choices.length)] ?? choices[0],
  };
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = imul(value ^ text.charCodeAt(i), 0x01000193);
  return value | 0;
}
