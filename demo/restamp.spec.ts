import { describe, expect, it } from '@jest/globals';
import { countPackets, restamp } from './restamp.js';

const PID = 0x100;

/** One packet with a clock and the head of a PES packet whose PTS and DTS are `ticks`. */
function packet(ticks: number, continuity: number): Buffer {
  const bytes = Buffer.alloc(188, 0xff);
  bytes.set([0x47, 0x40 | (PID >> 8), PID & 0xff, 0x30 | continuity, 7, 0x10]);
  bytes.writeUInt32BE(Math.floor(ticks / 2), 6);
  bytes.set([((ticks % 2) << 7) | 0x7e, 0], 10);
  bytes.set([0, 0, 1, 0xe0, 0, 0, 0x80, 0xc0, 10], 12);
  bytes.set(stamp(3, ticks), 21);
  bytes.set(stamp(1, ticks), 26);
  return bytes;
}

function stamp(mark: number, ticks: number): number[] {
  const bits = BigInt(ticks);
  const part = (from: bigint, mask: bigint): number => Number((bits >> from) & mask);
  return [
    (mark << 4) | (part(30n, 7n) << 1) | 1,
    part(22n, 255n),
    (part(15n, 127n) << 1) | 1,
    part(7n, 255n),
    (part(0n, 127n) << 1) | 1,
  ];
}

describe('restamp', () => {
  it('moves clock and stamps on by whole clips, and nothing else', () => {
    const clip = [packet(126_000, 0)];
    expect(restamp(clip[0]!, 3, 2_160_000, countPackets(clip))).toEqual(packet(126_000 + 3 * 2_160_000, 3));
  });

  it('lets stamps turn over after 33 bits', () => {
    const clip = [packet(2 ** 33 - 1, 15)];
    expect(restamp(clip[0]!, 1, 90_001, countPackets(clip))).toEqual(packet(90_000, 0));
  });

  it('goes on with the counter of each stream where the clip before ended', () => {
    const clip = [packet(0, 4), packet(3_600, 5), packet(7_200, 6)];
    const second = restamp(clip[0]!, 1, 10_800, countPackets(clip));
    expect(second[3]! & 15).toBe(7);
  });

  it('returns a copy', () => {
    const original = packet(0, 0);
    restamp(original, 1, 90_000, new Map());
    expect(original).toEqual(packet(0, 0));
  });

  it('refuses what is no transport stream', () => {
    expect(() => restamp(Buffer.alloc(188), 0, 1, new Map())).toThrow('No transport packet starts at byte 0.');
  });
});
