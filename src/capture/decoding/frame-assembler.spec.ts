import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FrameAssembler } from './frame-assembler.js';

describe('FrameAssembler', () => {
  it('gives the same frames however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.array(fc.nat(64), { maxLength: 8 }), (bytes, cuts) => {
        const assembler = new FrameAssembler(6, 100);
        const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        edges.slice(1).forEach((to, i) => assembler.push(bytes.subarray(edges[i], to)));
        expect(assembler.frames).toHaveLength(Math.floor(bytes.length / 6));
        assembler.frames.forEach((frame, i) => expect(frame).toEqual(bytes.slice(i * 6, i * 6 + 6)));
      }),
    );
  });

  it('drops what comes after the last frame it may hold', () => {
    const assembler = new FrameAssembler(2, 2);
    assembler.push(new Uint8Array(100));
    expect(assembler.frames).toHaveLength(2);
    expect(assembler.isFull).toBe(true);
  });
});
