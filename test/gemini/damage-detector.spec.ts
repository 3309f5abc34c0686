import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import type { Mask } from '../../src/picture/mask.js';
import type { Picture } from '../../src/picture/picture.js';
import type { DamageDetector } from '../../src/damage/damage-detector.js';
import { GeminiDetector } from '../../src/damage/gemini/gemini-detector.js';
import { geminiApiAt } from '../support/gemini-api.js';
import { OneKey } from '../support/one-key.js';
import { startGeminiServer, type GeminiServer } from '../support/gemini-server/gemini-server.js';

const WIDTH = 2000;
const HEIGHT = 1000;
const PICTURE: Picture = { width: WIDTH, height: HEIGHT, rgb: new Uint8Array(WIDTH * HEIGHT * 3).fill(120) };
const signal = new AbortController().signal;

const POTHOLE = { box_2d: [700, 400, 800, 500], label: 'D40', confidence: 0.9 };
const CRACK = { box_2d: [200, 100, 900, 130], label: 'D00', confidence: 0.7 };

let server: GeminiServer;
let gemini: OneKey;
let detector: DamageDetector;

beforeEach(async () => {
  server = await startGeminiServer();
  server.answer = () => ({ view: 'clear', damages: [CRACK, POTHOLE] });
  gemini = new OneKey(geminiApiAt(server));
  detector = new GeminiDetector(gemini, { model: 'gemini-x', language: 'ko' });
});
afterEach(() => server.close());

/** The right or the left half of the picture. */
function half(side: 'left' | 'right'): Mask {
  const data = Uint8Array.from({ length: 20 * 10 }, (_, i) => Number(i % 20 < 10 === (side === 'left')));
  return { width: 20, height: 10, data };
}

describe('GeminiDetector', () => {
  it('shows a picture that is not too large, and asks in the language of the settings', async () => {
    await detector.detect(PICTURE, { signal });
    const [asked] = server.questions;
    expect(asked).toMatchObject({ model: 'gemini-x', prompt: expect.stringContaining('포트홀') });
    const { mimeType, bytes } = asked?.media[0] as { mimeType: string; bytes: Buffer };
    expect(mimeType).toBe('image/jpeg');
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg', width: 1536, height: 768 });
  });

  it('leaves a small picture as large as it is', async () => {
    await detector.detect({ width: 640, height: 360, rgb: new Uint8Array(640 * 360 * 3) }, { signal });
    const { bytes } = server.questions[0]?.media[0] as { bytes: Buffer };
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 640, height: 360 });
  });

  it('gives its boxes in px of the picture, best first, with severity', async () => {
    const analysis = await detector.detect(PICTURE, { drivenRoad: half('left'), signal });
    expect(analysis).toMatchObject({
      detector: { name: 'gemini', version: 'gemini-x' },
      doubts: [],
      detections: [
        { class: 'D40', confidence: 0.9, box: { x: 800, y: 700, width: 200, height: 100 }, severity: 'high' },
        { class: 'D00', confidence: 0.7, boxNormalized: { x: 0.1, y: 0.2 } },
      ],
      image: { width: WIDTH, height: HEIGHT },
    });
    expect(analysis.roadShare).toBeCloseTo(0.5);
  });

  it('marks only what lies where traffic drove, and within the region', async () => {
    const right = await detector.detect(PICTURE, { drivenRoad: half('right'), signal });
    expect(right.detections).toEqual([]);
    const corner = [
      [0, 0],
      [0.3, 0],
      [0.3, 1],
      [0, 1],
    ] as const;
    const { detections } = await detector.detect(PICTURE, { drivenRoad: half('left'), region: corner, signal });
    expect(detections.map(({ class: kind }) => kind)).toEqual(['D00']);
  });

  it('takes nothing as fact when Gemini cannot judge the picture, in words of its own', async () => {
    server.answer = () => ({ view: 'night', damages: [POTHOLE] });
    expect(await detector.detect(PICTURE, { signal })).toMatchObject({
      doubts: [expect.stringContaining('too dark')],
    });
  });

  it('takes nothing as fact when the boxes lie outside the picture', async () => {
    server.fail('wild-numbers');
    const analysis = await detector.detect(PICTURE, { signal });
    expect(analysis).toMatchObject({ doubts: [expect.any(String)], detections: [] });
  });

  it('finds a sound road sound', async () => {
    server.answer = () => ({ view: 'clear', damages: [] });
    const analysis = await detector.detect(PICTURE, { drivenRoad: half('left'), signal });
    expect(analysis).toMatchObject({ doubts: [], detections: [], damagedRoadShare: 0 });
  });

  it('is asked in a schema that Google takes, and not misled by a box that is none', async () => {
    await server.close();
    server = await startGeminiServer();
    detector = new GeminiDetector(new OneKey(geminiApiAt(server)), { model: 'gemini-x', language: 'en' });
    // The plausible answer has a list of one number for a box.
    expect(await detector.detect(PICTURE, { signal })).toMatchObject({ detections: [], doubts: [expect.any(String)] });
  });

  it('passes on what goes wrong with Gemini', async () => {
    server.fail('rate-limited', { retryDelaySeconds: 3 });
    await expect(detector.detect(PICTURE, { signal })).rejects.toMatchObject({ kind: 'rate_limited' });
    server.answer = () => ({ sorry: true });
    await expect(detector.detect(PICTURE, { signal })).rejects.toMatchObject({ code: 'GEMINI_BAD_ANSWER' });
  });

  it('is down while no project has budget', async () => {
    expect(await detector.health()).toEqual({ status: 'up' });
    gemini.shutUntil = Date.parse('2026-01-15T08:00:00Z');
    expect(await detector.health()).toMatchObject({
      status: 'down',
      message: expect.stringContaining('2026-01-15T08'),
    });
  });
});
