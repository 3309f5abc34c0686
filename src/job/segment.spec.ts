import { describe, expect, it } from '@jest/globals';
import { segmentAt, segmentPath, startOfSegmentFile } from './segment.js';

const MINUTE_MS = 60_000;

describe('a segment', () => {
  it('begins at a whole multiple of its length', () => {
    const startMs = Date.UTC(2024, 8, 9, 10, 10);
    expect(segmentAt(startMs, 10 * MINUTE_MS)).toEqual({ startMs, endMs: startMs + 10 * MINUTE_MS });
    expect(segmentAt(startMs + 10 * MINUTE_MS - 1, 10 * MINUTE_MS).startMs).toBe(startMs);
  });

  it('names a file that tells its start', () => {
    const startMs = Date.UTC(2024, 8, 9, 10, 0, 30);
    expect(segmentPath('cctv_001', startMs)).toBe('cctv_001/20240909T100030Z.mp4');
    expect(startOfSegmentFile('20240909T100030Z.mp4')).toBe(startMs);
  });

  it.each(['notes.mp4', '20240909T100000Z.mp4.part', '20249909T100000Z.mp4', 'a20240909T100000Z.mp4'])(
    'does not take %s for a segment',
    (name) => expect(startOfSegmentFile(name)).toBeUndefined(),
  );
});
