import { columns, count, frameAt, height, size, width } from './picture';

/** Bytes of one frame's samples of one block: luma, U and V of 8 x 8 px, or of 4 x 4 px and empty space. */
export function sampleStride(): usize {
  return size == 8 ? 96 : 32;
}

/**
 * Lays the samples of a block side by side, since frames lie far apart, which caches resent. What a block at the edge
 * lacks is filled with bytes that mean nothing.
 *
 * @param list indices of the frames wanted, one u16 each
 */
export function gatherBlock(block: i32, list: usize, length: i32, to: usize): void {
  const left = (block % columns) * size;
  const top = (block / columns) * size;
  const lines = min(size, height - top);
  const luma = <usize>(top * width + left);
  const u = <usize>(width * height + (top >> 1) * (width >> 1) + (left >> 1));
  const v = u + <usize>((width * height) >> 2);
  for (let i = 0; i < length; i++) {
    const frame = frameAt(load<u16>(list + ((<usize>i) << 1)));
    if (size == 8) {
      copyEights(frame + luma, width, lines, to);
      copyFours(frame + u, width >> 1, lines >> 1, to + 64);
      copyFours(frame + v, width >> 1, lines >> 1, to + 80);
    } else {
      copyFours(frame + luma, width, lines, to);
      copyTwos(frame + u, width >> 1, lines >> 1, to + 16);
      copyTwos(frame + v, width >> 1, lines >> 1, to + 20);
    }
    to += sampleStride();
  }
}

/** Copies 8 bytes of each line to where nothing lies between them. */
export function copyEights(from: usize, stride: i32, lines: i32, to: usize): void {
  for (const end = to + ((<usize>lines) << 3); to < end; to += 8) {
    store<u64>(to, load<u64>(from));
    from += <usize>stride;
  }
}

function copyFours(from: usize, stride: i32, lines: i32, to: usize): void {
  for (const end = to + ((<usize>lines) << 2); to < end; to += 4) {
    store<u32>(to, load<u32>(from));
    from += <usize>stride;
  }
}

function copyTwos(from: usize, stride: i32, lines: i32, to: usize): void {
  for (const end = to + ((<usize>lines) << 1); to < end; to += 2) {
    store<u16>(to, load<u16>(from));
    from += <usize>stride;
  }
}

/** Bytes of one frame's samples of two whole blocks of 8 x 8 px, side by side. */
export const PAIR_STRIDE: usize = 192;

/** As {@link gatherBlock}, for a whole block of 8 x 8 px and its right neighbour: what lies together is read together. */
export function gatherPair(block: i32, list: usize, length: i32, to: usize): void {
  const left = (block % columns) * 8;
  const top = (block / columns) * 8;
  const half = <usize>(width >> 1);
  const luma = <usize>(top * width + left);
  const u = <usize>(width * height + (top >> 1) * (width >> 1) + (left >> 1));
  const v = u + <usize>((width * height) >> 2);
  for (let i = 0; i < length; i++) {
    const frame = frameAt(load<u16>(list + ((<usize>i) << 1)));
    let from = frame + luma;
    for (const end = to + 128; to < end; to += 16) {
      v128.store(to, v128.load(from));
      from += <usize>width;
    }
    copyEights(frame + u, <i32>half, 4, to);
    copyEights(frame + v, <i32>half, 4, to + 32);
    to += 64;
  }
}

/** Writes the fine samples of a block, or of several side by side, `wide` px together, into a fine frame. */
export function scatterBlock(block: i32, wide: i32, fine: usize, out: usize): void {
  const left = (block % columns) * size;
  const top = (block / columns) * size;
  const luma = width * height;
  const chroma = fine + <usize>(2 * wide * size);
  const u = out + <usize>(2 * luma);
  const v = u + <usize>(luma >> 1);
  scatter(fine, wide, size, out, width, height, left, top);
  scatter(chroma, wide >> 1, size >> 1, u, width >> 1, height >> 1, left >> 1, top >> 1);
  const behind = chroma + <usize>((wide * size) >> 1);
  scatter(behind, wide >> 1, size >> 1, v, width >> 1, height >> 1, left >> 1, top >> 1);
}

function scatter(
  fine: usize,
  wide: i32,
  high: i32,
  plane: usize,
  planeWidth: i32,
  planeHeight: i32,
  left: i32,
  top: i32,
): void {
  const bytes = <usize>(2 * min(wide, planeWidth - left));
  const lines = min(high, planeHeight - top);
  for (let y = 0; y < lines; y++) {
    memory.copy(plane + <usize>(2 * ((top + y) * planeWidth + left)), fine + <usize>(2 * y * wide), bytes);
  }
}

/** The indices of all frames at `list`. */
export function listAll(list: usize): i32 {
  for (let i = 0; i < count; i++) store<u16>(list + ((<usize>i) << 1), <u16>i);
  return count;
}

/**
 * Lists the frames in which a block's gate is 0.
 * @param gates a byte for every block, then those of the next pair of frames
 * @returns how many there are
 */
export function listQuiet(gates: usize, block: i32, blocks: i32, list: usize): i32 {
  let length = 0;
  let gate = gates + <usize>block;
  for (let i = 0; i < count; i += 2) {
    if (load<u8>(gate) == 0) {
      store<u16>(list + ((<usize>length) << 1), <u16>i);
      store<u16>(list + ((<usize>length) << 1), <u16>(i + 1), 2);
      length += 2;
    }
    gate += <usize>blocks;
  }
  return length;
}
