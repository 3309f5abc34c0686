import type { CaptureRequest } from '../capture/frame-source.js';
import type { FfmpegSettings } from '../capture/ffmpeg-frame-source.js';
import type { Background } from './background.js';
import { callThread } from './thread-call.js';

/** What to watch, and how ffmpeg is to be run for it. */
export interface ExtractRequest extends CaptureRequest {
  readonly ffmpeg: FfmpegSettings;
}

/** The stages of an extraction, as they begin. */
export type ExtractStep = 'capture' | 'background';

/** How an extraction is run. */
export interface ExtractOptions {
  signal: AbortSignal;
  onStep?: (step: ExtractStep) => void;
}

const THREAD = new URL('./background.thread.js', import.meta.url);

/** Watches a camera and finds its empty road. Frames are captured and kept in a thread of their own. */
export class BackgroundExtractor {
  /** @param thread the module to run; tests give one with frames of their own */
  constructor(private readonly thread: URL = THREAD) {}

  /**
   * Watches once. When the promise settles, ffmpeg and the thread are gone.
   * @throws what `FrameSource.capture` throws; TransientStepError `HLS_TOO_FEW_FRAMES`, `VISION_CRASHED`
   * @throws the signal's reason when it aborts, at most 4 s later
   */
  extract(request: ExtractRequest, { signal, onStep }: ExtractOptions): Promise<Background> {
    const step = onStep as ((name: string) => void) | undefined;
    return callThread<Background>(this.thread, request, { signal, ...(step && { onStep: step }) });
  }
}
