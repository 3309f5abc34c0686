import { describe, expect, it } from '@jest/globals';
import { blocksOf } from './blocks.js';

describe('blocksOf', () => {
  it('cuts small pictures finer and counts the blocks at the edge', () => {
    expect(blocksOf(320, 182)).toEqual({ size: 4, columns: 80, rows: 46 });
    expect(blocksOf(1280, 724)).toEqual({ size: 8, columns: 160, rows: 91 });
  });
});
