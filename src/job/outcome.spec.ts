import { describe, expect, it } from '@jest/globals';
import { DoubtfulStepError, RateLimitedError, TransientStepError } from './errors.js';
import { outcomeOf, type RetryPolicy } from './outcome.js';

const PATIENCE_MS = 3_600_000;
const POLICY: RetryPolicy = { maxRetry: 3, baseMs: 2_000, capMs: 300_000, patienceMs: PATIENCE_MS };

/** Outcomes of attempts 1, 2, 3 …, with the shortest delays that chance can give. */
function outcomes(error: Error, count: number, { policy = POLICY, ageMs = 0 } = {}) {
  return Array.from({ length: count }, (_, i) => {
    const outcome = outcomeOf(error, { attempt: i + 1, ageMs }, policy, () => 0);
    return 'delayMs' in outcome ? `${outcome.kind} ${outcome.delayMs}` : outcome.kind;
  });
}

describe('what looks final', () => {
  const gone = new DoubtfulStepError('HLS_NOT_FOUND', 'Not there.');

  it('is tried again twice, late enough for an origin that restarts, then discarded with its code', () => {
    expect(outcomes(gone, 3)).toEqual(['retry 4000', 'retry 8000', 'discard']);
    expect(outcomeOf(gone, { attempt: 3, ageMs: 0 }, POLICY, Math.random)).toMatchObject({
      kind: 'discard',
      error: { code: 'HLS_NOT_FOUND' },
    });
  });

  it('is tried no more often than jobs are', () => {
    expect(outcomes(gone, 1, { policy: { ...POLICY, maxRetry: 0 } })).toEqual(['discard']);
  });

  it('waits no longer than the queue can hold an entry back', () => {
    expect(outcomes(gone, 2, { policy: { ...POLICY, capMs: 5_000 } })).toEqual(['retry 4000', 'retry 5000']);
  });

  it('leaves what passes by itself all its tries', () => {
    expect(outcomes(new TransientStepError('HLS_TIMEOUT', 'Late.'), 4).at(-1)).toBe('discard');
    expect(outcomes(new TransientStepError('HLS_TIMEOUT', 'Late.'), 3).at(-1)).toMatch(/^retry/);
  });
});

describe('a server that asks for patience', () => {
  const patience = new RateLimitedError('HLS_RATE_LIMITED', 'Later.', 30_000, { isBounded: true });

  it('costs no attempt while the job is young, however often', () => {
    expect(outcomes(patience, 100)).toEqual(Array(100).fill('snooze 30000'));
  });

  it('costs one each time once the job is old: in the end it is discarded', () => {
    const old = { ageMs: PATIENCE_MS + 1 };
    expect(outcomes(patience, 4, old)).toEqual(['retry 30000', 'retry 30000', 'retry 30000', 'discard']);
  });

  it('may be one of ours, whose budget comes back: then it waits for ever', () => {
    const budget = new RateLimitedError('GEMINI_BUDGET_USED', 'Later.', 30_000);
    expect(outcomes(budget, 9, { ageMs: Infinity })).toEqual(Array(9).fill('snooze 30000'));
  });
});
