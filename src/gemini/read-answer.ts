import type { JobError } from '../job/errors.js';
import type { JsonAnswer } from './gemini-api.js';
import { refused, troubled } from './gemini-errors.js';
import { wholeJson } from './whole-json.js';

/** What came of a streamed answer when its stream has ended. */
export interface StreamedAnswer {
  readonly text: string;
  /** Why the model stopped; undefined: the stream ended before it did. */
  readonly finishReason: string | undefined;
  /** Why the question itself was refused. */
  readonly blockReason: string | undefined;
  readonly tokens: JsonAnswer['tokens'];
  /** Of the output, what went into thinking. */
  readonly thoughtTokens?: number;
}

/** Reasons to stop that asking again will not change. */
const REFUSALS = ['SAFETY', 'PROHIBITED_CONTENT', 'BLOCKLIST', 'SPII', 'IMAGE_SAFETY', 'LANGUAGE'];

/**
 * The JSON of a streamed answer, in the shape of `schema` as far as its names go.
 * @throws PermanentStepError `GEMINI_REFUSED`; TransientStepError `GEMINI_CUT_OFF`, `GEMINI_TRUNCATED`, `GEMINI_NO_ANSWER`, `GEMINI_NOT_JSON`
 */
export function readAnswer(answer: StreamedAnswer, schema: object): JsonAnswer {
  const problem = problemOf(answer);
  if (problem !== undefined) throw problem;
  const value = wholeJson(answer.text, schema);
  // No cause: it would quote the answer.
  if (value === undefined) throw troubled('GEMINI_NOT_JSON', "Gemini's answer is no JSON; it is asked again.");
  return { value, tokens: answer.tokens };
}

/** Whether an answer is all there, whatever came behind it. */
export function isWhole(answer: StreamedAnswer, schema: object): boolean {
  return problemOf(answer) === undefined && wholeJson(answer.text, schema) !== undefined;
}

function problemOf({ finishReason, blockReason, text, thoughtTokens = 0 }: StreamedAnswer): JobError | undefined {
  if (blockReason !== undefined) return refusal(blockReason);
  if (finishReason === 'STOP') return text.trim() === '' ? noAnswer('STOP') : undefined;
  if (finishReason === undefined) return answerCutOff();
  if (REFUSALS.includes(finishReason)) return refusal(finishReason);
  if (finishReason === 'MAX_TOKENS' && text.trim() === '' && thoughtTokens > 0) {
    const message = `Gemini spent all its tokens on thinking (${thoughtTokens}) and wrote nothing (MAX_TOKENS).`;
    return troubled('GEMINI_TRUNCATED', `${message} It is asked again; if that goes on, use another model.`);
  }
  if (finishReason === 'MAX_TOKENS') {
    const message = "Gemini's answer ends in the middle: it would have been too long (MAX_TOKENS). It is asked again.";
    return troubled('GEMINI_TRUNCATED', message);
  }
  return noAnswer(finishReason);
}

function noAnswer(reason: string): JobError {
  return troubled('GEMINI_NO_ANSWER', `Gemini stopped without an answer (${word(reason)}); it is asked again.`);
}

/** The answer broke off. */
export function answerCutOff(): JobError {
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
