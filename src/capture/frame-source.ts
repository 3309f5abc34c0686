/** What to watch. */
export interface CaptureRequest {
  readonly url: string;
  /** s of video to spread the frames over */
  readonly seconds: number;
}

/** How much was seen of what was asked for, and how well it came. */
export interface Look {
  /** s of video that were asked for */
  readonly askedSeconds: number;
  /** s of video that came, without gaps and without what came twice; never more than asked for */
  readonly watchedSeconds: number;
  /** Why no more can be had by looking again: the recording itself is no longer. Never so for a live stream. */
  readonly endedByItself: boolean;
  /** Times that the stream broke off and was taken up again. */
  readonly reconnects: number;
  /** Frames that were taken. */
  readonly framesTaken: number;
  /** Of those, frames in which the decoder had to make something up, or that were predicted from such. */
  readonly framesDamaged: number;
  /** Too few others were left to do without those. */
  readonly showsDamaged: boolean;
  /** The pictures as they are coded. */
  readonly source: SourceSize;
}

/** The size of pictures as they are coded, before they are brought to square pixels and within bounds. */
export interface SourceSize {
  /** px */
  readonly width: number;
  /** px */
  readonly height: number;
  /** Width of a pixel to its height, `16:11`; `0:1` when the stream does not say, and square pixels are taken for granted. */
  readonly sampleAspectRatio: string;
}

/**
 * Frames as decoded, planar YUV 4:2:0: the whole Y plane, then U, then V, rows without padding.
 * They come in pairs spread over the clip: frames[2k] and frames[2k+1] are neighbours in the source. Pixels are square.
 * Damaged frames are left out, unless too few others remain.
 */
export interface CapturedFrames {
  /** px, even */
  readonly width: number;
  /** px, even */
  readonly height: number;
  /** Each width * height * 3/2 bytes. */
  readonly frames: readonly Uint8Array[];
  /** Of each frame, in s from the first. */
  readonly timesSeconds: readonly number[];
  /** Of each frame, the number of its group of pictures: those of two groups are not predicted from each other. */
  readonly groups: readonly number[];
  readonly look: Look;
  readonly sourceFps: number | null;
  readonly colorMatrix: 'bt601' | 'bt709';
  /** False for the usual limited range (Y 16..235). */
  readonly fullRange: boolean;
}

/**
 * Where frames come from; the only seam between the network and the vision code.
 * Memory is bounded by the source, whatever the stream does.
 */
export abstract class FrameSource {
  /**
   * Captures once.
   * @throws PermanentStepError, TransientStepError with a code of src/capture/ending/classify.ts; signal.reason when aborted
   */
  abstract capture(request: CaptureRequest, signal: AbortSignal): Promise<CapturedFrames>;
}
