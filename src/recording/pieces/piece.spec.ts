import { describe, expect, it } from '@jest/globals';
import { completeSegments, readPieceName, worthJoining, type Piece } from './piece.js';

const LENGTH_MS = 600_000;

/** A minute of video from `minute` on. */
function piece(minute: number, run: string, more: Partial<Piece> = {}): Piece {
  const startMs = minute * 60_000;
  return { name: `${startMs / 1000}-${run}.ts`, run, startMs, endMs: startMs + 60_000, bytes: 1_000, ...more };
}

const starts = (segments: readonly { startMs: number }[]): number[] => segments.map(({ startMs }) => startMs / 60_000);

describe('pieces', () => {
  it('tell their start and run by their name', () => {
    expect(readPieceName('1795322211-0a1b2c3d.ts')).toEqual({
      name: '1795322211-0a1b2c3d.ts',
      run: '0a1b2c3d',
      startMs: 1_795_322_211_000,
    });
    for (const other of ['1795322211.ts', 'x-0a.ts', '1795322211-0a.ts.tmp', '1795322211-..ts'])
      expect(readPieceName(other)).toBeUndefined();
  });

  it('make segments once these are over', () => {
    const pieces = [piece(19, 'a'), piece(10, 'a'), piece(20, 'a')];
    const complete = completeSegments(pieces, 'a', { nowMs: 21 * 60_000, lengthMs: LENGTH_MS });
    expect(starts(complete)).toEqual([10]);
    expect(starts(complete[0]?.pieces ?? [])).toEqual([10, 19]);
  });

  it('make none while the last piece of the run that goes on lies in it', () => {
    const clock = { nowMs: 20 * 60_000 + 1, lengthMs: LENGTH_MS };
    expect(completeSegments([piece(18, 'a'), piece(19, 'a')], 'a', clock)).toEqual([]);
    expect(starts(completeSegments([piece(18, 'a'), piece(19, 'a')], undefined, clock))).toEqual([10]);
    expect(starts(completeSegments([piece(18, 'old'), piece(19, 'old'), piece(20, 'a')], 'a', clock))).toEqual([10]);
  });

  it('of a run that began anew are all worth joining', () => {
    const broken = piece(10, 'a', { endMs: 10.4 * 60_000 });
    const anew = piece(10.5, 'b', { endMs: 11 * 60_000 });
    expect(worthJoining([broken, anew, piece(11, 'b')])).toHaveLength(3);
  });

  it('that two recorders made of the same time are joined once', () => {
    const worth = worthJoining([piece(10, 'a'), piece(10.1, 'b'), piece(11, 'a'), piece(11.1, 'b'), piece(12, 'b')]);
    expect(worth.map(({ run }) => run)).toEqual(['a', 'a', 'b']);
  });

  it('without a picture are left out', () => {
    expect(worthJoining([piece(10, 'a', { bytes: 0 }), piece(11, 'a')])).toHaveLength(1);
  });
});
