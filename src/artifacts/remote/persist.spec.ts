import { describe, expect, it } from '@jest/globals';
import { PermanentStepError, StoppingError, TransientStepError } from '../../job/errors.js';
import { persist } from './persist.js';
import { isPassing, SwiftMismatch, SwiftRefusal, SwiftSilence } from '../swift/swift.errors.js';
import { RETRY_PACE } from './retry-pace.js';

const NEVER = new AbortController().signal;
const quick = { ...RETRY_PACE, baseMs: 0, capMs: 0, tries: 3 };

/** Work that fails with each of some errors in turn, then succeeds; counts its calls. */
function failing(...errors: Error[]): { work: () => Promise<string>; calls: () => number } {
  let calls = 0;
  const work = async (): Promise<string> => {
    const error = errors[calls++];
    if (error !== undefined) throw error;
    return 'done';
  };
  return { work, calls: () => calls };
}

describe('trying again', () => {
  it.each([
    ['a 503', new SwiftRefusal(503, '')],
    ['a 429', new SwiftRefusal(429, '')],
    ['silence', new SwiftSilence('nothing')],
    ['a wrong sum', new SwiftMismatch('sum')],
    ['a reset', Object.assign(new Error('reset'), { code: 'ECONNRESET' })],
    ['an answer that is no HTTP', Object.assign(new Error('parse'), { code: 'HPE_INVALID_CONSTANT' })],
    ['one of our transient errors', new TransientStepError('X', 'x')],
  ])('gets over %s', async (_what, error) => {
    const { work, calls } = failing(error, error);
    expect(await persist(work, quick, NEVER, isPassing)).toBe('done');
    expect(calls()).toBe(3);
  });

  it.each([
    ['a 403', new SwiftRefusal(403, '')],
    ['a 413', new SwiftRefusal(413, '')],
    ['one of our permanent errors', new PermanentStepError('X', 'x')],
    ['a bug', new TypeError('bug')],
  ])('is not for %s', async (_what, error) => {
    const { work, calls } = failing(error);
    await expect(persist(work, quick, NEVER, isPassing)).rejects.toBe(error);
    expect(calls()).toBe(1);
  });

  it('ends after so many tries, with the last error', async () => {
    const errors = [500, 502, 504].map((status) => new SwiftRefusal(status, ''));
    await expect(persist(failing(...errors).work, quick, NEVER, isPassing)).rejects.toBe(errors[2]);
  });

  it('ends with the reason of the signal while it waits', async () => {
    const controller = new AbortController();
    const reason = new StoppingError();
    const work = async (): Promise<never> => {
      setImmediate(() => controller.abort(reason));
      throw new SwiftRefusal(503, '', 3_600_000);
    };
    await expect(persist(work, { ...quick, capMs: 3_600_000 }, controller.signal, isPassing)).rejects.toBe(reason);
  });
});
