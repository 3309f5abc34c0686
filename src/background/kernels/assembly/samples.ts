/** Samples within this many grey values of each other count as one value. */
const SAME_VALUE: i32 = 8;

/**
 * The mean of the samples of one pixel within ±8 of their median, in 256 parts of a grey value.
 * @param samples `length` bytes, and 15 more that are overwritten
 */
export function robustMean(samples: usize, length: i32): i32 {
  const end = samples + <usize>length;
  // What is not smaller than anything changes no median.
  v128.store(end, i8x16.splat(-1));
  const half = length >> 1;
  let median = 0;
  for (let bit = 128; bit > 0; bit >>= 1) {
    if (countBelow(samples, end, median | bit) <= half) median |= bit;
  }
  let sum = 0;
  let near = 0;
  for (let at = samples; at < end; at++) {
    const sample = <i32>load<u8>(at);
    if (abs(sample - median) > SAME_VALUE) continue;
    sum += sample;
    near++;
  }
  return (512 * sum + near) / (2 * near);
}

function countBelow(samples: usize, end: usize, limit: i32): i32 {
  const limits = i8x16.splat(<i8>limit);
  let below = 0;
  for (let at = samples; at < end; at += 16) {
    below += popcnt(i8x16.bitmask(i8x16.lt_u(v128.load(at), limits)));
  }
  return below;
}
