import { PermanentStepError } from '../job/errors.js';
import { Gemini } from './gemini.js';
import type { JsonAnswer } from './gemini-api.js';

/** Gemini without a key: everything else works, and whoever asks is told what to do. */
export class NoGemini extends Gemini {
  readonly shutUntil = undefined;

  async ask(): Promise<JsonAnswer> {
    const message = 'Gemini is off: set GEMINI_API_KEY or GEMINI_API_KEYS, restart, and put the job back.';
    throw new PermanentStepError('GEMINI_OFF', message, { step: 'gemini' });
  }
}
