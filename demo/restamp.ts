/** A packet of an MPEG transport stream (ISO/IEC 13818-1), bytes. */
const PACKET = 188;
const SYNC = 0x47;
/** Time stamps count 1/90000 s in 33 bits. */
export const TICKS_PER_SECOND = 90_000;
const TICK_RANGE = 2 ** 33;

/** How many packets with a payload a stream of packets has, by PID. */
export type PacketCounts = ReadonlyMap<number, number>;

/** Counts what {@link restamp} needs to go on with the continuity counters of a clip that is played again. */
export function countPackets(segments: readonly Uint8Array[]): PacketCounts {
  const counts = new Map<number, number>();
  for (const segment of segments) {
    for (let at = 0; at + PACKET <= segment.length; at += PACKET) {
      if (!hasPayload(segment, at)) continue;
      const pid = pidOf(segment, at);
      counts.set(pid, (counts.get(pid) ?? 0) + 1);
    }
  }
  return counts;
}

/**
 * A copy of a segment as it would be in the `round`-th repetition of its clip: every time stamp (PCR, PTS, DTS) later by
 * `round` times the clip's length, every continuity counter further by the packets of `round` clips. To a client, a clip
 * that loops is one endless recording.
 *
 * @param clipTicks the clip's length in 1/90000 s
 */
export function restamp(segment: Uint8Array, round: number, clipTicks: number, counts: PacketCounts): Buffer {
  const copy = Buffer.from(segment);
  const ticks = (round * clipTicks) % TICK_RANGE;
  for (let at = 0; at + PACKET <= copy.length; at += PACKET) {
    if (copy[at] !== SYNC) throw new RangeError(`No transport packet starts at byte ${at}.`);
    const further = (round * (counts.get(pidOf(copy, at)) ?? 0)) & 15;
    copy[at + 3] = (copy[at + 3]! & 0xf0) | ((copy[at + 3]! + further) & 15);
    delayClock(copy, at, ticks);
    delayPes(copy, at, ticks);
  }
  return copy;
}

function pidOf(bytes: Uint8Array, at: number): number {
  return ((bytes[at + 1]! & 0x1f) << 8) | bytes[at + 2]!;
}

function hasPayload(bytes: Uint8Array, at: number): boolean {
  return (bytes[at + 3]! & 0x10) !== 0;
}

function hasAdaptation(bytes: Uint8Array, at: number): boolean {
  return (bytes[at + 3]! & 0x20) !== 0;
}

/** The program clock reference, in the adaptation field: 33 bits, then 15 that stay. */
function delayClock(bytes: Buffer, at: number, ticks: number): void {
  if (!hasAdaptation(bytes, at) || bytes[at + 4] === 0 || (bytes[at + 5]! & 0x10) === 0) return;
  const base = (bytes.readUInt32BE(at + 6) * 2 + (bytes[at + 10]! >> 7) + ticks) % TICK_RANGE;
  bytes.writeUInt32BE(Math.floor(base / 2), at + 6);
  bytes[at + 10] = (bytes[at + 10]! & 0x7f) | ((base % 2) << 7);
}

/** The stamps at the head of a PES packet, which starts where the unit start flag is set. */
function delayPes(bytes: Buffer, at: number, ticks: number): void {
  if ((bytes[at + 1]! & 0x40) === 0 || !hasPayload(bytes, at)) return;
  const pes = at + 4 + (hasAdaptation(bytes, at) ? 1 + bytes[at + 4]! : 0);
  if (pes + 19 > at + PACKET || bytes.readUIntBE(pes, 3) !== 1) return;
  const flags = bytes[pes + 7]! >> 6;
  if (flags >= 2) delayStamp(bytes, pes + 9, ticks);
  if (flags === 3) delayStamp(bytes, pes + 14, ticks);
}

/** A stamp of 33 bits, spread over five bytes with marker bits between. */
function delayStamp(bytes: Buffer, at: number, ticks: number): void {
  const high = (bytes[at]! >> 1) & 7;
  const middle = bytes.readUInt16BE(at + 1) >> 1;
  const low = bytes.readUInt16BE(at + 3) >> 1;
  const stamp = (high * 2 ** 30 + middle * 2 ** 15 + low + ticks) % TICK_RANGE;
  bytes[at] = (bytes[at]! & 0xf1) | (Math.floor(stamp / 2 ** 30) << 1);
  bytes.writeUInt16BE(((Math.floor(stamp / 2 ** 15) & 0x7fff) << 1) | 1, at + 1);
  bytes.writeUInt16BE(((stamp & 0x7fff) << 1) | 1, at + 3);
}
