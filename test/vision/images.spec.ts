import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { annotate } from '../../src/damage/annotate/annotate.js';
import type { DamageAnalysis, Detection } from '../../src/damage/damage-detector.js';
import { decodeImage } from '../../src/picture/decode-image.js';
import { encodeJpeg } from '../../src/picture/encode-jpeg.js';
import { InvalidJobError } from '../../src/job/errors.js';
import { asphalt } from './drawn-asphalt.js';

const LIMITS = { maxPixels: 1_000_000 };
const red = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: 200, g: 10, b: 10 } } });

describe('decodeImage', () => {
  it.each(['jpeg', 'png', 'webp'] as const)('reads %s', async (format) => {
    const { width, height, rgb } = await decodeImage(await red(30, 20).toFormat(format).toBuffer(), LIMITS);
    expect([width, height, rgb.length]).toEqual([30, 20, 1800]);
    expect(Math.abs(rgb[0]! - 200)).toBeLessThan(6);
  });

  it('turns a picture upright', async () => {
    const lying = await red(30, 20).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(await decodeImage(lying, LIMITS)).toMatchObject({ width: 20, height: 30 });
  });

  it('puts transparent parts on white, and gives grey pictures three channels', async () => {
    const clear = await sharp({ create: { width: 4, height: 4, channels: 4, background: '#00000000' } })
      .png()
      .toBuffer();
    expect([...(await decodeImage(clear, LIMITS)).rgb.slice(0, 3)]).toEqual([255, 255, 255]);
    const grey = await red(4, 4).greyscale().png().toBuffer();
    expect((await decodeImage(grey, LIMITS)).rgb).toHaveLength(48);
  });

  it.each([
    ['IMAGE_TOO_LARGE', () => red(2_000, 2_000).png().toBuffer()],
    ['IMAGE_TYPE', () => red(4, 4).gif().toBuffer()],
    [
      'IMAGE_TYPE',
      () => Promise.resolve(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>')),
    ],
    ['IMAGE_TYPE', () => Promise.resolve(Buffer.from('no image'))],
    ['IMAGE_TYPE', () => Promise.resolve(Buffer.alloc(0))],
    ['IMAGE_UNREADABLE', async () => (await red(300, 300).png().toBuffer()).subarray(0, 200)],
  ])('refuses with %s', async (code, image) => {
    const refused = decodeImage(await image(), LIMITS);
    await expect(refused).rejects.toBeInstanceOf(InvalidJobError);
    await expect(refused).rejects.toMatchObject({ code });
  });
});

describe('encodeJpeg', () => {
  it('writes a JPEG of the same picture', async () => {
    const picture = asphalt(64, 48);
    const decoded = await decodeImage(await encodeJpeg(picture, 95), LIMITS);
    expect([decoded.width, decoded.height]).toEqual([64, 48]);
    expect(Math.abs(decoded.rgb[3000]! - picture.rgb[3000]!)).toBeLessThan(12);
  });
});

const DETECTION: Detection = {
  class: 'D40',
  confidence: 0.87,
  box: { x: 100, y: 120, width: 80, height: 40 },
  boxNormalized: { x: 0.2, y: 0.3, width: 0.2, height: 0.1 },
  areaPx: 900,
  severity: 'high',
};

const analysisOf = (width: number, height: number): DamageAnalysis => ({
  detector: { name: 'a-detector', version: '1.2.3' },
  verdict: 'clear',
  verdictReason: '',
  roadBy: 'traffic',
  reported: 0,
  detections: [DETECTION],
  damagedRoadShare: 0,
  roadShare: 1,
  image: { width, height },
});

describe('annotate', () => {
  it.each([
    [480, 360],
    [1280, 720],
  ])('draws on the picture and writes below it at %i x %i', async (width, height) => {
    const legend = { cctvId: 'cctv_001', time: new Date(0), backgroundVerdict: 'clear' };
    const image = await annotate(asphalt(width, height), analysisOf(width, height), legend);
    const drawn = await decodeImage(image, { maxPixels: 4_000_000 });
    expect(drawn.width).toBe(width);
    expect(drawn.height).toBeGreaterThan(height + 8);
    const [r, g, b] = drawn.rgb.slice(3 * (140 * width + 100));
    expect(r!).toBeGreaterThan(150);
    expect(r! - Math.max(g!, b!)).toBeGreaterThan(40);
    expect(brightPixels(drawn.rgb.subarray(3 * width * height))).toBeGreaterThan(200);
  });
});

/** Text is there, whether or not the machine has fonts. */
function brightPixels(rgb: Uint8Array): number {
  let bright = 0;
  for (let i = 0; i < rgb.length; i += 3) if (Math.min(rgb[i]!, rgb[i + 1]!, rgb[i + 2]!) > 140) bright++;
  return bright;
}
