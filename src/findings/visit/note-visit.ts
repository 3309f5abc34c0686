import type { DamageAnalysis, Detection } from '../../damage/damage-detector.js';
import type { CameraBook, Change, Happening } from '../book/finding-book.js';
import type { BookEntry } from '../book/value.js';
import { MOST_FINDINGS, NO_OPINION, opinionOf, rankOf, type Reopening, type StoredFinding } from '../finding.js';
import { reviewed } from '../review/reviewed.js';
import { extentOfMark, hasGrown, placed, reopeningOf } from './placing.js';

/** After so many visits in a row that did not see it, a finding is gone, though no comparison of pictures said so. */
const MISSES = 3;

/** What is noted of a visit. */
export interface VisitNote {
  readonly cctvId: string;
  readonly jobId: string;
  /** When the job was queued, ms since the epoch. */
  readonly at: number;
  /** All marks, rejected ones as well, with ids. */
  readonly marks: readonly Detection[];
  readonly image: DamageAnalysis['image'];
  readonly detector: DamageAnalysis['detector'];
  /** Ids of what its place is seen without. */
  readonly gone: readonly string[];
  readonly isMoved: boolean;
}

/** What a visit changes in the findings of its camera. A job that comes again, or late, changes nothing twice. */
export function noteVisit(book: CameraBook, visit: VisitNote): Change {
  const entries = [...book.entries.values()];
  const seen = visit.marks.filter(({ id }) => id !== undefined);
  const placing = placed(
    seen,
    entries.map(({ finding }) => finding),
    visit.isMoved,
  );
  const marks = new Map([...placing].map(([mark, { id }]) => [id, mark]));
  const steps = [
    ...entries
      .filter(({ finding }) => isLater(finding, visit))
      .map((before) => ({ before, ...nextOf(before.finding, marks.get(before.finding.id), visit) })),
    ...seen
      .filter((mark) => !placing.has(mark) && mark.confirmed !== false)
      .map((mark) => ({ before: undefined, finding: newFinding(mark, visit), happened: 'new' as const, isTold: true })),
  ];
  const { kept, removed } = bounded(steps, entries);
  return {
    puts: kept,
    removes: removed,
    happened: kept.flatMap(({ happened }) => happened ?? []),
    tells: kept.filter(({ isTold }) => isTold).map(({ finding }) => finding),
    isReview: kept.some(({ finding, before }) => before !== undefined && finding.version > before.finding.version),
  };
}

interface Step {
  before: BookEntry | undefined;
  finding: StoredFinding;
  happened: Happening | undefined;
  isTold: boolean;
}

function isLater({ countedJob, countedAt }: StoredFinding, { jobId, at }: VisitNote): boolean {
  return countedJob !== jobId && countedAt <= at;
}

function nextOf(finding: StoredFinding, mark: Detection | undefined, visit: VisitNote): Omit<Step, 'before'> {
  const counted = { countedJob: visit.jobId, countedAt: visit.at };
  if (mark !== undefined) return seenAgain({ ...finding, ...counted }, mark, visit);
  if (visit.isMoved) return moved({ ...finding, ...counted });
  return notSeen({ ...finding, ...counted }, visit);
}

function seenAgain(finding: StoredFinding, mark: Detection, visit: VisitNote): Omit<Step, 'before'> {
  const extent = extentOfMark(mark, visit.image);
  const isGrown = hasGrown(finding.told, extent);
  const now: StoredFinding = {
    ...finding,
    ...seenIn(mark, visit),
    extent,
    told: isGrown ? extent : finding.told,
    ...{ seenIn: finding.seenIn + 1, lookedAt: finding.lookedAt + 1, misses: 0, goneSince: null, isLost: false },
  };
  const why = openedBy(finding, extent);
  const opened = why === undefined ? now : reopened(now, why, visit);
  const isTold = why !== undefined || finding.goneSince !== null || finding.severity !== now.severity;
  return { finding: opened, happened: isGrown ? 'grown' : undefined, isTold };
}

function openedBy(finding: StoredFinding, extent: StoredFinding['extent']): Reopening | undefined {
  if (finding.state === 'rejected') return reopeningOf(finding, extent);
  return finding.state === 'repaired' ? 'seen_again' : undefined;
}

function reopened(finding: StoredFinding, why: Reopening, { at }: Pick<VisitNote, 'at'>): StoredFinding {
  const state = why === 'seen_again' ? 'came_back' : 'open';
  const opinion = { ...opinionOf(finding), state, reopened: why } as const;
  return reviewed(finding, { at: new Date(at).toISOString(), by: 'inspection', decision: 'reopened', opinion });
}

/** What people said of a place is not known to hold for where the camera looks now. */
function moved(finding: StoredFinding): Omit<Step, 'before'> {
  const isJudged = finding.state === 'accepted' || finding.state === 'rejected';
  const now = { ...finding, isLost: true };
  if (finding.history.length === 0) {
    const goneSince = finding.goneSince ?? new Date(finding.countedAt).toISOString();
    return { finding: { ...now, goneSince }, happened: undefined, isTold: true };
  }
  const next = isJudged ? reopened(now, 'camera_moved', { at: finding.countedAt }) : now;
  return { finding: next, happened: undefined, isTold: isJudged };
}

function notSeen(finding: StoredFinding, { gone, at }: VisitNote): Omit<Step, 'before'> {
  // What no detector ever saw is not gone because none sees it.
  if (finding.isLost || finding.seenIn === 0) return { finding, happened: undefined, isTold: false };
  const misses = finding.misses + 1;
  const isGone = finding.goneSince === null && (gone.includes(finding.id) || misses >= MISSES);
  const goneSince = isGone ? new Date(at).toISOString() : finding.goneSince;
  const now = { ...finding, misses, goneSince, lookedAt: finding.lookedAt + 1 };
  return { finding: now, happened: isGone ? 'gone' : undefined, isTold: isGone };
}

function seenIn(mark: Detection, { jobId, at, detector }: VisitNote) {
  return {
    ...{ class: mark.class, box: mark.boxNormalized, severity: mark.severity, confidence: mark.confidence },
    ...{ areaM2: mark.areaM2 ?? null, widthM: mark.widthM ?? null, lengthM: mark.lengthM ?? null },
    calibration: mark.calibration ?? null,
    ...{ lastSeen: new Date(at).toISOString(), lastJobId: jobId, detector },
    status: mark.status ?? 'unconfirmed',
  } as const;
}

function newFinding(mark: Detection, visit: VisitNote): StoredFinding {
  const extent = extentOfMark(mark, visit.image);
  return {
    ...{ id: mark.id ?? '', cctvId: visit.cctvId, ...seenIn(mark, visit), ...NO_OPINION },
    since: mark.seen?.since ?? new Date(visit.at).toISOString(),
    ...{ goneSince: null, seenIn: 1, lookedAt: 1, missed: false, version: 1 },
    ...{ history: [], extent, judged: null, told: extent, misses: 0 },
    ...{ countedJob: visit.jobId, countedAt: visit.at, isLost: false },
  };
}

/** Of too many findings those go first that nobody will miss. */
function bounded(steps: readonly Step[], entries: readonly BookEntry[]): { kept: Step[]; removed: BookEntry[] } {
  const untouched = entries.filter(({ finding }) => !steps.some((step) => step.finding.id === finding.id));
  const all = [...steps.map(({ finding }) => finding), ...untouched.map(({ finding }) => finding)];
  const over = all.sort((a, b) => worthOf(b) - worthOf(a) || b.countedAt - a.countedAt).slice(MOST_FINDINGS);
  const dropped = new Set(over.map(({ id }) => id));
  return {
    kept: steps.filter(({ finding }) => !dropped.has(finding.id)),
    removed: entries.filter(({ finding }) => dropped.has(finding.id)),
  };
}

/** Rejected and open ones are kept longest: what is rejected would else come back as new. */
function worthOf({ state, goneSince, history, severity, missed }: StoredFinding): number {
  const isThere = goneSince === null;
  if (state === 'rejected') return 60;
  if (state === 'open' || state === 'came_back') {
    if (history.length > 0) return 55;
    return (isThere ? 40 : 0) + rankOf(severity);
  }
  if (state === 'accepted') return (isThere ? 30 : 15) + (missed ? 5 : 0);
  return 10;
}
