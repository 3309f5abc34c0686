import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { iou } from '../../picture/geometry/box.js';
import { suppress, type Candidate } from './candidate.js';
import { classesByName, classesInOrder } from './class-map.js';
import { letterboxOf, unletterboxed } from './letterbox.js';
import { classNamesOf, metadataOf, numbersOf } from './metadata.js';

const side = fc.integer({ min: 16, max: 4000 });
const size = fc.record({ width: side, height: side });

describe('letterbox', () => {
  it('brings every box back to where it was in the picture', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const place = fc.constantFrom('centred' as const, 'corner' as const);
    fc.assert(
      fc.property(size, size, place, share, share, share, share, (picture, input, where, a, b, c, d) => {
        const [x, right] = [Math.min(a, b) * picture.width, Math.max(a, b) * picture.width];
        const [y, bottom] = [Math.min(c, d) * picture.height, Math.max(c, d) * picture.height];
        const box = letterboxOf(picture, input, where);
        const there = {
          x: x * box.scale + box.left,
          y: y * box.scale + box.top,
          width: (right - x) * box.scale,
          height: (bottom - y) * box.scale,
        };
        const back = unletterboxed(there, box, picture);
        const close = (value: number) => expect.closeTo(value, 4);
        expect(back).toEqual({ x: close(x), y: close(y), width: close(right - x), height: close(bottom - y) });
      }),
    );
  });

  it('keeps boxes within the picture', () => {
    const box = unletterboxed(
      { x: -50, y: 2, width: 900, height: 3 },
      { scale: 0.5, left: 4, top: 0 },
      { width: 100, height: 60 },
    );
    expect(box).toEqual({ x: 0, y: 4, width: 100, height: 6 });
  });
});

describe('suppress', () => {
  const candidate = fc.record({
    box: fc.record({
      x: fc.nat(50),
      y: fc.nat(50),
      width: fc.integer({ min: 1, max: 40 }),
      height: fc.integer({ min: 1, max: 40 }),
    }),
    score: fc.double({ min: 0, max: 1, noNaN: true }),
    index: fc.nat(2),
  });

  it('leaves no two boxes of a class that overlap too much, and drops nothing without a surer twin', () => {
    fc.assert(
      fc.property(fc.array(candidate), (all) => {
        const kept = suppress(all, 0.5);
        const overlaps = (a: Candidate, b: Candidate) => a !== b && a.index === b.index && iou(a.box, b.box) > 0.5;
        expect(kept.some((a) => kept.some((b) => overlaps(a, b)))).toBe(false);
        const dropped = all.filter((one) => !kept.includes(one));
        expect(dropped.every((one) => kept.some((b) => overlaps(one, b) && b.score >= one.score))).toBe(true);
        expect(kept.map(({ score }) => score)).toEqual(kept.map(({ score }) => score).sort((a, b) => b - a));
      }),
    );
  });
});

describe('classNamesOf', () => {
  it.each([
    ["{0: 'D00', 1: 'D10'}", ['D00', 'D10']],
    ['{0: "it\'s", 1: \'b: "c", d\'}', ["it's", 'b: "c", d']],
    ["['crack', 'pothole']", ['crack', 'pothole']],
    ['{"0": "D00", "1": "D10"}', ['D00', 'D10']],
  ])('reads %s', (text, names) => expect([...classNamesOf(text).values()]).toEqual(names));

  it('reads the numbers too', () => expect([...classNamesOf("{7: 'D40'}")]).toEqual([[7, 'D40']]));

  it.each([undefined, '', '__import__("os")', 'D00,D10'])('finds none in %s', (text) =>
    expect(classNamesOf(text).size).toBe(0),
  );
});

describe('numbersOf', () => {
  it('reads a size and nothing else', () => {
    expect(numbersOf('[384, 640]')).toEqual([384, 640]);
    expect(numbersOf('640')).toEqual([]);
  });
});

describe('metadataOf', () => {
  it('refuses whatever is no model, and never hangs', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          metadataOf(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
    );
    expect(() => metadataOf(new Uint8Array())).toThrow('no graph');
    expect(() => metadataOf(Buffer.from('<html>not found</html>'))).toThrow();
  });
});

describe('class maps', () => {
  it('know the names that data sets use', () => {
    const names = ['D00', 'Transverse Crack', 'alligator crack', 'Pothole', 'crack', 'manhole'];
    expect([...classesByName(new Map(names.entries()))]).toEqual([
      [0, 'D00'],
      [1, 'D10'],
      [2, 'D20'],
      [3, 'D40'],
      [4, 'crack'],
    ]);
  });

  it('leave out what the operator marks with a dash', () => {
    expect([...classesInOrder(['D40', '-', 'crack'])]).toEqual([
      [0, 'D40'],
      [2, 'crack'],
    ]);
  });
});
