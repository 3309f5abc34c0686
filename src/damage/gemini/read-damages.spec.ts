import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { iou } from '../../picture/geometry/box.js';
import { CLASSES } from './question.js';
import { readDamages } from './read-damages.js';

const IMAGE = { width: 1920, height: 1080 };

const damage = (box_2d: unknown, label: unknown = 'D40', confidence: unknown = 0.9) => ({ box_2d, label, confidence });
const read = (...damages: unknown[]) => readDamages({ view: 'clear', damages }, IMAGE);
const boxes = (...damages: unknown[]) => read(...damages).sightings.map(({ box }) => box);

describe("Gemini's answer about damage", () => {
  it('has boxes as ymin, xmin, ymax, xmax from 0 to 1000', () => {
    expect(boxes(damage([500, 100, 600, 300]))).toEqual([{ x: 192, y: 540, width: 384, height: 108 }]);
  });

  it('has its boxes put in order and clamped to the picture', () => {
    expect(boxes(damage([600, 300, 500, 100]))).toEqual(boxes(damage([500, 100, 600, 300])));
    expect(boxes(damage([-50, 900, 100, 1200]))).toEqual([{ x: 1728, y: 0, width: 192, height: 108 }]);
  });

  it('loses what is no damage, and says how much that was', () => {
    const nothing = [
      damage([500, 100, 500, 300]),
      damage([1100, 1100, 1500, 1500]),
      damage([1, 2, 3]),
      damage([1, 2, '3', 4]),
      damage([100, 100, 200, 200], 'manhole'),
      damage([100, 100, 200, 200], 'D40', 'high'),
      'D40',
      null,
    ];
    expect(read(...nothing)).toEqual({ view: 'clear', sightings: [], unreadable: nothing.length });
  });

  it('loses what the model is not sure of', () => {
    expect(read(damage([100, 100, 200, 200], 'D40', 0.2))).toMatchObject({ sightings: [], unreadable: 0 });
  });

  it('names a damage once, the surest, but two classes at one place twice', () => {
    const twice = [damage([100, 100, 200, 200], 'D20', 0.6), damage([102, 100, 200, 203], 'D20', 0.8)];
    const { sightings } = read(...twice, damage([100, 100, 200, 200], 'D40', 0.7));
    expect(sightings.map(({ class: kind, score }) => [kind, score])).toEqual([
      ['D20', 0.8],
      ['D40', 0.7],
    ]);
  });

  it.each([undefined, null, 'text', [], {}, { view: 'clear' }, { view: 'dreamy', damages: [] }])(
    'of another shape is asked for again: %j',
    (answer) => {
      expect(() => readDamages(answer, IMAGE)).toThrow(expect.objectContaining({ code: 'GEMINI_BAD_ANSWER' }));
    },
  );

  it('gives whole boxes within the picture, no two alike, whatever is in it', () => {
    const number = fc.oneof(fc.integer({ min: -3000, max: 3000 }), fc.double(), fc.constant('7'));
    const anyDamage = fc.record({
      box_2d: fc.oneof(fc.array(number, { minLength: 3, maxLength: 5 }), fc.tuple(number, number, number, number)),
      label: fc.constantFrom(...CLASSES, 'car'),
      confidence: fc.oneof(fc.double({ min: -1, max: 2 }), fc.double()),
    });
    const image = fc.record({ width: fc.integer({ min: 1, max: 4000 }), height: fc.integer({ min: 1, max: 4000 }) });
    fc.assert(
      fc.property(fc.array(fc.oneof(anyDamage, fc.anything()), { maxLength: 80 }), image, (damages, size) => {
        const { sightings } = readDamages({ view: 'clear', damages }, size);
        for (const [i, { box, score, class: kind }] of sightings.entries()) {
          expect(Math.min(box.x, box.y)).toBeGreaterThanOrEqual(0);
          expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(2);
          expect(box.x + box.width).toBeLessThanOrEqual(size.width + 1e-6);
          expect(box.y + box.height).toBeLessThanOrEqual(size.height + 1e-6);
          expect(score >= 0.4 && score <= 1).toBe(true);
          expect(score).toBeLessThanOrEqual(sightings[i - 1]?.score ?? 1);
          for (const other of sightings.slice(0, i)) {
            if (other.class === kind) expect(iou(other.box, box)).toBeLessThanOrEqual(0.5);
          }
        }
      }),
    );
  });
});
