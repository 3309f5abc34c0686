import { PermanentStepError } from '../../job/errors.js';

/** A refusal to use a model: it ends the start. */
export function unusable(sentence: string, cause?: unknown): PermanentStepError {
  return new PermanentStepError('MODEL_UNUSABLE', sentence, { step: 'damage', cause });
}
