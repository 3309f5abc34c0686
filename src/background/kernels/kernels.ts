import { readFileSync } from 'node:fs';

/** A place in the kernels' memory, bytes from its start. */
export type Pointer = number;

/**
 * What `assembly/index.ts` exports; what each kernel does is told there. Gates are a byte for every block, those of one
 * pair of frames after the other; a fine frame is explained in `fine.ts`.
 */
export interface Kernels {
  open(
    frames: Pointer,
    count: number,
    width: number,
    height: number,
    blockSize: number,
    columns: number,
    rows: number,
    scratch: Pointer,
  ): void;
  structureOf(patch: Pointer, out: Pointer): void;
  differenceOf(from: Pointer, to: Pointer): number;
  addShiftCosts(from: Pointer, to: Pointer, costs: Pointer): void;
  correlate(slopes: Pointer, values: Pointer, out: Pointer): void;
  follow(patch: Pointer, frame: Pointer, structure: Pointer, shift: Pointer): number;
  weigh(first: number, second: number, third: number, fourth: number): void;
  moveRows(plane: Pointer, width: number, height: number, whole: number): void;
  moveColumns(plane: Pointer, width: number, height: number, whole: number): void;
  blockDifferences(before: Pointer, after: Pointer, out: Pointer): void;
  deviations(values: Pointer, length: number, centre: number, out: Pointer): void;
  middleOf(values: Pointer, length: number): number;
  blocksAbove(differences: Pointer, threshold: number, out: Pointer): void;
  countQuiet(gates: Pointer, pairs: number, out: Pointer): void;
  closeMotion(moved: Pointer, closed: Pointer): void;
  gatedMedian(closed: Pointer, out: Pointer, fromRow: number, untilRow: number): void;
  fillCrowded(row: number, crowded: Pointer, moved: Pointer, weights: Pointer, out: Pointer): void;
  lookAgain(
    row: number,
    road: Pointer,
    closed: Pointer,
    moved: Pointer,
    median: Pointer,
    values: Pointer,
    stood: Pointer,
  ): void;
  listDifferent(bytes: Pointer, others: Pointer, length: number, list: Pointer): number;
  robustMean(samples: Pointer, length: number): number;
  measureLuma(luma: Pointer, out: Pointer): void;
  roundFine(fine: Pointer, length: number, out: Pointer): void;
  toRgb(
    fine: Pointer,
    out: Pointer,
    base: number,
    gain: number,
    redByV: number,
    greenByU: number,
    greenByV: number,
    blueByU: number,
  ): void;
}

/** Built from `assembly/` by `npm run build:kernels`. */
const FILE = new URL('./kernels.wasm', import.meta.url);

let module: WebAssembly.Module | undefined;

/** Kernels that work in a memory. Reads and compiles a few kB the first time, so it belongs in a thread. */
export function kernelsIn(memory: WebAssembly.Memory): Kernels {
  module ??= new WebAssembly.Module(new Uint8Array(readFileSync(FILE)));
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
}
