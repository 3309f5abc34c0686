import { PermanentStepError } from '../../job/errors.js';
import {
  opinionOf,
  type Answer,
  type Decision,
  type FindingState,
  type Opinion,
  type Reason,
  type StoredFinding,
} from '../finding.js';
import { reviewed } from './reviewed.js';

/** What a person says of a finding. */
export interface Verdict {
  readonly decision: Decision;
  readonly answer?: Answer | undefined;
  readonly reason?: Reason | undefined;
  readonly note?: string | undefined;
  readonly ref?: string | undefined;
}

const STATES: Record<Decision, FindingState> = {
  accept: 'accepted',
  reject: 'rejected',
  repair: 'repaired',
  reopen: 'open',
};

/** A finding after a person judged it. A note and a reference stay until they are replaced. */
export function decided(finding: StoredFinding, verdict: Verdict, by: string, now: number): StoredFinding {
  const at = new Date(now).toISOString();
  const { decision, answer, reason, note, ref } = verdict;
  const opinion: Opinion = {
    state: STATES[decision],
    answer: decision === 'accept' ? (answer ?? null) : decision === 'repair' ? finding.answer : null,
    reason: decision === 'reject' ? (reason ?? null) : null,
    note: said(note, finding.note),
    ref: said(ref, finding.ref),
    ...{ by, reviewedAt: at, reopened: null },
  };
  return reviewed(finding, { at, by, decision, opinion });
}

/**
 * A finding without what a person said of it last, which stays in its history.
 * @throws PermanentStepError NOTHING_TO_UNDO
 */
export function undone(finding: StoredFinding, by: string, now: number): StoredFinding {
  const last = finding.history.find(({ decision, isUndone }) => !isUndone && decision !== 'undo');
  if (last === undefined || last.decision === 'missed' || last.decision === 'reopened') {
    throw new PermanentStepError('NOTHING_TO_UNDO', 'Nobody has reviewed it since it was last opened: review it.');
  }
  const history = finding.history.map((review) => (review === last ? { ...review, isUndone: true } : review));
  const at = new Date(now).toISOString();
  return reviewed({ ...finding, history }, { at, by, decision: 'undo', opinion: opinionOf(last.before) });
}

/** An empty text takes it away, none leaves it. */
function said(text: string | undefined, before: string | null): string | null {
  if (text === undefined) return before;
  return text.trim() === '' ? null : text.trim();
}
