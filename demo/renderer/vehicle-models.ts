import type { Rgb } from './color.js';
import type { Random } from './random.js';

export type Material = 'paint' | 'glass' | 'dark' | 'cargo';

/** A corner of a part's side view: m from the vehicle's rear, m above the ground, width there in m. */
export type Corner = readonly [s: number, z: number, width: number];

/**
 * A solid drawn by pushing a side view sideways. `skins[i]` covers the strip from corner i to corner i + 1; corners go
 * from the lower rear over the top to the lower front.
 */
export interface Part {
  corners: readonly Corner[];
  skins: readonly Material[];
  side: Material;
  /** Flat rectangles on both sides: from s, to s, from z, to z; m. */
  panels: readonly { from: number; to: number; low: number; high: number; material: Material }[];
}

/** A rectangle on the rear or the front: m to the right of the middle, m above the ground. */
export interface Decal {
  end: 'rear' | 'front';
  left: number;
  right: number;
  low: number;
  high: number;
  color: Rgb;
}

/** A kind of vehicle. Lengths in m. */
export interface VehicleModel {
  length: number;
  width: number;
  height: number;
  parts: readonly Part[];
  /** Middle of each axle from the rear. */
  axles: readonly number[];
  wheel: number;
  decals: readonly Decal[];
}

const RED: Rgb = [150, 28, 24];
const WHITE: Rgb = [226, 226, 214];
const BLACK: Rgb = [34, 35, 38];
const PLATE: Rgb = [212, 214, 210];

/** Lamps at both corners of the rear and the front, plates, and a grille. */
function decalsFor(width: number, lamp: number, plate: number): Decal[] {
  const half = width / 2;
  const pair = (end: 'rear' | 'front', color: Rgb): Decal[] => [
    { end, left: -half + 0.05, right: -half + 0.4, low: lamp - 0.08, high: lamp + 0.08, color },
    { end, left: half - 0.4, right: half - 0.05, low: lamp - 0.08, high: lamp + 0.08, color },
  ];
  return [
    ...pair('rear', RED),
    ...pair('front', WHITE),
    { end: 'front', left: -half + 0.45, right: half - 0.45, low: lamp - 0.1, high: lamp + 0.06, color: BLACK },
    { end: 'front', left: -half + 0.2, right: half - 0.2, low: 0.26, high: 0.38, color: BLACK },
    { end: 'rear', left: -half + 0.1, right: half - 0.1, low: 0.26, high: 0.4, color: BLACK },
    { end: 'rear', left: -0.26, right: 0.26, low: plate, high: plate + 0.12, color: PLATE },
    { end: 'front', left: -0.26, right: 0.26, low: 0.42, high: 0.53, color: PLATE },
  ];
}

const SEDAN: VehicleModel = {
  length: 4.7,
  width: 1.82,
  height: 1.45,
  wheel: 0.33,
  axles: [0.95, 3.75],
  parts: [
    {
      corners: [
        [0, 0.28, 1.76],
        [0, 0.78, 1.8],
        [0.12, 0.98, 1.7],
        [0.75, 1.02, 1.66],
        [1.45, 1.42, 1.22],
        [2.6, 1.45, 1.24],
        [3.4, 1.0, 1.64],
        [4.5, 0.8, 1.62],
        [4.7, 0.62, 1.66],
        [4.7, 0.26, 1.7],
      ],
      skins: ['paint', 'paint', 'paint', 'glass', 'paint', 'glass', 'paint', 'paint', 'paint'],
      side: 'paint',
      panels: [
        { from: 1.35, to: 2.1, low: 1.05, high: 1.36, material: 'glass' },
        { from: 2.17, to: 2.85, low: 1.05, high: 1.36, material: 'glass' },
      ],
    },
  ],
  decals: decalsFor(1.76, 0.72, 0.52),
};

const SUV: VehicleModel = {
  length: 4.6,
  width: 1.88,
  height: 1.72,
  wheel: 0.37,
  axles: [0.9, 3.65],
  parts: [
    {
      corners: [
        [0, 0.34, 1.8],
        [0, 0.98, 1.84],
        [0.1, 1.12, 1.76],
        [0.5, 1.64, 1.4],
        [2.6, 1.72, 1.42],
        [3.35, 1.16, 1.72],
        [4.45, 1.0, 1.72],
        [4.6, 0.78, 1.76],
        [4.6, 0.32, 1.76],
      ],
      skins: ['paint', 'paint', 'glass', 'paint', 'glass', 'paint', 'paint', 'paint'],
      side: 'paint',
      panels: [
        { from: 0.55, to: 1.25, low: 1.2, high: 1.58, material: 'glass' },
        { from: 1.32, to: 2.08, low: 1.2, high: 1.6, material: 'glass' },
        { from: 2.15, to: 2.8, low: 1.2, high: 1.58, material: 'glass' },
      ],
    },
  ],
  decals: decalsFor(1.8, 0.88, 0.6),
};

const VAN: VehicleModel = {
  length: 5.1,
  width: 1.95,
  height: 1.98,
  wheel: 0.34,
  axles: [0.95, 4.1],
  parts: [
    {
      corners: [
        [0, 0.32, 1.9],
        [0, 1.1, 1.92],
        [0.12, 1.86, 1.7],
        [0.3, 1.96, 1.62],
        [3.7, 1.98, 1.62],
        [4.65, 1.16, 1.84],
        [5.05, 0.92, 1.84],
        [5.1, 0.32, 1.86],
      ],
      skins: ['paint', 'glass', 'paint', 'paint', 'glass', 'paint', 'paint'],
      side: 'paint',
      panels: [
        { from: 0.4, to: 1.9, low: 1.2, high: 1.75, material: 'glass' },
        { from: 2.0, to: 3.1, low: 1.2, high: 1.75, material: 'glass' },
        { from: 3.2, to: 3.95, low: 1.2, high: 1.68, material: 'glass' },
      ],
    },
  ],
  decals: decalsFor(1.88, 0.86, 0.62),
};

const box = (from: number, to: number, low: number, high: number, width: number): readonly Corner[] => [
  [from, low, width],
  [from, high, width],
  [to, high, width],
  [to, low, width],
];

const TRUCK: VehicleModel = {
  length: 7.4,
  width: 2.3,
  height: 3.1,
  wheel: 0.45,
  axles: [1.5, 2.6, 6.4],
  parts: [
    { corners: box(0, 5.5, 0.55, 0.95, 1.2), skins: ['dark', 'dark', 'dark'], side: 'dark', panels: [] },
    { corners: box(0, 5.4, 0.95, 3.1, 2.3), skins: ['cargo', 'cargo', 'cargo'], side: 'cargo', panels: [] },
    {
      corners: [
        [5.7, 0.45, 2.1],
        [5.7, 2.3, 2.06],
        [6.0, 2.42, 2.0],
        [6.9, 2.4, 2.0],
        [7.3, 1.45, 2.1],
        [7.4, 1.3, 2.12],
        [7.4, 0.4, 2.12],
      ],
      skins: ['paint', 'paint', 'paint', 'glass', 'paint', 'paint'],
      side: 'paint',
      panels: [{ from: 6.1, to: 6.95, low: 1.4, high: 2.1, material: 'glass' }],
    },
  ],
  decals: decalsFor(2.1, 0.75, 0.6),
};

const BUS: VehicleModel = {
  length: 11,
  width: 2.5,
  height: 3.2,
  wheel: 0.48,
  axles: [2.6, 8.6],
  parts: [
    {
      corners: [
        [0, 0.35, 2.48],
        [0, 1.7, 2.5],
        [0.05, 2.8, 2.46],
        [0.2, 3.2, 2.3],
        [10.8, 3.2, 2.3],
        [10.95, 2.95, 2.4],
        [11, 1.25, 2.48],
        [11, 0.32, 2.48],
      ],
      skins: ['paint', 'glass', 'paint', 'cargo', 'paint', 'glass', 'paint'],
      side: 'paint',
      panels: [
        { from: 0.5, to: 10.6, low: 1.55, high: 2.6, material: 'glass' },
        { from: 0.1, to: 10.9, low: 0.35, high: 0.6, material: 'dark' },
      ],
    },
  ],
  decals: decalsFor(2.46, 0.85, 0.9),
};

/** Colours of cars as seen on roads: mostly white, black, grey. */
const PAINTS: readonly [Rgb, ...Rgb[]] = [
  [226, 227, 226],
  [214, 216, 218],
  [168, 172, 176],
  [120, 124, 130],
  [74, 77, 82],
  [40, 42, 46],
  [36, 38, 44],
  [48, 66, 108],
  [138, 36, 36],
  [70, 92, 96],
];

const CARGO: readonly [Rgb, ...Rgb[]] = [
  [222, 222, 218],
  [196, 200, 204],
  [76, 104, 148],
];

/** One vehicle: its kind and colours. */
export interface Vehicle {
  model: VehicleModel;
  colors: Record<Material, Rgb>;
}

/** A vehicle of a kind. */
export function vehicleOf(kind: 'car' | 'van', random: Random): Vehicle {
  return painted(kind === 'car' ? SEDAN : VAN, random);
}

/** Mostly cars, now and then a van, a truck or a bus. */
export function anyVehicle(random: Random): Vehicle {
  const lot = random.next();
  return painted(lot < 0.45 ? SEDAN : lot < 0.72 ? SUV : lot < 0.84 ? VAN : lot < 0.94 ? TRUCK : BUS, random);
}

function painted(model: VehicleModel, random: Random): Vehicle {
  const paint =
    model === BUS
      ? random.pick<Rgb>([
          [44, 96, 168],
          [64, 132, 74],
          [196, 62, 48],
        ])
      : random.pick(PAINTS);
  return { model, colors: { paint, glass: [42, 50, 58], dark: [38, 39, 41], cargo: random.pick(CARGO) } };
}
