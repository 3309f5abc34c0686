import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Mask } from '../background/mask.js';
import type { Visit } from './visit.js';
import { fromBytes, toBytes } from './visit-bytes.js';

const mask = fc
  .tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 20 }))
  .chain(([width, height]) =>
    fc
      .array(fc.integer({ min: 0, max: 1 }), { minLength: width * height, maxLength: width * height })
      .map((cells): Mask => ({ width, height, data: Uint8Array.from(cells) })),
  );
const box = { x: 0.1, y: 0.2, width: 0.3, height: 0.05 };
const visit = (drivenRoad: Mask, hiddenRoad: Mask, picture: Uint8Array): Visit => ({
  ...{ id: '000001694000000:job-1', at: 1_694_000, light: 'day', conclusive: true, drivenRoad, hiddenRoad },
  sightings: [{ class: 'crack', box, since: 1_000, firstBox: box }],
  picture: Buffer.from(picture),
});

describe('the bytes of a visit', () => {
  it('hold all of it', () => {
    fc.assert(
      fc.property(mask, mask, fc.uint8Array(), (driven, hidden, picture) => {
        expect(fromBytes(toBytes(visit(driven, hidden, picture)))).toEqual(visit(driven, hidden, picture));
      }),
    );
  });

  it('are no visit when they were written by somebody else', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => expect(fromBytes(Buffer.from(bytes))).toBeUndefined()));
  });
});
