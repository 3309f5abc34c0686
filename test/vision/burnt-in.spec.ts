import { describe, expect, it } from '@jest/globals';
import { extractBackground } from '../../src/background/extract.js';
import type { Mask } from '../../src/picture/mask.js';
import type { CapturedFrames } from '../../src/capture/frame-source.js';
import { capture, type Body } from './drawn-road.js';

const WIDTH = 200;
const HEIGHT = 120;
const never = new AbortController().signal;
const traffic = (time: number): Body[] => [{ x: ((time * 7) % 400) - 60, y: 40, width: 30, height: 20, value: 180 }];

/** Letters of so many white strokes, of which a clock's last ones change with every frame. */
function withText(x: number, y: number, strokes: number, stroke: number): CapturedFrames {
  const clip = capture(WIDTH, HEIGHT, 20, traffic);
  clip.frames.forEach((frame, i) => {
    for (let v = y; v < y + 14; v++) {
      for (let u = 0; u < strokes * 2 * stroke; u++) {
        const isRunning = u >= (strokes - 2) * 2 * stroke;
        frame[v * WIDTH + x + u] = Math.floor((u + (isRunning ? i : 0)) / stroke) % 2 === 0 ? 235 : 20;
      }
    }
  });
  return clip;
}

const at = ({ data, width, height }: Mask, x: number, y: number) =>
  data[Math.floor((y * height) / HEIGHT) * width + Math.floor((x * width) / WIDTH)];

describe('a text that is burned into the picture', () => {
  it('is found, its running clock too, and nothing is to be marked there', async () => {
    const { noMarks, meta } = await extractBackground(withText(24, 42, 12, 3), never);
    expect([at(noMarks, 30, 48), at(noMarks, 60, 48), at(noMarks, 92, 48)]).toEqual([1, 1, 1]);
    expect([at(noMarks, 150, 48), at(noMarks, 60, 80), at(noMarks, 60, 20)]).toEqual([0, 0, 0]);
    expect(meta.quality.burntInShare).toBeGreaterThan(0.02);
    expect(meta.quality.burntInShare).toBeLessThan(0.15);
    expect(meta.verdict).toBe('clear');
  });

  it('is neither the bars of a zebra crossing nor the road', async () => {
    for (const clip of [withText(24, 42, 5, 14), capture(WIDTH, HEIGHT, 20, traffic)]) {
      const { meta } = await extractBackground(clip, never);
      expect(meta.quality.burntInShare).toBe(0);
    }
  });
});
