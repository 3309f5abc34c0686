import { createHash } from 'node:crypto';
import type { DamageClass } from '../../damage/damage-detector.js';
import type { Box } from '../../picture/geometry/box.js';
import type { KnownFindings } from '../book/known-findings.js';
import type { CameraBook, Change } from '../book/finding-book.js';
import type { BookEntry, IndexEntry } from '../book/value.js';
import { MOST_FINDINGS, NO_OPINION, type Extent, type StoredFinding } from '../finding.js';
import { decided, undone, type Verdict } from './decide.js';
import { bookFull, noSuchFinding, ReviewChangedError } from './refusals.js';
import type { ReviewKeeper } from './review-keeper.js';
import { reviewed } from './reviewed.js';

/** Told of each review, for those who count. */
export interface ReviewEvents {
  reviewed(finding: StoredFinding, decision: string): void;
}

/** A damage that no detector had seen. */
export interface MissedDamage {
  readonly class: DamageClass;
  /** Shares of the picture, 0..1. */
  readonly box: Box;
  readonly note?: string | undefined;
  readonly jobId?: string | undefined;
}

const ID_DIGITS = 20;

/** Where people say what they think of findings. What was said is in Redis when a call returns, and in the camera's file soon after. */
export class FindingDesk {
  constructor(
    private readonly known: KnownFindings,
    private readonly keeper: Pick<ReviewKeeper, 'soon'>,
    private readonly events: ReviewEvents,
  ) {}

  /** @throws InvalidJobError NO_SUCH_FINDING */
  async get(id: string): Promise<StoredFinding> {
    const cctvId = await this.known.book.cameraOf(id);
    const entry = cctvId === undefined ? undefined : (await this.known.of(cctvId)).entries.get(id);
    if (entry === undefined) throw noSuchFinding(id);
    return entry.finding;
  }

  /**
   * @param version of the finding that the person looked at
   * @throws ReviewChangedError when somebody else was quicker; InvalidJobError NO_SUCH_FINDING
   */
  async review(id: string, verdict: Verdict, version: number, by: string): Promise<StoredFinding> {
    const now = await this.change(id, version, (finding) => decided(finding, verdict, by, Date.now()));
    this.events.reviewed(now, verdict.decision);
    return now;
  }

  /** Says the same of many, one after another; what somebody else changes in that moment is left as it is. */
  async reviewAll(named: readonly Pick<IndexEntry, 'id' | 'cctvId' | 'state'>[], verdict: Verdict, by: string) {
    let reviewed = 0;
    for (const cctvId of new Set(named.map((one) => one.cctvId))) {
      const states = new Map(named.map(({ id, state }) => [id, state]));
      const { puts } = await this.known.change(cctvId, ({ entries }) => {
        const meant = [...entries.values()].filter(({ finding }) => states.get(finding.id) === finding.state);
        const puts = meant.map((before) => ({ finding: decided(before.finding, verdict, by, Date.now()), before }));
        return { puts, tells: puts.map(({ finding }) => finding), isReview: true };
      });
      this.keeper.soon(cctvId);
      for (const { finding } of puts) this.events.reviewed(finding, verdict.decision);
      reviewed += puts.length;
    }
    return { reviewed, changed: named.length - reviewed };
  }

  /** Takes the last review back. @throws as {@link review}; PermanentStepError NOTHING_TO_UNDO */
  async undo(id: string, version: number, by: string): Promise<StoredFinding> {
    const now = await this.change(id, version, (finding) => undone(finding, by, Date.now()));
    this.events.reviewed(now, 'undo');
    return now;
  }

  /** Notes what a person drew; a detector that sees it later says so of this finding. @throws PermanentStepError FINDINGS_FULL */
  async missed(cctvId: string, damage: MissedDamage, by: string): Promise<StoredFinding> {
    const made = missedFinding(cctvId, damage, by);
    let finding = made;
    await this.known.change(cctvId, (book): Change => {
      if (book.entries.size >= MOST_FINDINGS) throw bookFull(cctvId);
      finding = { ...made, ...drawnOn(book, damage.jobId) };
      return { puts: [{ finding, before: undefined }], tells: [finding], isReview: true };
    });
    this.keeper.soon(cctvId);
    this.events.reviewed(finding, 'missed');
    return finding;
  }

  private async change(id: string, version: number, by: (finding: StoredFinding) => StoredFinding) {
    const cctvId = await this.known.book.cameraOf(id);
    if (cctvId === undefined) throw noSuchFinding(id);
    let now: StoredFinding | undefined;
    await this.known.change(cctvId, (book) => {
      const before = current(book, id, version);
      now = by(before.finding);
      return { puts: [{ finding: now, before }], tells: [now], isReview: true };
    });
    this.keeper.soon(cctvId);
    return now as unknown as StoredFinding;
  }
}

function current({ entries }: CameraBook, id: string, version: number): BookEntry {
  const entry = entries.get(id);
  if (entry === undefined) throw noSuchFinding(id);
  if (entry.finding.version !== version) throw new ReviewChangedError(entry.finding);
  return entry;
}

/** The visit whose picture a person drew on: the one that was named, else the newest. */
function drawnOn({ entries, views }: CameraBook, jobId: string | undefined): Partial<StoredFinding> {
  const noted = [...entries.values()].map(({ finding }) => ({ jobId: finding.countedJob, at: finding.countedAt }));
  const visits = [...(views.last === undefined ? [] : [views.last]), ...noted];
  const visit = jobId === undefined ? views.last : visits.find((one) => one.jobId === jobId);
  return visit === undefined ? {} : { lastJobId: visit.jobId, lastSeen: new Date(visit.at).toISOString() };
}

function missedFinding(
  cctvId: string,
  { class: kind, box, note, jobId = '' }: MissedDamage,
  by: string,
): StoredFinding {
  const at = new Date().toISOString();
  const place = JSON.stringify([cctvId, at, kind, box, Math.random()]);
  const id = createHash('sha256').update(place).digest('hex').slice(0, ID_DIGITS);
  const extent: Extent = { class: kind, severity: 'medium', areaShare: box.width * box.height, areaM2: null };
  const finding: StoredFinding = {
    ...{ id, cctvId, class: kind, box, severity: 'medium', confidence: 1, ...NO_OPINION },
    ...{ areaM2: null, widthM: null, lengthM: null, calibration: null },
    ...{ since: at, lastSeen: at, goneSince: null, seenIn: 0, lookedAt: 0, lastJobId: jobId },
    ...{ detector: { name: 'person', version: '' }, status: 'reported', missed: true, version: 0 },
    ...{ history: [], extent, judged: null, told: extent, misses: 0, countedJob: '', countedAt: 0, isLost: false },
  };
  const said = { ...NO_OPINION, state: 'accepted', note: note ?? null, by, reviewedAt: at } as const;
  return reviewed(finding, { at, by, decision: 'missed', opinion: said });
}
