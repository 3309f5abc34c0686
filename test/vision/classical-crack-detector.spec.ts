import { describe, expect, it } from '@jest/globals';
import type { Picture } from '../../src/picture/picture.js';
import { ClassicalCrackDetector } from '../../src/damage/classical/classical-crack-detector.js';
import { asphalt, drawLine, WANDERING } from './drawn-asphalt.js';

const WIDTH = 640;
const HEIGHT = 480;
const signal = new AbortController().signal;
const everywhere = { width: 80, height: 60, data: new Uint8Array(80 * 60).fill(1) };

const detect = (picture: Picture, drivenRoad = everywhere) =>
  new ClassicalCrackDetector().detect(picture, { drivenRoad, signal });

describe('ClassicalCrackDetector', () => {
  it('finds a crack where it is', async () => {
    const picture = asphalt(WIDTH, HEIGHT);
    drawLine(picture, WANDERING, 3, 45);
    const { detections, doubts, detector, image } = await detect(picture);
    expect(detections).toHaveLength(1);
    const [crack] = detections;
    expect(crack).toMatchObject({ class: 'crack' });
    expect(Math.abs(crack!.box.x - 200)).toBeLessThan(8);
    expect(Math.abs(crack!.box.y - 260)).toBeLessThan(8);
    expect(Math.abs(crack!.box.width - 133)).toBeLessThan(16);
    expect(crack!.boxNormalized.x).toBeCloseTo(crack!.box.x / WIDTH);
    expect(crack!.outline!.length).toBeGreaterThan(2);
    expect({ doubts, detector, image }).toMatchObject({
      doubts: [],
      detector: { name: 'classical-cracks' },
      image: { width: WIDTH, height: HEIGHT },
    });
  });

  it('finds nothing on sound asphalt', async () => {
    expect((await detect(asphalt(WIDTH, HEIGHT))).detections).toEqual([]);
  });

  it('takes neither paint nor its edges for cracks', async () => {
    const picture = asphalt(WIDTH, HEIGHT);
    drawLine(
      picture,
      [
        [300, 60],
        [290, 440],
      ],
      8,
      215,
    );
    drawLine(
      picture,
      [
        [316, 60],
        [310, 440],
      ],
      8,
      215,
    );
    for (let y = 80; y < 400; y += 90)
      drawLine(
        picture,
        [
          [450, y],
          [455, y + 40],
        ],
        9,
        200,
      );
    expect((await detect(picture)).detections).toEqual([]);
  });

  it('takes neither the edge of a patch nor a round stain for a crack', async () => {
    const picture = asphalt(WIDTH, HEIGHT);
    drawLine(
      picture,
      [
        [120, 150],
        [120, 210],
      ],
      60,
      62,
    );
    drawLine(
      picture,
      [
        [400, 300],
        [401, 300],
      ],
      24,
      40,
    );
    expect((await detect(picture)).detections).toEqual([]);
  });

  it('takes a long ruled line for a joint', async () => {
    const picture = asphalt(WIDTH, HEIGHT);
    drawLine(
      picture,
      [
        [100, 240],
        [540, 240],
      ],
      3,
      45,
    );
    expect((await detect(picture)).detections).toEqual([]);
  });

  it('looks only where traffic drove', async () => {
    const picture = asphalt(WIDTH, HEIGHT);
    drawLine(picture, WANDERING, 3, 45);
    const right = { ...everywhere, data: everywhere.data.map((_, i) => (i % 80 > 50 ? 1 : 0)) };
    const { detections, grounds } = await detect(picture, right);
    expect(detections).toEqual([]);
    expect(grounds).toContain('where traffic drove');
  });

  it('says so when it had to guess where the road is', async () => {
    const { grounds } = await new ClassicalCrackDetector().detect(asphalt(WIDTH, HEIGHT), { signal });
    expect(grounds).toContain('guessed');
  });

  it('calls a road of nothing but cracks inconclusive', async () => {
    const picture = asphalt(WIDTH, HEIGHT);
    for (let y = 10; y < HEIGHT - 40; y += 30) {
      const zigzag = Array.from({ length: 30 }, (_, i) => [10 + 20 * i, y + 20 * (i % 2)] as const);
      drawLine(picture, zigzag, 3, 30);
    }
    expect((await detect(picture)).doubts).toEqual([expect.stringContaining('not plausible')]);
  });

  it('answers in pixels of the picture it was given, however large', async () => {
    const picture = asphalt(3 * WIDTH, 3 * HEIGHT);
    drawLine(
      picture,
      WANDERING.map(([x, y]) => [3 * x, 3 * y] as const),
      9,
      45,
    );
    const { detections, image } = await detect(picture);
    expect(image).toEqual({ width: 3 * WIDTH, height: 3 * HEIGHT });
    expect(detections).toHaveLength(1);
    expect(Math.abs(detections[0]!.box.x - 600)).toBeLessThan(24);
  });

  it('stops with the reason of the signal', async () => {
    const reason = new Error('enough');
    const stopped = new ClassicalCrackDetector().detect(asphalt(WIDTH, HEIGHT), { signal: AbortSignal.abort(reason) });
    await expect(stopped).rejects.toBe(reason);
  });

  it('claims no potholes', () => {
    expect(new ClassicalCrackDetector().info.classes.map(({ id }) => id)).toEqual(['crack']);
  });
});
