import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { StoppingError } from '../job/errors.js';
import { abortedBy } from './aborted-by.js';

const process = new AbortController().signal;
const registered = (): number => getEventListeners(process, 'abort').length;

/** Ends as its signal does. */
const forever = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason));
  });

describe('abortedBy', () => {
  it.each([0, 1])('aborts the work with the reason of signal no. %i', async (which) => {
    const [first, second] = [new AbortController(), new AbortController()];
    const work = abortedBy([first.signal, second.signal], forever);
    const reason = new StoppingError();
    [first, second][which]?.abort(reason);
    await expect(work).rejects.toBe(reason);
  });

  it('aborts at once when a signal has aborted before, and still calls the work', async () => {
    const reason = new StoppingError();
    await expect(abortedBy([process, AbortSignal.abort(reason)], forever)).rejects.toBe(reason);
  });

  it('begins the work in the same tick', () => {
    let began = false;
    void abortedBy([process], async () => {
      began = true;
    });
    expect(began).toBe(true);
  });

  it('lets go of a signal that outlives the work, whether that succeeds, fails or throws', async () => {
    await abortedBy([process], async () => expect(registered()).toBe(1));
    await abortedBy([process], () => Promise.reject(new Error('failed'))).catch(() => undefined);
    await abortedBy([process], () => {
      throw new Error('thrown');
    }).catch(() => undefined);
    expect(registered()).toBe(0);
  });
});
