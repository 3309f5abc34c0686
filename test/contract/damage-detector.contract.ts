import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DamageDetector, DetectOptions, Detection, PictureMarks } from '../../src/damage/damage-detector.js';
import type { Picture } from '../../src/picture/picture.js';

/** A detector under test, and what it can be shown. */
export interface DetectorUnderTest {
  detector: DamageDetector;
  /** Damage in both halves, on which the detector has no doubt. */
  damaged: Picture;
  /** Has the detector look at something that it doubts. */
  doubtful(options: DetectOptions): Promise<PictureMarks>;
  close(): Promise<void>;
}

const NEVER = new AbortController().signal;
const HALF = { left: 0, right: 0.5 } as const;
type Side = keyof typeof HALF;

const middleOf = ({ boxNormalized: { x, width } }: Detection): number => x + width / 2;

const region = (side: Side) =>
  [
    [HALF[side], 0],
    [HALF[side] + 0.5, 0],
    [HALF[side] + 0.5, 1],
    [HALF[side], 1],
  ] as const;

function driven(side: Side) {
  const data = Uint8Array.from({ length: 80 * 60 }, (_, i) => Number(i % 80 < 40 === (side === 'left')));
  return { width: 80, height: 60, data };
}

/** What every adapter of `DamageDetector` promises. */
export function describeDamageDetector(name: string, open: () => Promise<DetectorUnderTest>): void {
  describe(`a damage detector: ${name}`, () => {
    let under: DetectorUnderTest;
    beforeAll(async () => {
      under = await open();
    });
    afterAll(() => under.close());

    const detect = (options: Partial<DetectOptions> = {}): Promise<PictureMarks> =>
      under.detector.detect(under.damaged, { signal: NEVER, ...options });

    it('says what it is and what it marks', () => {
      const { info } = under.detector;
      expect(info.name).toMatch(/^[\w.-]+$/);
      expect(info.version).not.toBe('');
      expect(info.classes.length).toBeGreaterThan(0);
      expect(info.marks).toMatch(/^[A-Z].*\.$/s);
    });

    it('marks damage within the picture, of its own classes, best first', async () => {
      const { detections, image, detector } = await detect();
      const { width, height } = under.damaged;
      expect([image, detector]).toEqual([
        { width, height },
        { name: under.detector.info.name, version: under.detector.info.version },
      ]);
      expect(detections.length).toBeGreaterThan(1);
      const known = under.detector.info.classes.map(({ id }) => id);
      for (const { box, boxNormalized, confidence, areaPx, class: kind } of detections) {
        expect(known).toContain(kind);
        expect(box.x).toBeGreaterThanOrEqual(0);
        expect(box.y).toBeGreaterThanOrEqual(0);
        expect(box.x + box.width).toBeLessThanOrEqual(width);
        expect(box.y + box.height).toBeLessThanOrEqual(height);
        expect(boxNormalized.x * width).toBeCloseTo(box.x);
        expect(boxNormalized.height * height).toBeCloseTo(box.height);
        expect(confidence > 0 && confidence <= 1).toBe(true);
        expect(areaPx > 0 && areaPx <= Math.ceil(box.width + 1) * Math.ceil(box.height + 1)).toBe(true);
      }
      const sureness = detections.map(({ confidence }) => confidence);
      expect(sureness).toEqual([...sureness].sort((a, b) => b - a));
    });

    it('says how much of the road that is, and where it looked for the road', async () => {
      const { roadShare, damagedRoadShare, grounds, doubts } = await detect();
      expect(roadShare > 0 && roadShare <= 1).toBe(true);
      expect(damagedRoadShare > 0 && damagedRoadShare <= 1).toBe(true);
      expect(grounds).toMatch(/^[A-Z].*\.$/s);
      expect(doubts).toEqual([]);
    });

    it.each<Side>(['left', 'right'])('marks nothing outside the region of the operator: %s', async (side) => {
      const { detections, grounds } = await detect({ region: region(side) });
      expect(detections.length).toBeGreaterThan(0);
      expect(detections.map(middleOf).filter((x) => x < HALF[side] || x > HALF[side] + 0.5)).toEqual([]);
      expect(grounds).toContain('region');
    });

    it.each<Side>(['left', 'right'])('marks nothing where no traffic drove: %s', async (side) => {
      const { detections, grounds } = await detect({ drivenRoad: driven(side) });
      expect(detections.length).toBeGreaterThan(0);
      expect(detections.map(middleOf).filter((x) => x < HALF[side] || x > HALF[side] + 0.5)).toEqual([]);
      expect(grounds).toContain('traffic drove');
    });

    it('says what it doubts in sentences, and leaves the judgement to others', async () => {
      const marks = await under.doubtful({ signal: NEVER });
      expect(marks.doubts.length).toBeGreaterThan(0);
      for (const doubt of marks.doubts) expect(doubt).toMatch(/^[A-Z0-9].*\.$/s);
      expect(marks).not.toHaveProperty('verdict');
    });

    it('finds the same again, and leaves the picture as it was', async () => {
      const before = Buffer.from(under.damaged.rgb);
      const first = await detect();
      expect(await detect()).toEqual(first);
      expect(before.equals(under.damaged.rgb)).toBe(true);
    });

    it('does not begin when it was aborted before, and works on afterwards', async () => {
      const reason = new Error('enough');
      await expect(detect({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      expect((await detect()).detections.length).toBeGreaterThan(1);
    });

    it('ends with the reason when it is aborted meanwhile, and works on afterwards', async () => {
      const stop = new AbortController();
      const reason = new Error('enough');
      const looking = detect({ signal: stop.signal });
      stop.abort(reason);
      await expect(looking).rejects.toBe(reason);
      expect((await detect()).detections.length).toBeGreaterThan(1);
    });

    it('is well, and can be asked at any time', async () => {
      expect(await under.detector.health()).toEqual({ status: 'up' });
      expect(under.detector.heldBackBecause()).toBeUndefined();
    });
  });
}
