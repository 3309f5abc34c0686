import { describe, expect, it } from '@jest/globals';
import {
  CancelledError,
  InvalidJobError,
  LeaseLostError,
  OutageError,
  PermanentStepError,
  RateLimitedError,
  StoppingError,
  TransientStepError,
} from '../job/errors.js';
import { recordError, restoreError } from './error-record.js';

describe('an error record', () => {
  it.each([
    new InvalidJobError('A', 'a'),
    new PermanentStepError('B', 'b', { step: 'capture' }),
    new TransientStepError('C', 'c', { step: 'background' }),
    new RateLimitedError('D', 'd', 42),
    new OutageError('E', 'e', { step: 'artifacts' }),
    new LeaseLostError(),
    new CancelledError(),
    new StoppingError(),
    new TypeError('a bug'),
  ])('gives back as it was: %s', (error) => {
    const restored = restoreError(structuredClone(recordError(error)));
    expect(restored.name).toBe(error.name);
    expect(restored.stack).toBe(error.stack);
    expect(recordError(restored)).toEqual(recordError(error));
  });

  it('gives back the class, so that the outcome is the same', () => {
    expect(restoreError(recordError(new RateLimitedError('D', 'd', 42)))).toBeInstanceOf(RateLimitedError);
  });

  it('writes down what is no error at all', () => {
    expect(restoreError(recordError('just words'))).toMatchObject({ message: 'just words' });
  });
});
