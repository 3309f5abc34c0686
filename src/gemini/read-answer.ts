import type { JobError } from '../job/errors.js';
import type { JsonAnswer } from './gemini-api.js';
import { refused, troubled } from './gemini-errors.js';

/** What came of a streamed answer when its stream has ended. */
export interface StreamedAnswer {
  readonly text: string;
  /** Why the model stopped; undefined: the stream ended before it did. */
  readonly finishReason: string | undefined;
  /** Why the question itself was refused. */
  readonly blockReason: string | undefined;
  readonly tokens: JsonAnswer['tokens'];
}

/** Reasons to stop that asking again will not change. */
const REFUSALS = ['SAFETY', 'PROHIBITED_CONTENT', 'BLOCKLIST', 'SPII', 'IMAGE_SAFETY', 'LANGUAGE'];

/**
 * The JSON of a streamed answer.
 * @throws PermanentStepError `GEMINI_REFUSED`; TransientStepError `GEMINI_CUT_OFF`, `GEMINI_TRUNCATED`, `GEMINI_NO_ANSWER`, `GEMINI_NOT_JSON`
 */
export function readAnswer(answer: StreamedAnswer): JsonAnswer {
  const problem = problemOf(answer);
  if (problem !== undefined) throw problem;
  try {
    return { value: JSON.parse(answer.text) as unknown, tokens: answer.tokens };
  } catch {
    // No cause: it would quote the answer.
    throw troubled('GEMINI_NOT_JSON', "Gemini's answer is no JSON; it is asked again.");
  }
}

function problemOf({ finishReason, blockReason }: StreamedAnswer): JobError | undefined {
  if (blockReason !== undefined) return refusal(blockReason);
  if (finishReason === 'STOP') return undefined;
  if (finishReason === undefined) return cutOff();
  if (REFUSALS.includes(finishReason)) return refusal(finishReason);
  if (finishReason === 'MAX_TOKENS') {
    const message = "Gemini's answer ends in the middle: it would have been too long (MAX_TOKENS). It is asked again.";
    return troubled('GEMINI_TRUNCATED', message);
  }
  return troubled('GEMINI_NO_ANSWER', `Gemini stopped without an answer (${word(finishReason)}); it is asked again.`);
}

/** The answer broke off. */
export function cutOff(): JobError {
  return troubled('GEMINI_CUT_OFF', 'The connection to Gemini ended in the middle of the answer; it is asked again.');
}

function refusal(reason: string): JobError {
  const message = `Gemini refuses to judge this picture or video (${word(reason)}); look at what the camera shows.`;
  return refused('GEMINI_REFUSED', message);
}

/** A word of the server's as it may be quoted. */
function word(text: string): string {
  return /^[A-Z_]{1,40}$/.test(text) ? text : 'unknown reason';
}
