/** How much of a picture looks drawn rather than filmed. Shares are 0..1. */
export interface DrawnLooks {
  /** Share of the picture that has its commonest grey value, or the one beside it. Black and white do not count. */
  flatShare: number;
  /** Share of the columns that do not change over the upper half, when they form at least five bars; else 0. */
  barShare: number;
}

/** At night much is plainly black, and a bright sky plainly white. Luma of limited range. */
const BLACK = 24;
const WHITE = 225;

/** Pixels looked at in one direction are so many apart. */
const EVERY = 4;

/** Rows in which colour bars are the same, as shares of the height: SMPTE's have other fields below. */
const BARS_FROM = 0.1;
const BARS_UNTIL = 0.55;
const ROWS = 40;

/** A column of a bar changes by no more than encoding makes it, grey values. */
const SAME = 6;

/** Neighbouring bars differ by more than this, grey values. */
const STEP = 10;
const FEWEST_BARS = 5;

/** Measures one frame by its luma. */
export function drawnLooksOf(luma: Uint8Array, width: number, height: number): DrawnLooks {
  return { flatShare: flatShareOf(luma, width, height), barShare: barShareOf(luma, width, height) };
}

function flatShareOf(luma: Uint8Array, width: number, height: number): number {
  const counts = new Uint32Array(256);
  let seen = 0;
  for (let y = 0; y < height; y += EVERY) {
    for (let x = 0; x < width; x += EVERY, seen++) counts[luma[y * width + x]!]!++;
  }
  let most = 0;
  for (let value = BLACK; value < WHITE; value++) {
    most = Math.max(most, counts[value - 1]! + counts[value]! + counts[value + 1]!);
  }
  return most / seen;
}

function barShareOf(luma: Uint8Array, width: number, height: number): number {
  const rows = Array.from({ length: ROWS }, (_, i) => {
    return Math.floor(height * (BARS_FROM + ((BARS_UNTIL - BARS_FROM) * i) / ROWS));
  });
  let [steady, columns, bars, bar] = [0, 0, 1, luma[rows[0]! * width]!];
  for (let x = 0; x < width; x += EVERY, columns++) {
    const values = rows.map((row) => luma[row * width + x]!);
    if (Math.max(...values) - Math.min(...values) > SAME) continue;
    steady++;
    if (Math.abs(values[0]! - bar) <= STEP) continue;
    bars++;
    bar = values[0]!;
  }
  return bars < FEWEST_BARS ? 0 : steady / columns;
}
