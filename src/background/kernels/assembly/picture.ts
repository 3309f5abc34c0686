/** Where the pointers to the frames lie, one u32 each. */
export let frames: usize = 0;
/** How many frames there are. */
export let count: i32 = 0;
/** px, even */
export let width: i32 = 0;
/** px, even */
export let height: i32 = 0;
/** Side of a block in the luma plane: 8 or 4 px. */
export let size: i32 = 0;
/** Blocks side by side. */
export let columns: i32 = 0;
/** Blocks one below the other. */
export let rows: i32 = 0;
/** Free memory that any kernel may overwrite; see `SCRATCH_BYTES` on the other side. */
export let scratch: usize = 0;

/** Tells what the kernels work on: to be called before all others. An instance serves one clip at a time. */
export function open(
  theFrames: usize,
  theCount: i32,
  theWidth: i32,
  theHeight: i32,
  theSize: i32,
  theColumns: i32,
  theRows: i32,
  theScratch: usize,
): void {
  frames = theFrames;
  count = theCount;
  width = theWidth;
  height = theHeight;
  size = theSize;
  columns = theColumns;
  rows = theRows;
  scratch = theScratch;
}

/** Where a frame starts. */
export function frameAt(index: i32): usize {
  return <usize>load<u32>(frames + ((<usize>index) << 2));
}
