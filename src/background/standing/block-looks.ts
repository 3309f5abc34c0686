import type { Clip } from '../kernels/clip.js';
import type { Mask } from '../../picture/mask.js';
import type { QuietBlocks } from '../steps/motion.js';

/** A block is known by the mean luma of its quarters: four bytes. */
const QUARTERS = 4;

/** Two looks of a block are one when no quarter differs by more than this, grey values. */
const ONE_LOOK = 9;

/** One way a block looked while nothing moved in it. */
export interface BlockLook {
  /** Mean luma of the quarters. */
  readonly quarters: number[];
  /** Pairs of frames that show it, in the order of time. */
  readonly pairs: number[];
}

/** How the blocks of a clip look in each pair of frames. */
export class BlockLooks {
  private readonly signatures: Uint8Array;

  constructor(
    private readonly clip: Clip,
    private readonly gates: QuietBlocks,
    private readonly road: Mask,
  ) {
    const blocks = road.data.length;
    this.signatures = new Uint8Array(gates.pairs.length * blocks * QUARTERS);
    gates.pairs.forEach(({ closed }, pair) => {
      const luma = clip.frames[2 * pair]!;
      for (let block = 0; block < blocks; block++) {
        if (road.data[block] === 0 || closed.data[block] === 1) continue;
        this.write(luma, block, this.signatures, (pair * blocks + block) * QUARTERS);
      }
    });
  }

  /** The looks of a block while it was quiet, in the order in which they were first seen. */
  of(block: number): BlockLook[] {
    const looks: BlockLook[] = [];
    const blocks = this.gates.quiet.length;
    this.gates.pairs.forEach(({ closed }, pair) => {
      if (closed.data[block] === 1) return;
      const at = (pair * blocks + block) * QUARTERS;
      const look = looks.find((known) => isLike(known.quarters, this.signatures, at));
      if (look === undefined) looks.push({ quarters: [...this.signatures.subarray(at, at + QUARTERS)], pairs: [pair] });
      else look.pairs.push(pair);
    });
    return looks;
  }

  /** Which of its looks a block has in a luma plane; undefined when it has none of them. */
  shownIn(luma: Uint8Array, block: number, looks: readonly BlockLook[]): BlockLook | undefined {
    const own = this.signatureOf(luma, block);
    return looks.find(({ quarters }) => isLike(quarters, own, 0));
  }

  /** The mean luma of a block's quarters. */
  signatureOf(luma: Uint8Array, block: number): number[] {
    const own = new Uint8Array(QUARTERS);
    this.write(luma, block, own, 0);
    return [...own];
  }

  /** Whether anything ever moved in a block. */
  isDriven(block: number): boolean {
    return this.road.data[block] === 1;
  }

  /** Whether nothing moved in a block while a pair of frames was taken. */
  isQuiet(block: number, pair: number): boolean {
    return this.gates.pairs[pair]!.closed.data[block] === 0;
  }

  /** The mean of every pixel of small blocks, and of every second one in both directions of large ones. */
  private write(luma: Uint8Array, block: number, out: Uint8Array, at: number): void {
    const { width, height, blocks } = this.clip;
    const half = blocks.size >> 1;
    const step = blocks.size >> 2;
    const left = (block % blocks.columns) * blocks.size;
    const top = Math.floor(block / blocks.columns) * blocks.size;
    for (let quarter = 0; quarter < QUARTERS; quarter++) {
      const x0 = left + (quarter & 1) * half;
      const y0 = top + (quarter >> 1) * half;
      let [sum, count] = [0, 0];
      for (let y = y0; y < Math.min(height, y0 + half); y += step) {
        for (let x = x0; x < Math.min(width, x0 + half); x += step, count++) sum += luma[y * width + x]!;
      }
      out[at + quarter] = count === 0 ? 0 : sum / count;
    }
  }
}

function isLike(quarters: readonly number[], signatures: ArrayLike<number>, at: number): boolean {
  for (let i = 0; i < QUARTERS; i++) if (Math.abs(quarters[i]! - signatures[at + i]!) > ONE_LOOK) return false;
  return true;
}
