import type { Pointer } from './kernels.js';

const PAGE_BYTES = 65_536;

/** Everything starts at a multiple of this, as vectors and cache lines like it. */
const ALIGNMENT = 64;

/** If all frames began at the same place of a page, their samples of one pixel would crowd into one corner of the cache. */
const CACHE_PAGE_BYTES = 4_096;

/**
 * Beside the frames the kernels need room: as many bytes as in so many frames, and in each frame's eighth for each
 * frame. Far more than they use; what is not touched costs nothing.
 */
const ROOM_IN_FRAMES = 32;
const ROOM_PER_FRAME = 1 / 8;
const LEAST_ROOM_BYTES = 2 ** 20;

/**
 * The memory in which kernels work. A capture writes its frames straight into it. It is made in one piece for a known
 * number of frames and never grows, since growing would pull the ground from under every view.
 */
export class FrameMemory {
  private static readonly known = new WeakMap<ArrayBufferLike, FrameMemory>();
  readonly memory: WebAssembly.Memory;
  private readonly stride: number;
  private end: number;
  private readonly isUsed: boolean;

  /**
   * Makes room for `most` frames of `frameBytes` each.
   * @param before a memory that nobody needs any more: if it is large enough its bytes are used again
   */
  constructor(
    private readonly frameBytes: number,
    most: number,
    before?: FrameMemory,
  ) {
    this.stride = aligned(frameBytes, CACHE_PAGE_BYTES) + ALIGNMENT;
    this.end = most * this.stride;
    const room = ROOM_IN_FRAMES * frameBytes + most * ROOM_PER_FRAME * frameBytes + LEAST_ROOM_BYTES;
    this.isUsed = before !== undefined && before.memory.buffer.byteLength >= this.end + room;
    this.memory = this.isUsed
      ? before!.memory
      : new WebAssembly.Memory({ initial: Math.ceil((this.end + room) / PAGE_BYTES) });
    FrameMemory.known.set(this.memory.buffer, this);
  }

  /** Frames of one size in a memory: as they are if one holds them all, else copies of them in a new one. */
  static holding(frames: readonly Uint8Array[]): { memory: FrameMemory; frames: readonly Uint8Array[] } {
    const home = FrameMemory.known.get(frames[0]!.buffer);
    if (home !== undefined && frames.every((frame) => home.holds(frame))) return { memory: home, frames };
    const memory = new FrameMemory(frames[0]!.length, frames.length);
    frames.forEach((frame, index) => memory.frame(index).set(frame));
    return { memory, frames: frames.map((_, index) => memory.frame(index)) };
  }

  /** The room of a frame. */
  frame(index: number): Uint8Array<ArrayBuffer> {
    return this.bytes(index * this.stride, this.frameBytes);
  }

  /** Whether these bytes lie here. */
  holds(view: Uint8Array): boolean {
    return view.buffer === this.memory.buffer;
  }

  /** Where these bytes lie. @throws RangeError when they lie in another memory */
  pointerTo(view: Uint8Array): Pointer {
    if (!this.holds(view)) throw new RangeError('These bytes lie in another memory.');
    return view.byteOffset;
  }

  /** Takes bytes that nobody else has; they are 0. @throws RangeError when there are no more */
  take(bytes: number): Pointer {
    const start = this.end;
    this.end = aligned(start + bytes, ALIGNMENT);
    if (this.end > this.memory.buffer.byteLength) throw new RangeError('The memory of the kernels is full.');
    if (this.isUsed) this.bytes(start, bytes).fill(0);
    return start;
  }

  /** A view; what is written there is seen by the kernels. */
  bytes(start: Pointer, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.memory.buffer, start, length);
  }
}

function aligned(bytes: number, to: number): number {
  return Math.ceil(bytes / to) * to;
}
