/** Where frames are kept: gives the bytes of each, by its index, all of one size. */
export interface FrameRoom {
  frame(index: number): Uint8Array<ArrayBuffer>;
}

/** Cuts a stream of raw bytes into frames of one size. Holds at most `maxFrames` frames and drops what comes after. */
export class FrameAssembler {
  readonly frames: Uint8Array[] = [];
  private current: Uint8Array<ArrayBuffer> | null = null;
  private filled = 0;

  /**
   * @param frameBytes bytes of one frame
   * @param room where to keep the frames; they are never copied again
   */
  constructor(
    private readonly frameBytes: number,
    private readonly maxFrames: number,
    private readonly room: FrameRoom = { frame: () => new Uint8Array(frameBytes) },
  ) {}

  get isFull(): boolean {
    return this.frames.length >= this.maxFrames;
  }

  /** Takes the next bytes; a frame that never completes is never listed. */
  push(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length && !this.isFull;) {
      from += this.fill(bytes.subarray(from));
    }
  }

  private fill(bytes: Uint8Array): number {
    this.current ??= this.room.frame(this.frames.length);
    const taken = bytes.subarray(0, this.frameBytes - this.filled);
    this.current.set(taken, this.filled);
    this.filled += taken.length;
    if (this.filled === this.frameBytes) this.finish(this.current);
    return taken.length;
  }

  private finish(frame: Uint8Array): void {
    this.frames.push(frame);
    this.current = null;
    this.filled = 0;
  }
}
