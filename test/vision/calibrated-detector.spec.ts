import { describe, expect, it } from '@jest/globals';
import type { Calibration } from '../../src/cameras/camera.js';
import { CalibratedDetector } from '../../src/damage/birds-eye/calibrated-detector.js';
import { ClassicalCrackDetector } from '../../src/damage/classical/classical-crack-detector.js';
import { asphalt, drawLine, WANDERING } from './drawn-asphalt.js';

const WIDTH = 640;
const HEIGHT = 480;
const NEVER = 2;
const signal = new AbortController().signal;
const drivenRoad = { width: 80, height: 60, data: new Uint8Array(80 * 60).fill(1) };

/** A hundred px are a metre, across and along: a camera that looks straight down. */
const calibration: Calibration = {
  corners: [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ],
  widthM: 6.4,
  lengthM: 4.8,
};

function crackedRoad() {
  const picture = asphalt(WIDTH, HEIGHT);
  drawLine(picture, WANDERING, 3, 45);
  return picture;
}

describe('CalibratedDetector', () => {
  it('gives metres to what the detector within finds', async () => {
    const detector = new CalibratedDetector(new ClassicalCrackDetector(), NEVER);
    const { detections, damagedAreaM2 } = await detector.detect(crackedRoad(), { drivenRoad, calibration, signal });
    expect(detections).toHaveLength(1);
    expect(Math.abs(detections[0]!.widthM! - 1.33)).toBeLessThan(0.15);
    expect(Math.abs(detections[0]!.lengthM! - 1.05)).toBeLessThan(0.15);
    expect(detections[0]).toMatchObject({ class: 'D10', severity: 'medium' });
    expect(damagedAreaM2).toBeGreaterThan(0.01);
    expect(damagedAreaM2).toBeLessThan(0.5);
  });

  it('looks from above too when told to, and counts once what both views show', async () => {
    const detector = new CalibratedDetector(new ClassicalCrackDetector(), 0);
    const { detections } = await detector.detect(crackedRoad(), { drivenRoad, calibration, signal });
    expect(detections).toHaveLength(1);
  });

  it('says nothing in metres without calibration', async () => {
    const detector = new CalibratedDetector(new ClassicalCrackDetector(), NEVER);
    const analysis = await detector.detect(crackedRoad(), { drivenRoad, signal });
    expect(analysis.damagedAreaM2).toBeUndefined();
    expect(analysis.detections[0]).toMatchObject({ class: 'crack' });
    expect(analysis.detections[0]!.areaM2).toBeUndefined();
  });

  it('marks nothing outside the region of interest', async () => {
    const detector = new CalibratedDetector(new ClassicalCrackDetector(), 0);
    const region = [
      [0.6, 0],
      [1, 0],
      [1, 1],
      [0.6, 1],
    ] as const;
    for (const driven of [drivenRoad, undefined]) {
      const options = { drivenRoad: driven, region, calibration, signal };
      const { detections, grounds } = await detector.detect(crackedRoad(), options);
      expect(detections).toEqual([]);
      expect(grounds).toContain("operator's region");
    }
  });

  it('stops with the reason of the signal', async () => {
    const reason = new Error('enough');
    const detector = new CalibratedDetector(new ClassicalCrackDetector(), 0);
    const stopped = detector.detect(crackedRoad(), { calibration, signal: AbortSignal.abort(reason) });
    await expect(stopped).rejects.toBe(reason);
  });
});
