import type { JsonAnswer, JsonQuestion } from './gemini-api.js';

/** A picture or a video that a question is about. */
export type QuestionSubject =
  | { readonly kind: 'picture'; readonly mimeType: string; readonly bytes: Uint8Array }
  /** A file on this machine; a large one is uploaded first and deleted afterwards. */
  | { readonly kind: 'video'; readonly mimeType: string; readonly file: string; readonly bytes: number };

/** A question with its subject, before it is known which project answers. */
export interface Question extends Pick<JsonQuestion, 'model' | 'prompt' | 'schema'> {
  readonly subject: QuestionSubject;
  /** The tokens it will cost as far as can be told before, for the budget per minute. */
  readonly tokensExpected: number;
}

/** Told of the parts of an asking as they begin and end, so that a job can time them. */
export type InStep = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/**
 * Gemini with all keys and their budgets behind it: asks the project with the most budget left, goes on to the next when
 * one refuses for its own reasons, counts, and deletes what it uploaded.
 *
 * @throws RateLimitedError `GEMINI_NO_BUDGET` with the time until some project has budget again
 * @throws PermanentStepError, TransientStepError by what went wrong; the signal's reason
 */
export abstract class Gemini {
  abstract ask(question: Question, signal: AbortSignal, inStep?: InStep): Promise<JsonAnswer>;

  /** When some project has budget again, ms since the epoch; undefined while one has now. Costs nothing to ask. */
  abstract readonly shutUntil: number | undefined;
}
