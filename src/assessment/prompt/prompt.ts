import { en } from './en.js';
import { ko } from './ko.js';

/** Changes with every change of the prompts or the schema: answers to different questions are told apart by it. */
export const PROMPT_VERSION = '1';

/** The languages that answers can be in. */
export type Language = 'en' | 'ko';

/** The words of a question, in one language. */
export interface Prompts {
  /** @param seconds the length of the video */
  video(seconds: number): string;
  /** @param inspection what is known of the picture; undefined when nothing is */
  picture(inspection: string | undefined): string;
}

/** The words of a question, by the language of its answer. */
export const PROMPTS: Readonly<Record<Language, Prompts>> = { en, ko };
