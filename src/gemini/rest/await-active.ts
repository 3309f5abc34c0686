import { setTimeout as after } from 'node:timers/promises';
import { RateLimitedError, TransientStepError } from '../../job/errors.js';
import type { UploadedFile } from '../gemini-api.js';
import { refused, troubled } from '../gemini-errors.js';
import type { Resource } from './rest-call.js';

/** How to wait for a file. */
export interface PollPace {
  /** Before the second look; each later wait is half as long again. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** For all of it. */
  readonly limitMs: number;
}

/** Google takes some seconds for a video of ten minutes, rarely a minute or two. */
export const POLL_PACE: PollPace = { firstMs: 1_000, longestMs: 10_000, limitMs: 300_000 };

const GROWTH = 1.5;

/** Looks in a row that may fail: a passing trouble is no reason to upload everything again. */
const FAILED_LOOKS = 3;

/**
 * Looks at a file until it can be used.
 * @param look gives the file's resource
 * @throws PermanentStepError `GEMINI_VIDEO_REJECTED`; TransientStepError `GEMINI_FILE_SLOW`; what `look` throws, at the third time in a row if it may pass
 */
export async function awaitActive(
  file: UploadedFile,
  look: () => Promise<Resource>,
  patience: PollPace,
  signal: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + patience.limitMs;
  const calmly = forgiving(look);
  for (let pause = patience.firstMs; ; pause = Math.min(patience.longestMs, pause * GROWTH)) {
    const resource = await calmly();
    if (resource?.['state'] === 'ACTIVE') return;
    if (resource?.['state'] === 'FAILED') throw rejected(file);
    if (Date.now() + pause > deadline) throw slow(patience.limitMs);
    await after(pause, undefined, { signal });
  }
}

/** The same, but undefined in place of an error that may pass, unless it is the last of several in a row. */
function forgiving(look: () => Promise<Resource>): () => Promise<Resource | undefined> {
  let failed = 0;
  return async () => {
    try {
      const resource = await look();
      failed = 0;
      return resource;
    } catch (error) {
      failed += 1;
      if (failed >= FAILED_LOOKS || !mayPass(error)) throw error;
      return undefined;
    }
  };
}

function mayPass(error: unknown): boolean {
  if (error instanceof RateLimitedError) return !['GEMINI_DAY_QUOTA', 'GEMINI_NO_QUOTA'].includes(error.code);
  return error instanceof TransientStepError && error.code !== 'GEMINI_FILE_GONE';
}

function rejected({ name }: UploadedFile): Error {
  const message = `Gemini cannot read the uploaded video (${name} is FAILED); check that the recording plays.`;
  return refused('GEMINI_VIDEO_REJECTED', message);
}

function slow(limitMs: number): Error {
  const message = `Gemini still prepares the uploaded video after ${limitMs / 1000} s; it is uploaded again later.`;
  return troubled('GEMINI_FILE_SLOW', message);
}
