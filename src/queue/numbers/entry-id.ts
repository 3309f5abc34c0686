/** Whether an entry was given out before another one. */
export function isBefore(a: string, b: string): boolean {
  const [[aMs, aSeq], [bMs, bSeq]] = [partsOf(a), partsOf(b)];
  return aMs === bMs ? aSeq < bSeq : aMs < bMs;
}

/** How long ago an entry was given out, ms; undefined where there is none. One from the future is of now. */
export function ageOf(entryId: string | undefined, now: number): number | undefined {
  return entryId === undefined ? undefined : Math.max(0, now - Number(entryId.split('-')[0]));
}

function partsOf(id: string): [ms: bigint, seq: bigint] {
  const [ms = '0', seq = '0'] = id.split('-');
  return [BigInt(ms), BigInt(seq)];
}
