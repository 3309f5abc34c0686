import { gatherBlock, listQuiet, sampleStride } from './block-samples';
import { columns, count, height, rows, scratch, size, width } from './picture';
import { robustMean } from './samples';

/** Samples within this many grey values of each other count as one value. */
const SAME_VALUE: i32 = 8;

/** Of the histogram, with room for {@link SAME_VALUE} on both sides. Counts are u16. */
const HISTOGRAM_BYTES: i32 = 2 * (256 + 2 * SAME_VALUE);

/** The value that {@link likeliest} found, a mean. */
let value: f64 = 0;

/**
 * In crowded blocks the median is a mixture of vehicles and their shadows. There the value is taken that comes most
 * often while a block itself does not move, weighed by how well it fits the road beside it.
 *
 * @param crowded a byte for every block
 * @param moved of each pair of frames, a byte for every block
 * @param weights of the 256 grey values in this row of blocks, f64
 * @param out a fine frame
 */
export function fillCrowded(row: i32, crowded: usize, moved: usize, weights: usize, out: usize): void {
  for (let block = row * columns; block < (row + 1) * columns; block++) {
    if (load<u8>(crowded + <usize>block) == 1) fillBlock(block, moved, weights, out);
  }
}

function fillBlock(block: i32, moved: usize, weights: usize, out: usize): void {
  const list = scratch;
  const histogram = scratch + <usize>(2 * count);
  const showing = histogram + <usize>HISTOGRAM_BYTES;
  const samples = showing + <usize>(count + 16);
  const still = listQuiet(moved, block, columns * rows, list);
  if (still == 0) return;
  gatherBlock(block, list, still, samples);
  memory.fill(histogram, 0, HISTOGRAM_BYTES);
  const left = (block % columns) * size;
  const top = (block / columns) * size;
  for (let y = 0; y < min(size, height - top); y++) {
    for (let x = 0; x < min(size, width - left); x++) {
      const pixel = samples + <usize>(y * size + x);
      likeliest(pixel, still, weights, histogram + <usize>(2 * SAME_VALUE));
      store<u16>(out + <usize>(2 * ((top + y) * width + left + x)), <u16>Math.floor(256 * value + 0.5));
      if (((x | y) & 1) == 0) fillColour(pixel, samples, still, x, y, left, top, showing, out);
    }
  }
}

/** Finds the likeliest of the samples of a pixel, and leaves the histogram empty. */
function likeliest(pixel: usize, length: i32, weights: usize, histogram: usize): void {
  const stride = sampleStride();
  const end = pixel + <usize>length * stride;
  for (let at = pixel; at < end; at += stride) {
    const bin = histogram + ((<usize>load<u8>(at)) << 1);
    store<u16>(bin, load<u16>(bin) + 1);
  }
  let best: f64 = -1;
  let centre = 0;
  let centreCount = 0;
  for (let at = pixel; at < end; at += stride) {
    const sample = <i32>load<u8>(at);
    const near = countAround(histogram + <usize>(2 * sample));
    const weight = <f64>near * load<f64>(weights + ((<usize>sample) << 3));
    if (weight <= best) continue;
    best = weight;
    centre = sample;
    centreCount = near;
  }
  let sum = 0;
  for (let near = max(0, centre - SAME_VALUE); near <= min(255, centre + SAME_VALUE); near++) {
    sum += near * <i32>load<u16>(histogram + <usize>(2 * near));
  }
  value = <f64>sum / <f64>centreCount;
  for (let at = pixel; at < end; at += stride) store<u16>(histogram + ((<usize>load<u8>(at)) << 1), 0);
}

/** How many samples lie within {@link SAME_VALUE} of a bin's. */
function countAround(bin: usize): i32 {
  const sums = i16x8.add(v128.load(bin - 16), v128.load(bin));
  const quarters = i32x4.extadd_pairwise_i16x8_u(sums);
  let near = i32x4.extract_lane(quarters, 0) + i32x4.extract_lane(quarters, 1);
  near += i32x4.extract_lane(quarters, 2) + i32x4.extract_lane(quarters, 3);
  return near + <i32>load<u16>(bin + 16);
}

/** The colour of four pixels, from the frames that show {@link value} in the first of them. */
function fillColour(
  pixel: usize,
  samples: usize,
  length: i32,
  x: i32,
  y: i32,
  left: i32,
  top: i32,
  showing: usize,
  out: usize,
): void {
  const half = size >> 1;
  const luma = width * height;
  const inBlock = (y >> 1) * half + (x >> 1);
  const inPlane = ((top + y) >> 1) * (width >> 1) + ((left + x) >> 1);
  for (let plane = 0; plane < 2; plane++) {
    const from = samples + <usize>(size * size + plane * half * half + inBlock);
    const mean = robustMean(showing, copyShowing(pixel, from, length, showing));
    store<u16>(out + <usize>(2 * (luma + plane * (luma >> 2) + inPlane)), <u16>mean);
  }
}

function copyShowing(pixel: usize, from: usize, length: i32, to: usize): i32 {
  const stride = sampleStride();
  let copied = 0;
  for (let i: usize = 0; i < <usize>length * stride; i += stride) {
    if (Math.abs(<f64>load<u8>(pixel + i) - value) > <f64>SAME_VALUE) continue;
    store<u8>(to + <usize>copied, load<u8>(from + i));
    copied++;
  }
  return copied;
}
