import type { DamageClass, Detection, Severity } from '../damage/damage-detector.js';
import type { Box } from '../picture/geometry/box.js';

/** What people think of a finding: `open` and `came_back` are to be looked at. */
export const FINDING_STATES = ['open', 'accepted', 'rejected', 'repaired', 'came_back'] as const;
export type FindingState = (typeof FINDING_STATES)[number];

/** What an accepted finding is. */
export const ANSWERS = ['pothole', 'crack', 'alligator_crack', 'pavement_failure', 'utility_cut', 'other'] as const;
export type Answer = (typeof ANSWERS)[number];

/** What a rejected finding is instead of damage. */
export const REASONS = ['shadow', 'wet', 'marking', 'patch', 'joint_or_manhole', 'vehicle', 'debris', 'other'] as const;
export type Reason = (typeof REASONS)[number];

/** Why a finding is to be looked at once more. */
export type Reopening = 'grew' | 'worse' | 'other_kind' | 'camera_moved' | 'seen_again';

/** What a person may decide. */
export const DECISIONS = ['accept', 'reject', 'repair', 'reopen'] as const;
export type Decision = (typeof DECISIONS)[number];

/** What was said of a finding; a review puts another in its place, an undo puts the earlier one back. */
export interface Opinion {
  state: FindingState;
  answer: Answer | null;
  reason: Reason | null;
  note: string | null;
  /** Of a work order. */
  ref: string | null;
  /** Who said so, by the name of the token. */
  by: string | null;
  /** ISO 8601 */
  reviewedAt: string | null;
  reopened: Reopening | null;
}

/** A damage at a place of a camera that lasts from visit to visit. */
export interface Finding extends Opinion {
  id: string;
  cctvId: string;
  class: DamageClass;
  /** Shares of the picture's width and height, 0..1. */
  box: Box;
  severity: Severity;
  /** 0..1 */
  confidence: number;
  areaM2: number | null;
  widthM: number | null;
  lengthM: number | null;
  calibration: Detection['calibration'] | null;
  /** ISO 8601 */
  since: string;
  /** ISO 8601 */
  lastSeen: string;
  /** ISO 8601: since when its place is seen without it. */
  goneSince: string | null;
  /** In so many visits it was seen. */
  seenIn: number;
  /** Conclusive visits since it was first seen. */
  lookedAt: number;
  /** The job that saw it last. */
  lastJobId: string;
  detector: { name: string; version: string };
  status: 'reported' | 'unconfirmed';
  /** A person drew it: no detector had seen it. */
  missed: boolean;
  /** Grows with each review, and when it opens again; not with each visit. */
  version: number;
}

/** What was done to a finding, by a person or by an inspection. */
export interface Review {
  /** ISO 8601 */
  at: string;
  /** The name of the token; `inspection` when the road itself opened it again. */
  by: string;
  decision: Decision | 'undo' | 'missed' | 'reopened';
  /** What has held since. */
  opinion: Opinion;
}

/** How large and bad a finding was when something was decided. */
export interface Extent {
  class: DamageClass;
  severity: Severity;
  /** Marked pixels as a share of the picture. */
  areaShare: number;
  areaM2: number | null;
}

/** A finding as it is kept. */
export interface StoredFinding extends Finding {
  /** The newest first; {@link MOST_REVIEWS} at most. */
  history: KeptReview[];
  extent: Extent;
  /** Its extent when a person judged it last. */
  judged: Extent | null;
  /** Its extent when its growth was told last. */
  told: Extent;
  /** Visits in a row that did not see it. */
  misses: number;
  /** The job that was counted last: one that comes again counts once. */
  countedJob: string;
  /** When that job was queued, ms since the epoch. */
  countedAt: number;
  /** The camera moved since: where it lies is not known any more. */
  isLost: boolean;
}

/** A review with what it takes to undo it. */
export interface KeptReview extends Review {
  before: Opinion;
  isUndone: boolean;
}

/** Findings that are kept of a camera; a detector that marks more marks noise. */
export const MOST_FINDINGS = 100;
/** Reviews that are kept of a finding. */
export const MOST_REVIEWS = 20;
/** Cameras whose findings are kept, as many as the ledger knows. */
export const MOST_FINDING_CAMERAS = 10_000;

/** The mildest first. */
const SEVERITY_RANKS: readonly Severity[] = ['low', 'medium', 'high'];

/** 0 is the mildest. */
export function rankOf(severity: Severity): number {
  return SEVERITY_RANKS.indexOf(severity);
}

/** Whether a person should look at it: nobody did since it is there, and it is there. */
export function isToReview({ state, goneSince }: Pick<Finding, 'state' | 'goneSince'>): boolean {
  return (state === 'open' || state === 'came_back') && goneSince === null;
}

/** What clients see of a kept finding. */
export function findingOf(stored: StoredFinding): Finding {
  const {
    history: _history,
    extent: _extent,
    judged: _judged,
    told: _told,
    misses: _misses,
    countedJob: _job,
    countedAt: _at,
    isLost: _lost,
    ...finding
  } = stored;
  return finding;
}

/** Nobody said anything yet. */
export const NO_OPINION: Opinion = {
  ...{ state: 'open', answer: null, reason: null, note: null, ref: null, by: null, reviewedAt: null, reopened: null },
};

/** What is said of a finding now. */
export function opinionOf({ state, answer, reason, note, ref, by, reviewedAt, reopened }: Opinion): Opinion {
  return { state, answer, reason, note, ref, by, reviewedAt, reopened };
}
