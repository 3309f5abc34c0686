/**
 * Lines of ffmpeg that say: a picture was made up in part, or is missing and others refer to it. Not every complaint of a
 * decoder is one: cameras that break the letter of H.264 and still send whole pictures are many.
 */
const DAMAGE =
  /corrupt decoded frame|Frame num gap|Error while decoding stream|Error submitting packet to decoder|Could not find ref with POC/;

const DAMAGED_FRAME = /corrupt decoded frame/;

/** Complaints come before the frames they are about: by one frame, as long as decoder and filters share a thread … */
const LAG_IN_ONE_THREAD = 1;
/** … and from ffmpeg 7 on, where queues of 8 packets and frames lie between them, by some more. */
const LAG_BETWEEN_THREADS = 12;
const FIRST_WITH_THREADS = 7;

/**
 * Follows which decoded frames are whole. What is damaged in one frame is handed on by all that are predicted from it, until
 * the next key frame; the decoder complains of the first only.
 */
export class StreamSoundness {
  private frame = -1;
  private keyFrame = 0;
  private damagedAt = -Infinity;
  private started = false;
  private groups = 0;
  private readonly lag: number;

  /** @param majorVersion of ffmpeg; null for one that is taken for new */
  constructor(majorVersion: number | null) {
    this.lag = (majorVersion ?? FIRST_WITH_THREADS) < FIRST_WITH_THREADS ? LAG_IN_ONE_THREAD : LAG_BETWEEN_THREADS;
  }

  /** The input was looked at and is decoded from now on; what the look complained of may have been its own fault. */
  start(): void {
    this.started = true;
  }

  /** Reads a line that is no announcement. */
  read(line: string): void {
    // Who joins between two key frames gets errors until the next one, and no frame.
    const sign = this.frame < 0 ? DAMAGED_FRAME : DAMAGE;
    if (this.started && sign.test(line)) this.damagedAt = this.frame;
  }

  /** A frame was decoded. */
  sawFrame(isKey: boolean): void {
    this.frame += 1;
    if (!isKey) return;
    this.keyFrame = this.frame;
    this.groups += 1;
  }

  /** Whether the frame that was decoded last is whole, as far as the decoder knows. */
  get isSound(): boolean {
    return this.damagedAt < this.keyFrame - this.lag;
  }

  /** Counts groups of pictures: frames of one group are predicted from each other, those of two are not. */
  get group(): number {
    return this.groups;
  }
}
