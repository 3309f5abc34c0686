import { Clip } from '../../src/background/kernels/clip.js';
import { FrameMemory } from '../../src/background/kernels/frame-memory.js';

/** Copies frames of one size to where kernels see them. */
export function clipOf(frames: readonly Uint8Array[], width: number, height: number): Clip {
  const held = FrameMemory.holding(frames);
  return new Clip(held.memory, held.frames, width, height);
}
