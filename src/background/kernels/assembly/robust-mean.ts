/** Samples further than this from the median are not the background: grey values. */
const SAME_VALUE: u8 = 8;

/** So many offsets of at most twice {@link SAME_VALUE} can be added up in a byte. */
const MOST_IN_A_BYTE: i32 = 15;

/**
 * For 16 pixels at once the mean of the samples within ±8 of their median, in 256 parts of a grey value: 16 u16 at `out`.
 *
 * @param samples the first sample of each pixel; the next ones follow every `stride` bytes
 * @param count 1 to 510: the middle of more is not found by counting in bytes
 */
export function robustMeans(samples: usize, stride: usize, count: i32, out: usize): void {
  meansAround(medians(samples, stride, count), samples, stride, count, out);
}

/** The largest value that at most half of the samples lie below, found bit by bit. */
function medians(samples: usize, stride: usize, count: i32): v128 {
  const end = samples + <usize>count * stride;
  // Counted up from -128 and never past 127, so that all of a byte's range is used.
  const tooFew = i8x16.splat(<i8>(count - (count >> 1) - 129));
  let median = i8x16.splat(0);
  for (let bit = 128; bit > 0; bit >>= 1) {
    const candidate = v128.or(median, i8x16.splat(<i8>bit));
    let reached = i8x16.splat(-128);
    for (let at = samples; at < end; at += stride) {
      const sample = v128.load(at);
      reached = i8x16.sub_sat_s(reached, i8x16.eq(i8x16.max_u(sample, candidate), sample));
    }
    median = v128.bitselect(candidate, median, i8x16.gt_s(reached, tooFew));
  }
  return median;
}

function meansAround(median: v128, samples: usize, stride: usize, count: i32, out: usize): void {
  const lowest = i8x16.sub_sat_u(median, i8x16.splat(SAME_VALUE));
  const span = i8x16.sub(i8x16.add_sat_u(median, i8x16.splat(SAME_VALUE)), lowest);
  let sumsLow = i16x8.splat(0);
  let sumsHigh = i16x8.splat(0);
  let countsLow = i16x8.splat(0);
  let countsHigh = i16x8.splat(0);
  let at = samples;
  for (let left = count; left > 0; left -= MOST_IN_A_BYTE) {
    const end = at + <usize>min(left, MOST_IN_A_BYTE) * stride;
    let sums = i8x16.splat(0);
    let counts = i8x16.splat(0);
    for (; at < end; at += stride) {
      const offset = i8x16.sub(v128.load(at), lowest);
      const near = i8x16.eq(i8x16.min_u(offset, span), offset);
      sums = i8x16.add(sums, v128.and(offset, near));
      counts = i8x16.sub(counts, near);
    }
    sumsLow = i16x8.add(sumsLow, i16x8.extend_low_i8x16_u(sums));
    sumsHigh = i16x8.add(sumsHigh, i16x8.extend_high_i8x16_u(sums));
    countsLow = i16x8.add(countsLow, i16x8.extend_low_i8x16_u(counts));
    countsHigh = i16x8.add(countsHigh, i16x8.extend_high_i8x16_u(counts));
  }
  v128.store(out, fineMeans(sumsLow, countsLow, i16x8.extend_low_i8x16_u(lowest)));
  v128.store(out, fineMeans(sumsHigh, countsHigh, i16x8.extend_high_i8x16_u(lowest)), 16);
}

function fineMeans(sums: v128, counts: v128, lowest: v128): v128 {
  const low = fineQuotients(i32x4.extend_low_i16x8_u(sums), i32x4.extend_low_i16x8_u(counts));
  const high = fineQuotients(i32x4.extend_high_i16x8_u(sums), i32x4.extend_high_i16x8_u(counts));
  return i16x8.add(i16x8.narrow_i32x4_u(low, high), i16x8.shl(lowest, 8));
}

/** Rounded as `Math.round` does. Quotients are at most 16, so a float never mistakes on which side of a half they lie. */
function fineQuotients(sums: v128, counts: v128): v128 {
  const quotients = f32x4.div(f32x4.mul(f32x4.convert_i32x4_u(sums), f32x4.splat(256)), f32x4.convert_i32x4_u(counts));
  return i32x4.trunc_sat_f32x4_u(f32x4.add(quotients, f32x4.splat(0.5)));
}
