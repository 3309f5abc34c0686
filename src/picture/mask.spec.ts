import { describe, expect, it } from '@jest/globals';
import { close, dilate, erode, fillHoles, regionsOf, shareOf, type Mask } from './mask.js';

const draw = (...rows: string[]): Mask => ({
  width: rows[0]!.length,
  height: rows.length,
  data: Uint8Array.from(rows.join(''), (cell) => (cell === '#' ? 1 : 0)),
});

const rowsOf = ({ width, height, data }: Mask) =>
  Array.from({ length: height }, (_, y) =>
    [...data.subarray(y * width, (y + 1) * width)].map((cell) => (cell === 1 ? '#' : '.')).join(''),
  );

describe('masks', () => {
  it('grow by a square, also at the edges', () => {
    expect(rowsOf(dilate(draw('.....', '.....', '#....', '....#'), 1))).toEqual(['.....', '##...', '##.##', '##.##']);
  });

  it('shrink by a square, as if the outside were set', () => {
    expect(rowsOf(erode(draw('####', '####', '###.', '####'), 1))).toEqual(['####', '##..', '##..', '##..']);
  });

  it('close gaps without growing', () => {
    const gap = close(draw('........', '........', '..#..#..', '........', '........'), 1);
    expect(rowsOf(gap)).toEqual(['........', '........', '..####..', '........', '........']);
  });

  it('fill what is enclosed, and nothing that reaches the edge', () => {
    expect(rowsOf(fillHoles(draw('####.', '#..#.', '####.', '#...#')))).toEqual(['####.', '####.', '####.', '#...#']);
  });

  it('fall apart into regions that touch at most at no corner', () => {
    expect(regionsOf(draw('#..#', '.#..', '...#')).map((region) => region.length)).toEqual([2, 1, 1]);
  });

  it('know their share', () => {
    expect(shareOf(draw('#.', '..'))).toBe(0.25);
  });
});
