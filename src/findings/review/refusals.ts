import { InvalidJobError, PermanentStepError } from '../../job/errors.js';
import { findingOf, MOST_FINDINGS, type Finding, type StoredFinding } from '../finding.js';

/** Somebody else reviewed it, or the road opened it again, since the person looked at it. Nothing was changed. */
export class ReviewChangedError extends PermanentStepError {
  readonly current: Finding;

  constructor(stored: StoredFinding) {
    const { by, state, reviewedAt } = stored;
    const who = by === null ? 'An inspection has' : `${by} has`;
    const when = reviewedAt === null ? '' : ` at ${reviewedAt}`;
    super('REVIEW_CHANGED', `${who} changed this finding${when}, it is ${state} now: look at it again, then decide.`);
    this.current = findingOf(stored);
  }
}

export function noSuchFinding(id: string): InvalidJobError {
  return new InvalidJobError(
    'NO_SUCH_FINDING',
    `No finding is called ${id}: it may be forgotten by now; look at the list.`,
  );
}

export function bookFull(cctvId: string): PermanentStepError {
  const sentence = `${cctvId} has ${MOST_FINDINGS} findings, which are all that are kept of a camera: review some first.`;
  return new PermanentStepError('FINDINGS_FULL', sentence);
}
