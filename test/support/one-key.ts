import { Gemini, type Question } from '../../src/gemini/gemini.js';
import type { GeminiApi, JsonAnswer } from '../../src/gemini/gemini-api.js';
import { geminiKey } from './gemini-api.js';

/** Gemini with one key and no budget: what is tested here is the detector. */
export class OneKey extends Gemini {
  shutUntil: number | undefined = undefined;

  constructor(private readonly api: GeminiApi) {
    super();
  }

  ask({ subject, ...question }: Question, signal: AbortSignal): Promise<JsonAnswer> {
    if (subject.kind === 'video') throw new Error('A detector asks about pictures.');
    const media = [{ kind: 'inline' as const, mimeType: subject.mimeType, bytes: subject.bytes }];
    return this.api.generateJson(geminiKey(), { ...question, media }, signal);
  }
}
