import { afterAll, describe, expect, it } from '@jest/globals';
import { BackgroundExtractor, type ExtractRequest } from '../../src/background/background-extractor.js';
import { ThreadPool } from '../../src/threads/thread-pool.js';
import {
  LeaseLostError,
  PermanentStepError,
  RateLimitedError,
  StoppingError,
  TransientStepError,
} from '../../src/job/errors.js';

const THREAD = new URL('./behaving.thread.js', import.meta.url);
const never = new AbortController().signal;
const threads = new ThreadPool();
afterAll(() => threads.close());

/** The drawn source needs no ffmpeg. */
const watching = (url: string) => ({ url, seconds: 1 }) as ExtractRequest;

const extract = (url: string, signal = never) =>
  new BackgroundExtractor(threads, THREAD).extract(watching(url), { signal });

describe('BackgroundExtractor', () => {
  it('brings the picture, the driven road and the measures out of the thread', async () => {
    const steps: string[] = [];
    const extractor = new BackgroundExtractor(threads, THREAD);
    const options = { signal: never, onStep: (step: string) => void steps.push(step) };
    const background = await extractor.extract(watching('drives'), options);
    expect(background.picture.rgb).toHaveLength(64 * 48 * 3);
    expect(background.drivenRoad.data).toHaveLength(16 * 12);
    expect(background.hiddenRoad.data).toHaveLength(16 * 12);
    expect(background.meta).toMatchObject({ framesUsed: 20, sourceFps: 25 });
    expect(steps).toEqual(['capture', 'background']);
  });

  it('throws the error of the thread with its class, code, message and step', async () => {
    const gone = extract('gone');
    await expect(gone).rejects.toBeInstanceOf(PermanentStepError);
    await expect(gone).rejects.toMatchObject({
      code: 'HLS_NOT_FOUND',
      message: 'The camera is gone.',
      step: 'capture',
    });
  });

  it('keeps how long a rate limit asks to wait', async () => {
    const busy = extract('busy');
    await expect(busy).rejects.toBeInstanceOf(RateLimitedError);
    await expect(busy).rejects.toMatchObject({ retryAfterMs: 1_234 });
  });

  it('shows where in the thread an error nobody planned for came from', async () => {
    const bug: unknown = await extract('bug').catch((error: unknown) => error);
    expect(bug).toMatchObject({ name: 'RangeError', message: 'an index too far' });
    expect((bug as Error).stack).toContain('behaving.thread');
  });

  it.each(['dies', 'crashes', 'devours'])('fails only its own call when the thread %s', async (how) => {
    const crash = extract(how);
    await expect(crash).rejects.toBeInstanceOf(TransientStepError);
    await expect(crash).rejects.toMatchObject({ code: 'VISION_CRASHED' });
  });

  it.each([new LeaseLostError(), new StoppingError(), new DOMException('too long', 'TimeoutError')])(
    'ends the thread and throws the reason when aborted: %s',
    async (reason) => {
      const controller = new AbortController();
      const onStep = () => controller.abort(reason);
      const { signal } = controller;
      await expect(
        new BackgroundExtractor(threads, THREAD).extract(watching('waits'), { signal, onStep }),
      ).rejects.toBe(reason);
    },
  );

  it('starts no thread when aborted before', async () => {
    const reason = new StoppingError();
    await expect(extract('drives', AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('terminates a thread that does not hear the abort', async () => {
    const controller = new AbortController();
    const reason = new StoppingError();
    const deaf = threads.call(THREAD, watching('deaf'), {
      signal: controller.signal,
      onStep: () => controller.abort(reason),
      graceMs: 50,
    });
    await expect(deaf).rejects.toBe(reason);
  });
});
