import { blocksOf, type Blocks } from '../../picture/blocks.js';
import { planesOf, type Plane } from '../../picture/plane.js';
import type { FrameMemory } from './frame-memory.js';
import { kernelsIn, type Kernels, type Pointer } from './kernels.js';

/** Frames in the kernels' memory, and the kernels that work on them. */
export class Clip {
  readonly kernels: Kernels;
  readonly blocks: Blocks;
  readonly planes: [Plane, Plane, Plane];
  /** Room that any kernel may overwrite. */
  readonly scratch: Pointer;

  /**
   * @param frames as captured, all in `memory`
   * @param width px, even
   * @param height px, even
   */
  constructor(
    readonly memory: FrameMemory,
    readonly frames: readonly Uint8Array[],
    readonly width: number,
    readonly height: number,
  ) {
    this.blocks = blocksOf(width, height);
    this.planes = planesOf(width, height, this.blocks.size);
    this.kernels = kernelsIn(memory.memory);
    this.scratch = memory.take(scratchBytes(frames.length, width, height, this.blocks));
    const { size, columns, rows } = this.blocks;
    this.kernels.open(this.frameTable(), frames.length, width, height, size, columns, rows, this.scratch);
  }

  private frameTable(): Pointer {
    const table = this.memory.take(4 * this.frames.length);
    const pointers = new Uint32Array(this.memory.memory.buffer, table, this.frames.length);
    this.frames.forEach((frame, i) => (pointers[i] = this.memory.pointerTo(frame)));
    return table;
  }
}

/** The samples of a block, the masks that are closed, the lines that are moved: whatever needs most, and some more. */
function scratchBytes(frames: number, width: number, height: number, { columns, rows }: Blocks): number {
  return 8_192 + 208 * frames + 10 * columns * rows + 2 * (columns + 64) * (rows + 8) + 24 * (width + height);
}
