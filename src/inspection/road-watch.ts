import type { Background } from '../background/background.js';
import type { BackgroundExtractor, ExtractOptions } from '../background/background-extractor.js';
import type { CaptureRequest } from '../capture/frame-source.js';
import type { GuardedCapture } from '../capture/guarded-capture.js';
import type { OwnHeaders } from '../capture/web/own-headers.js';
import type { Run } from '../job/handler.js';

/** Watches a camera and gives its empty road. */
export class RoadWatch {
  constructor(
    private readonly capture: GuardedCapture,
    private readonly extractor: BackgroundExtractor,
  ) {}

  /**
   * Watches as two steps of a run, which happen in one thread: `capture` and `background`.
   * @param own headers of the camera
   */
  async watch(
    request: CaptureRequest,
    run: Pick<Run, 'step' | 'signal' | 'report'>,
    own?: OwnHeaders,
  ): Promise<Background> {
    const { background, captured } = this.start(request, run.signal, own);
    // The steps below see the error; a signal that aborted already keeps them from listening.
    background.catch(() => undefined);
    await run.step('capture', () => {
      run.report(undefined, `Watching the camera for ${request.seconds} s.`);
      return Promise.race([captured, background]);
    });
    return run.step('background', () => {
      run.report(undefined, 'Taking the traffic off the road.');
      return background;
    });
  }

  private start(request: CaptureRequest, signal: AbortSignal, own: OwnHeaders | undefined) {
    let noteCaptured: () => void = () => undefined;
    const captured = new Promise<void>((resolve) => (noteCaptured = resolve));
    const onStep: ExtractOptions['onStep'] = (step) => {
      if (step === 'background') noteCaptured();
    };
    return { captured, background: this.extract(request, { signal, onStep }, own) };
  }

  private extract(request: CaptureRequest, options: ExtractOptions, own?: OwnHeaders): Promise<Background> {
    return this.capture.run(request, (ffmpeg) => this.extractor.extract({ ...request, ffmpeg }, options), own);
  }
}
