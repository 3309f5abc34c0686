import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import sharp, { type Sharp } from 'sharp';
import type { Picture } from '../../src/picture/picture.js';
import { ROAD_DAMAGE } from '../../src/damage/builtin/road-model.js';
import { ClassicalCrackDetector } from '../../src/damage/classical/classical-crack-detector.js';
import { doubtOfClarity } from '../../src/damage/clarity.js';
import { inspectPicture, inspectRoad } from '../../src/inspection/inspect-road.js';
import { backgroundOf, drawView } from '../visits/drawn-view.js';

const SAMPLES = join(ROAD_DAMAGE.file, '..', 'samples');

async function pictureOf(image: Sharp): Promise<Picture> {
  const { data, info } = await image.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: new Uint8Array(data) };
}

/** The view as a camera in some weather would show it. */
async function drawnAnd(change: (image: Sharp) => Sharp): Promise<Picture> {
  const { width, height, rgb } = drawView();
  return pictureOf(change(sharp(rgb, { raw: { width, height, channels: 3 } })));
}

describe('doubtOfSeeing', () => {
  it('has no doubt about real roads by day, nor about a dark or soft picture of one', async () => {
    const names = (await readdir(SAMPLES)).filter((name) => name.endsWith('_RAW.jpg'));
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) {
      expect(await doubtOfClarity(await pictureOf(sharp(join(SAMPLES, name))))).toBeUndefined();
      const soft = sharp(join(SAMPLES, name)).blur(0.8).linear(0.7, 0).jpeg({ quality: 60 });
      expect(await doubtOfClarity(await pictureOf(sharp(await soft.toBuffer())))).toBeUndefined();
    }
  });

  it('doubts a view in dense fog, and one behind a covered lens', async () => {
    expect(await doubtOfClarity(await drawnAnd((image) => image.linear(0.15, 150)))).toContain('contrast');
    expect(await doubtOfClarity(await drawnAnd((image) => image.linear(0.02, 10)))).toContain('contrast');
  });

  it('doubts a view that is out of focus or behind a film of water', async () => {
    expect(await doubtOfClarity(await drawnAnd((image) => image.blur(5)))).toContain('sharp');
  });
});

describe('inspectPicture', () => {
  it('calls inconclusive what the detector within finds in fog', async () => {
    const foggy = await drawnAnd((image) => image.linear(0.15, 150));
    const { signal } = new AbortController();
    const { analysis } = await inspectPicture(new ClassicalCrackDetector(), foggy, { signal });
    const { verdict, verdictReason } = analysis;
    expect(verdict).toBe('inconclusive');
    expect(verdictReason).toContain('contrast');
  });
});

describe('inspectRoad', () => {
  it('keeps no mark where something may stand or a text is burned in', async () => {
    const { signal } = new AbortController();
    const cracked = backgroundOf(drawView({ patches: [{ x: 250, y: 200, width: 6, height: 90, value: 20 }] }));
    const { analysis } = await inspectRoad(new ClassicalCrackDetector(), cracked, signal);
    expect(analysis.detections.length).toBeGreaterThan(0);
    cracked.noMarks.data.fill(1);
    const nothing = await inspectRoad(new ClassicalCrackDetector(), cracked, signal);
    expect(nothing.analysis).toMatchObject({ detections: [], damagedRoadShare: 0 });
  });
});
