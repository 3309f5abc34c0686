import { describe, expect, it } from '@jest/globals';
import { SEVERITY_COLOURS, SEVERITY_LETTERS } from './svg.js';

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

/** What people without one kind of cones see, in linear RGB (Machado, Oliveira and Fernandes, 2009, severity 1). */
const SIGHTS: Record<string, Matrix> = {
  'all cones': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  'no red cones (protanopia)': [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  'no green cones (deuteranopia)': [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  'no blue cones (tritanopia)': [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Linear RGB to XYZ of sRGB, by the white point D65. */
const TO_XYZ: Matrix = [
  [0.4124 / 0.9505, 0.3576 / 0.9505, 0.1805 / 0.9505],
  [0.2126, 0.7152, 0.0722],
  [0.0193 / 1.089, 0.1192 / 1.089, 0.9505 / 1.089],
];

/** Some 2 can just be told side by side; marks far apart on a busy ground need many times that. */
const LEAST_DIFFERENCE = 25;

/** WCAG 2.1, 1.4.3: what text needs against its ground. */
const LEAST_CONTRAST = 4.5;

const COLOURS = Object.entries(SEVERITY_COLOURS);
const PAIRS = COLOURS.flatMap(([a], i) => COLOURS.slice(i + 1).map(([b]) => [a, b] as [Key, Key]));
type Key = keyof typeof SEVERITY_COLOURS;

function linear(value: number): number {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

function linearRgb(colour: string): Triple {
  const channel = (i: number): number => linear(Number.parseInt(colour.slice(1 + 2 * i, 3 + 2 * i), 16));
  return [channel(0), channel(1), channel(2)];
}

function times(matrix: Matrix, [x, y, z]: Triple): Triple {
  const row = ([a, b, c]: Triple): number => Math.min(1, Math.max(0, a * x + b * y + c * z));
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
}

/** CIE L*a*b* */
function labOf(rgb: Triple): Triple {
  const [x, y, z] = times(TO_XYZ, rgb).map((t) =>
    t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116,
  ) as unknown as Triple;
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function luminance([r, g, b]: Triple): number {
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe('the colours of severity', () => {
  describe.each(Object.entries(SIGHTS))('seen with %s', (_sight, matrix) => {
    it.each(PAIRS)('%s and %s can be told apart', (a, b) => {
      const [from, to] = [a, b].map((key) => labOf(times(matrix, linearRgb(SEVERITY_COLOURS[key])))) as [
        Triple,
        Triple,
      ];
      expect(Math.hypot(from[0] - to[0], from[1] - to[1], from[2] - to[2])).toBeGreaterThan(LEAST_DIFFERENCE);
    });
  });

  it.each(COLOURS)('%s stands out from the black that outlines it', (_severity, colour) => {
    const contrast = (luminance(linearRgb(colour)) + 0.05) / 0.05;
    expect(contrast).toBeGreaterThan(LEAST_CONTRAST);
  });

  it('are never the only sign: each has a letter of its own', () => {
    expect(new Set(Object.values(SEVERITY_LETTERS)).size).toBe(COLOURS.length);
  });
});
