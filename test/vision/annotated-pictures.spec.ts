import type { Box } from '../../src/picture/geometry/box.js';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { annotate } from '../../src/damage/annotate/annotate.js';
import { SEVERITY_COLOURS } from '../../src/damage/annotate/svg.js';
import type { DamageAnalysis, Severity } from '../../src/damage/damage-detector.js';
import { decodeImage } from '../../src/picture/decode-image.js';
import type { Picture } from '../../src/picture/picture.js';

/** What lies under the marks does not matter here, and texture of 4K takes a busy machine long to draw. */
const grey = (width: number, height: number): Picture => ({
  ...{ width, height },
  rgb: new Uint8Array(3 * width * height).fill(100),
});

const SEVERITIES = ['low', 'medium', 'high'] as const;

/** People read print of this many px, and from a distance of this share of a screen's height. */
const LEAST_CAPITAL_PX = 7;
const LEAST_CAPITAL_SHARE = 1 / 70;

/** One box of each severity, side by side. */
function boxOf(severity: Severity, width: number, height: number): Box {
  const x = { low: 0.06, medium: 0.4, high: 0.74 }[severity];
  return {
    x: Math.round(x * width),
    y: Math.round(0.4 * height),
    width: Math.round(0.2 * width),
    height: Math.round(0.2 * height),
  };
}

const analysisOf = (width: number, height: number): DamageAnalysis => ({
  detector: { name: 'a-detector', version: '1.2.3' },
  verdict: 'clear',
  verdictReason: '',
  roadBy: 'traffic',
  reported: 0,
  detections: SEVERITIES.map((severity) => ({
    class: 'D40',
    confidence: 0.87,
    box: boxOf(severity, width, height),
    boxNormalized: { x: 0, y: 0, width: 0, height: 0 },
    areaPx: 900,
    severity,
  })),
  damagedRoadShare: 0,
  roadShare: 1,
  image: { width, height },
});

/** Whether a pixel has a colour, but for what JPEG and smooth edges make of it. */
function hasColour({ rgb }: Picture, pixel: number, colour: string): boolean {
  return [0, 1, 2].every((i) => {
    const wanted = Number.parseInt(colour.slice(1 + 2 * i, 3 + 2 * i), 16);
    return Math.abs(rgb[3 * pixel + i]! - wanted) < 50;
  });
}

/** How many rows, or columns, of a part of a picture hold a colour. */
function linesWith(picture: Picture, part: Box, colour: string, way: 'rows' | 'columns'): number {
  const lines = new Set<number>();
  for (let y = part.y; y < part.y + part.height; y++) {
    for (let x = part.x; x < part.x + part.width; x++) {
      if (hasColour(picture, y * picture.width + x, colour)) lines.add(way === 'rows' ? y : x);
    }
  }
  return lines.size;
}

describe.each([
  ['360p', 640, 360],
  ['720p', 1280, 720],
  ['4K', 3840, 2160],
])('a picture with its damage marked, %s', (_name, width, height) => {
  const leastCapital = Math.max(LEAST_CAPITAL_PX, height * LEAST_CAPITAL_SHARE);
  let drawn: Picture;

  beforeAll(async () => {
    const legend = { cctvId: 'cctv_001', time: new Date(0), backgroundVerdict: 'clear' };
    const image = await annotate(grey(width, height), analysisOf(width, height), legend);
    drawn = await decodeImage(image, { maxPixels: 20_000_000 });
  });

  it('keeps the picture its size, and adds a legend below it', () => {
    expect(drawn.width).toBe(width);
    expect(drawn.height).toBeGreaterThan(height + leastCapital);
    expect(drawn.height).toBeLessThan(1.2 * height);
  });

  it.each(SEVERITIES)('has a label in capitals that can be read above what is %s', (severity) => {
    const box = boxOf(severity, width, height);
    const above = { ...box, y: box.y - Math.round(height / 20), height: Math.round(height / 20) - 3 * (height / 360) };
    expect(linesWith(drawn, above, SEVERITY_COLOURS[severity], 'rows')).toBeGreaterThanOrEqual(leastCapital);
  });

  it.each(SEVERITIES)('explains the colour of %s in the legend', (severity) => {
    const legend = { x: 0, y: height, width, height: drawn.height - height };
    expect(linesWith(drawn, legend, SEVERITY_COLOURS[severity], 'rows')).toBeGreaterThanOrEqual(leastCapital);
  });

  it('has lines that grow with the picture, and wider ones for what is worse', () => {
    const thickness = SEVERITIES.map((severity) => {
      const box = boxOf(severity, width, height);
      const reach = Math.round(height / 40);
      const middle = { x: box.x - reach, y: box.y + (box.height >> 1), width: 2 * reach, height: 1 };
      return linesWith(drawn, middle, SEVERITY_COLOURS[severity], 'columns');
    });
    expect(thickness[0]).toBeGreaterThanOrEqual(Math.max(2, Math.floor(height / 480)));
    expect(thickness[2]).toBeGreaterThan(thickness[0]!);
  });
});

it('shows what people rejected in grey, not in a colour of damage', async () => {
  const [width, height] = [1280, 720];
  const [box, ...others] = SEVERITIES.map((severity) => boxOf(severity, width, height)) as [Box, ...Box[]];
  const mark = { id: 'a', class: 'D40', severity: 'low', reason: 'shadow', boxNormalized: box, box } as const;
  const analysis = { ...analysisOf(width, height), detections: [], rejected: [mark] };
  const legend = { cctvId: 'cam', time: new Date(0) };
  const drawn = await decodeImage(await annotate(grey(width, height), analysis, legend), { maxPixels: 20_000_000 });
  const around = { x: box.x - 4, y: box.y - 4, width: box.width + 8, height: box.height + 8 };
  expect(linesWith(drawn, around, '#b4b4b4', 'rows')).toBeGreaterThan(box.height / 4);
  for (const colour of Object.values(SEVERITY_COLOURS)) {
    expect(linesWith(drawn, around, colour, 'rows')).toBe(0);
  }
  expect(linesWith(drawn, others[0]!, '#b4b4b4', 'rows')).toBe(0);
});
