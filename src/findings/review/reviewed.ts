import { MOST_REVIEWS, opinionOf, type Review, type StoredFinding } from '../finding.js';

/** A finding of which somebody, or an inspection, said something new. */
export function reviewed(finding: StoredFinding, review: Review): StoredFinding {
  const { opinion } = review;
  const isByPeople = opinion.state === 'accepted' || opinion.state === 'rejected' || opinion.state === 'repaired';
  return {
    ...finding,
    ...opinion,
    version: finding.version + 1,
    judged: isByPeople ? finding.extent : finding.judged,
    history: [{ ...review, before: opinionOf(finding), isUndone: false }, ...finding.history].slice(0, MOST_REVIEWS),
  };
}
