import type { DamageAnalysis, VisitsNote } from '../../damage/damage-detector.js';
import type { Compared } from '../../damage/memory/road-memory.js';
import type { VisitingJob } from '../../damage/memory/visits/visit.js';
import { messageOf } from '../../job/errors.js';
import { redactText } from '../../lib/redact.js';
import type { Log } from '../../log/log.js';
import type { CameraBook, Views } from '../book/finding-book.js';
import type { KnownFindings } from '../book/known-findings.js';
import type { ReviewKeeper } from '../review/review-keeper.js';
import { judgeVisit, type VisitJudgement } from './judge-visit.js';
import { noteVisit, type VisitNote } from './note-visit.js';

/** A visit after people had their say, and what is to be noted of it. */
export interface JudgedVisit extends VisitJudgement {
  /** False where the book of findings did not answer: nothing is noted then. */
  readonly isKnown: boolean;
  readonly light: string;
  readonly wasMoved: boolean;
}

/** What inspections have to do with findings. Helps one where it can, and never fails it. */
export class VisitFindings {
  constructor(
    private readonly known: KnownFindings,
    private readonly keeper: Pick<ReviewKeeper, 'soon'>,
    private readonly log: Pick<Log, 'warn'>,
  ) {}

  /** Takes off what people rejected. Where nobody can tell what that is, all marks stay. Throws nothing. */
  async judge({ cctvId }: VisitingJob, compared: Compared, light: string): Promise<JudgedVisit> {
    try {
      const book = await this.known.of(cctvId);
      const wasMoved = isMoved(compared.analysis.visits, book, light);
      const findings = [...book.entries.values()].map(({ finding }) => finding);
      return { ...judgeVisit(compared, findings, wasMoved), isKnown: true, light, wasMoved };
    } catch (error) {
      this.log.warn(`Reviews of ${cctvId} could not be read, so that all marks count: ${said(error)}`);
      return { ...compared, marks: compared.analysis.detections, isKnown: false, light, wasMoved: false };
    }
  }

  /** Notes what a conclusive visit saw. Throws nothing. */
  async note(job: VisitingJob, judged: JudgedVisit): Promise<void> {
    const { analysis, marks, isKnown, light } = judged;
    if (!isKnown || analysis.verdict === 'inconclusive') return;
    const { cctvId, jobId, enqueuedAt: at } = job;
    try {
      const done = await this.known.change(cctvId, (book) => {
        const visit = { cctvId, jobId, at, marks, ...seenIn(analysis), isMoved: isMoved(analysis.visits, book, light) };
        return { ...noteVisit(book, visit), views: viewsOf(book.views, light, visit) };
      });
      if (done.isReview === true) this.keeper.soon(cctvId);
    } catch (error) {
      this.log.warn(`The findings of ${cctvId} could not be kept up: ${said(error)}`);
    }
  }
}

function seenIn({ image, detector, changes }: DamageAnalysis) {
  return { image, detector, gone: (changes?.gone ?? []).flatMap(({ id }) => id ?? []) };
}

/** The memory of each light finds out by itself that the camera moved: the first one to do so counts. */
function isMoved(visits: VisitsNote | undefined, { views }: CameraBook, light: string): boolean {
  return visits?.startedAnew === 'camera moved' && (views.seen[light] ?? 0) >= views.movedAt;
}

function viewsOf(views: Views, light: string, { at, jobId, isMoved }: VisitNote): Views {
  const seen = { ...views.seen, [light]: Math.max(at, views.seen[light] ?? 0) };
  const last = views.last === undefined || views.last.at <= at ? { jobId, at } : views.last;
  return { seen, movedAt: isMoved ? at : views.movedAt, last };
}

function said(error: unknown): string {
  return redactText(messageOf(error));
}
