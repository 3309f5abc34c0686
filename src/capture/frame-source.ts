/** What to watch. */
export interface CaptureRequest {
  readonly url: string;
  /** s of video to spread the frames over */
  readonly seconds: number;
}

/**
 * Frames as decoded, planar YUV 4:2:0: the whole Y plane, then U, then V, rows without padding.
 * They come in pairs spread over the clip: frames[2k] and frames[2k+1] are neighbours in the source.
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
   * @throws PermanentStepError, TransientStepError with a code of src/capture/classify.ts; signal.reason when aborted
   */
  abstract capture(request: CaptureRequest, signal: AbortSignal): Promise<CapturedFrames>;
}
