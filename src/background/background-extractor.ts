import type { CaptureRequest } from '../capture/frame-source.js';
import type { FfmpegSettings } from '../capture/ffmpeg-frame-source.js';
import type { Background } from './background.js';
import { ThreadPool } from '../threads/thread-pool.js';

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

/** Watches cameras and finds their empty roads. Frames are captured and kept in threads, one for each call at a time. */
export class BackgroundExtractor {
  /** @param task the module to run; tests give one with frames of their own */
  constructor(
    private readonly threads = new ThreadPool(),
    private readonly task: URL = THREAD,
  ) {}

  /**
   * Watches once. When the promise settles, ffmpeg is gone, and so is the thread if the call was aborted.
   * @throws what `FrameSource.capture` throws; TransientStepError `HLS_TOO_FEW_FRAMES`, `VISION_CRASHED`
   * @throws the signal's reason when it aborts, at most 4 s later
   */
  extract(request: ExtractRequest, { signal, onStep }: ExtractOptions): Promise<Background> {
    const step = onStep as ((name: string) => void) | undefined;
    return this.threads.call<Background>(this.task, request, { signal, ...(step && { onStep: step }) });
  }
}
