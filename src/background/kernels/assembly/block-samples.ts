import { columns, count, frameAt, height, size, width } from './picture';

/** Bytes of one frame's samples of one block: luma, U and V of 8 x 8 px, or of 4 x 4 px and empty space. */
export function sampleStride(): usize {
  return size == 8 ? 96 : 32;
}

/**
 * Lays the samples of a block side by side, since frames lie far apart, which caches resent. What a block at the right
 * edge lacks is filled with bytes that mean nothing; what one at the lower edge lacks repeats its last line.
 *
 * @param list indices of the frames wanted, one u16 each
 */
export function gatherBlock(block: i32, list: usize, length: i32, to: usize): void {
  const left = (block % columns) * size;
  const top = (block / columns) * size;
  for (let i = 0; i < length; i++) {
    const frame = frameAt(load<u16>(list + ((<usize>i) << 1)));
    if (size == 8) gather8(frame, left, top, to);
    else gather4(frame, left, top, to);
    to += sampleStride();
  }
}

function gather8(frame: usize, left: i32, top: i32, to: usize): void {
  for (let y = 0; y < 8; y++) {
    store<u64>(to + ((<usize>y) << 3), load<u64>(frame + <usize>(min(top + y, height - 1) * width + left)));
  }
  const half = width >> 1;
  const u = frame + <usize>(width * height);
  const v = u + <usize>((width * height) >> 2);
  for (let y = 0; y < 4; y++) {
    const at = <usize>(min((top >> 1) + y, (height >> 1) - 1) * half + (left >> 1));
    store<u32>(to + 64 + ((<usize>y) << 2), load<u32>(u + at));
    store<u32>(to + 80 + ((<usize>y) << 2), load<u32>(v + at));
  }
}

function gather4(frame: usize, left: i32, top: i32, to: usize): void {
  for (let y = 0; y < 4; y++) {
    store<u32>(to + ((<usize>y) << 2), load<u32>(frame + <usize>(min(top + y, height - 1) * width + left)));
  }
  const half = width >> 1;
  const u = frame + <usize>(width * height);
  const v = u + <usize>((width * height) >> 2);
  for (let y = 0; y < 2; y++) {
    const at = <usize>(min((top >> 1) + y, (height >> 1) - 1) * half + (left >> 1));
    store<u16>(to + 16 + ((<usize>y) << 1), load<u16>(u + at));
    store<u16>(to + 20 + ((<usize>y) << 1), load<u16>(v + at));
  }
}

/** Writes the fine samples of a block, laid out as {@link gatherBlock} does, into a fine frame. */
export function scatterBlock(block: i32, fine: usize, out: usize): void {
  const left = (block % columns) * size;
  const top = (block / columns) * size;
  const luma = width * height;
  const half = size >> 1;
  const chroma = fine + <usize>(2 * size * size);
  scatter(fine, size, out, width, height, left, top);
  scatter(chroma, half, out + <usize>(2 * luma), width >> 1, height >> 1, left >> 1, top >> 1);
  scatter(
    chroma + <usize>(2 * half * half),
    half,
    out + <usize>(2 * luma + (luma >> 1)),
    width >> 1,
    height >> 1,
    left >> 1,
    top >> 1,
  );
}

function scatter(fine: usize, side: i32, plane: usize, wide: i32, high: i32, left: i32, top: i32): void {
  const bytes = <usize>(2 * min(side, wide - left));
  const lines = min(side, high - top);
  for (let y = 0; y < lines; y++) {
    memory.copy(plane + <usize>(2 * ((top + y) * wide + left)), fine + <usize>(2 * y * side), bytes);
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
