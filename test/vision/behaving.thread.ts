import { FrameSource, type CapturedFrames, type CaptureRequest } from '../../src/capture/frame-source.js';
import type { Background } from '../../src/background/background.js';
import { task } from '../../src/threads/thread-serve.js';
import { captureAndExtract } from '../../src/background/capture-and-extract.js';
import { PermanentStepError, RateLimitedError } from '../../src/job/errors.js';
import { capture } from './drawn-road.js';

/** A source whose URL says how it behaves. */
class BehavingSource extends FrameSource {
  async capture({ url }: CaptureRequest, signal: AbortSignal): Promise<CapturedFrames> {
    switch (url) {
      case 'gone':
        throw new PermanentStepError('HLS_NOT_FOUND', 'The camera is gone.', { step: 'capture' });
      case 'busy':
        throw new RateLimitedError('BUSY', 'Come back later.', 1_234);
      case 'bug':
        throw new RangeError('an index too far');
      case 'dies':
        return process.exit(7);
      case 'crashes':
        queueMicrotask(() => {
          throw new Error('nobody catches this');
        });
        return waitFor(signal);
      case 'devours':
        return devour();
      case 'deaf':
        for (;;);
      case 'waits':
        return waitFor(signal);
      default:
        return capture(64, 48, 10, (time) => [{ x: (time * 3) % 64, y: 20, width: 10, height: 10, value: 200 }]);
    }
  }
}

function waitFor(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const busy = setInterval(() => {}, 1_000);
    signal.addEventListener('abort', () => {
      clearInterval(busy);
      reject(signal.reason as Error);
    });
  });
}

function devour(): never {
  const heap: unknown[] = [];
  for (;;) heap.push(Array.from({ length: 10_000 }, (_, i) => ({ i })));
}

export default task<CaptureRequest, Background>((request, context) =>
  captureAndExtract(new BehavingSource(), request, context),
);
