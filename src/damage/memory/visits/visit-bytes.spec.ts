import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Mask } from '../../../picture/mask.js';
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
  ...{ at: 1_694_000, light: 'day', judged: true, drivenRoad, hiddenRoad },
  traffic: [{ row: 0.5, width: 0.0625 }],
  sightings: [{ class: 'crack', box, since: 1_000, firstBox: box, id: 'ab12' }],
  picture: Buffer.from(picture),
});

const maskOf = (width: number, height: number): Mask => ({ width, height, data: new Uint8Array(width * height) });

describe('the bytes of a visit', () => {
  it('hold all of it', () => {
    fc.assert(
      fc.property(mask, mask, fc.uint8Array(), (driven, hidden, picture) => {
        expect(fromBytes(toBytes(visit(driven, hidden, picture)))).toEqual(visit(driven, hidden, picture));
      }),
    );
  });

  it.each([
    ['', 'an earlier version measured none'],
    ['"traffic":7,', 'it is a number'],
    ['"traffic":[null,{"row":"0.5","width":0.1},{"row":0.5,"width":-1}],', 'none of them is one'],
  ])('hold no vehicles with %j, for %s', (traffic) => {
    const bytes = toBytes(visit(maskOf(3, 3), maskOf(3, 3), Buffer.of(1)));
    const text = bytes.toString('latin1', 4).replace('"traffic":[{"row":0.5,"width":0.0625}],', traffic);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length - 1);
    const read = fromBytes(Buffer.concat([length, Buffer.from(text, 'latin1')]));
    expect(read).toEqual({ ...visit(maskOf(3, 3), maskOf(3, 3), Buffer.of(1)), traffic: [] });
  });

  it.each([
    ['', 'an earlier version gave none'],
    [',"id":7', 'it is a number'],
    [',"id":"a b"', 'it is a sentence'],
  ])('name no damage with %j, for %s', (id) => {
    const bytes = toBytes(visit(maskOf(3, 3), maskOf(3, 3), Buffer.of(1)));
    const text = bytes.toString('latin1', 4).replace(',"id":"ab12"', id);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length - 1);
    const read = fromBytes(Buffer.concat([length, Buffer.from(text, 'latin1')]));
    expect(read?.sightings).toEqual([{ class: 'crack', box, since: 1_000, firstBox: box }]);
  });

  it('are no visit when they say that they are gigabytes of mask', () => {
    const bytes = toBytes(visit({ width: 8, height: 1, data: new Uint8Array(8) }, maskOf(3, 3), Buffer.of(1)));
    for (const width of ['800000', '-8', '8.5', '"8"', '16', 'null']) {
      const text = bytes.toString('latin1', 4).replace('"width":8', `"width":${width}`);
      const length = Buffer.alloc(4);
      length.writeUInt32LE(text.length - 1);
      expect(fromBytes(Buffer.concat([length, Buffer.from(text, 'latin1')]))).toBeUndefined();
    }
  });

  it('are no visit when they were written by somebody else', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => expect(fromBytes(Buffer.from(bytes))).toBeUndefined()));
  });
});
