import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from '@jest/globals';
import { md5Of, Meter, streamOf } from './content.js';

const MB = 1024 * 1024;

describe('content on its way', () => {
  const bytes = Buffer.alloc(3 * MB + 7, 'content');
  const sum = createHash('md5').update(bytes).digest('hex');

  it('is summed right', async () => {
    expect(await md5Of(bytes)).toBe(sum);
    expect(await md5Of(Buffer.alloc(0))).toBe('d41d8cd98f00b204e9800998ecf8427e');
  });

  it('lets others have their turn while it is summed', async () => {
    let turns = 0;
    let isSummed = false;
    const count = (): void => {
      turns++;
      if (!isSummed) setImmediate(count);
    };
    count();
    await md5Of(bytes);
    isSummed = true;
    expect(turns).toBeGreaterThanOrEqual(3);
  });

  it('goes through the meter unchanged, in pieces', async () => {
    const meter = new Meter();
    const [through] = await Promise.all([buffer(meter), pipeline(streamOf(bytes), meter)]);
    expect(through.equals(bytes)).toBe(true);
    expect(meter).toMatchObject({ bytes: bytes.length, md5: sum });
  });

  it('has no sum before its end', () => {
    const meter = new Meter();
    meter.write('half');
    expect(meter.bytes).toBe(4);
    expect(meter.md5).toBeUndefined();
  });

  it('is taken as it is when it is a stream already', () => {
    const stream = Readable.from(['x']);
    expect(streamOf(stream)).toBe(stream);
  });
});
