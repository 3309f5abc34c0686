import type { DamageAnalysis, Detection, RejectedMark } from '../../damage/damage-detector.js';
import type { RememberedDamage } from '../../damage/memory/visits/visit.js';
import type { StoredFinding } from '../finding.js';
import { extentOfMark, placed, reopeningOf } from './placing.js';

/** What a visit saw, before and after people had their say. */
export interface VisitJudgement {
  /** Without what is rejected. */
  analysis: DamageAnalysis;
  /** With it: also what counts for nothing is seen again. Each under the id of its finding. */
  sightings: RememberedDamage[];
  /** All marks, each under the id of its finding. */
  marks: Detection[];
}

/**
 * Takes off what people rejected: it is not reported, counted or drawn as damage, and never new. Where it grew by half, got worse or
 * is of another kind than what was rejected, it stays, to be looked at again.
 */
export function judgeVisit(
  { analysis, sightings }: { analysis: DamageAnalysis; sightings: RememberedDamage[] },
  findings: readonly StoredFinding[],
  isMoved: boolean,
): VisitJudgement {
  const placing = placed(analysis.detections, findings, isMoved);
  const names = new Map<string, string>();
  const rejections = new Map<Detection, StoredFinding>();
  const marks = analysis.detections.map((mark) => {
    const finding = placing.get(mark);
    if (finding === undefined) return mark;
    if (mark.id !== undefined) names.set(mark.id, finding.id);
    const known = mark.id === undefined ? mark : { ...mark, id: finding.id };
    const holds =
      finding.state === 'rejected' && reopeningOf(finding, extentOfMark(mark, analysis.image)) === undefined;
    if (holds) rejections.set(known, finding);
    return known;
  });
  const named = <T extends { id?: string }>(some: T): T =>
    some.id === undefined ? some : { ...some, id: names.get(some.id) ?? some.id };
  const renamed = {
    ...analysis,
    detections: marks,
    ...(analysis.changes && {
      changes: { new: analysis.changes.new.map(named), gone: analysis.changes.gone.map(named) },
    }),
  };
  const rejected = new Set(findings.filter(({ state }) => state === 'rejected').map(({ id }) => id));
  return {
    analysis: withoutRejected(renamed, rejections, rejected),
    sightings: sightings.map(named),
    marks,
  };
}

function withoutRejected(
  analysis: DamageAnalysis,
  rejections: ReadonlyMap<Detection, StoredFinding>,
  rejected: ReadonlySet<string>,
): DamageAnalysis {
  const changes = analysis.changes && {
    changes: { ...analysis.changes, gone: analysis.changes.gone.filter(({ id }) => !rejected.has(id ?? '')) },
  };
  if (rejections.size === 0) return { ...analysis, ...changes };
  const detections = analysis.detections.filter((mark) => !rejections.has(mark));
  const ids = new Set([...rejections.values()].map(({ id }) => id));
  return {
    ...analysis,
    ...countedOf(analysis, [...rejections.keys()]),
    detections,
    reported: detections.filter(({ status }) => status === 'reported').length,
    verdictReason: `${analysis.verdictReason} ${sentenceOf(rejections.size)}`,
    rejected: [...rejections].map(([mark, finding]) => rejectedMark(mark, finding)),
    ...(changes && {
      changes: { ...changes.changes, new: changes.changes.new.filter(({ id }) => !ids.has(id ?? '')) },
    }),
  };
}

function sentenceOf(count: number): string {
  return count === 1
    ? 'One mark is not counted, since a person rejected it.'
    : `${count} marks are not counted, since a person rejected them.`;
}

function rejectedMark({ class: kind, box, boxNormalized, severity }: Detection, finding: StoredFinding): RejectedMark {
  const { id, reason, reviewedAt } = finding;
  return { id, class: kind, box, boxNormalized, severity, reason, ...(reviewedAt !== null && { reviewedAt }) };
}

/** The road's shares without the rejected marks. What earlier visits spoke against was taken off before. */
function countedOf(analysis: DamageAnalysis, rejected: readonly Detection[]): Partial<DamageAnalysis> {
  const counts = ({ confirmed }: Detection): boolean => confirmed !== false;
  const areaOf = (some: readonly Detection[]) => some.filter(counts).reduce((sum, { areaPx }) => sum + areaPx, 0);
  const all = areaOf(analysis.detections);
  const left = all === 0 ? 1 : 1 - areaOf(rejected) / all;
  const { damagedRoadShare, markedRoadShare = damagedRoadShare, damagedAreaM2 } = analysis;
  const squareMetres = rejected.filter(counts).reduce((sum, { areaM2 }) => sum + (areaM2 ?? 0), 0);
  const area = damagedAreaM2 === undefined ? {} : { damagedAreaM2: Math.max(0, damagedAreaM2 - squareMetres) };
  return { damagedRoadShare: left * damagedRoadShare, markedRoadShare, ...area };
}
