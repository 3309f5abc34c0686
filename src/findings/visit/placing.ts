import { familyOf } from '../../damage/birds-eye/merge.js';
import type { Detection } from '../../damage/damage-detector.js';
import { isSameDamage } from '../../damage/memory/same-damage.js';
import { iou } from '../../picture/geometry/box.js';
import { rankOf, type Extent, type Reopening, type StoredFinding } from '../finding.js';

/** A mark of another kind that lies so well on what was rejected is about the same spot. IoU */
const SAME_SPOT = 0.3;

/** A rejected finding that has grown by half is another thing than the one that was looked at. */
const GROWN = 1.5;

/** Which finding each mark is. */
export type Placing = ReadonlyMap<Detection, StoredFinding>;

/**
 * Finds for each mark its finding: by the id that the memory of visits carried, else by place, which holds also where that memory began
 * anew or is another one by other light. Each finding is taken by one mark at most.
 * @param isMoved the camera moved: no place says anything
 */
export function placed(marks: readonly Detection[], findings: readonly StoredFinding[], isMoved: boolean): Placing {
  const placing = new Map<Detection, StoredFinding>();
  const free = new Map(findings.map((finding) => [finding.id, finding]));
  const take = (mark: Detection, finding: StoredFinding | undefined): void => {
    if (finding === undefined) return;
    placing.set(mark, finding);
    free.delete(finding.id);
  };
  for (const mark of marks) take(mark, mark.id === undefined ? undefined : free.get(mark.id));
  if (isMoved) return placing;
  const rules = [isSame, isOtherKind];
  for (const rule of rules) {
    for (const mark of marks.filter((mark) => !placing.has(mark))) {
      const alike = [...free.values()].filter((finding) => !finding.isLost && rule(mark, finding));
      take(mark, alike.sort((a, b) => iou(mark.boxNormalized, b.box) - iou(mark.boxNormalized, a.box))[0]);
    }
  }
  return placing;
}

function isSame({ class: kind, boxNormalized }: Detection, finding: StoredFinding): boolean {
  return isSameDamage({ class: kind, box: boxNormalized }, finding);
}

function isOtherKind({ boxNormalized }: Detection, { state, box }: StoredFinding): boolean {
  return state === 'rejected' && iou(boxNormalized, box) >= SAME_SPOT;
}

/** How large and bad a mark is. */
export function extentOfMark(
  { class: kind, severity, areaPx, areaM2 }: Detection,
  image: { width: number; height: number },
): Extent {
  return { class: kind, severity, areaShare: areaPx / (image.width * image.height), areaM2: areaM2 ?? null };
}

/** Why a rejected finding is to be looked at again; undefined while the rejection holds. */
export function reopeningOf({ judged, extent }: StoredFinding, now: Extent): Reopening | undefined {
  const then = judged ?? extent;
  const families = [familyOf(then.class), familyOf(now.class)];
  if (!families.includes('either') && families[0] !== families[1]) return 'other_kind';
  if (rankOf(now.severity) > rankOf(then.severity)) return 'worse';
  return hasGrown(then, now) ? 'grew' : undefined;
}

/** By square metres where both are known, else by the share of the picture. */
export function hasGrown(then: Extent, now: Extent): boolean {
  if (then.areaM2 !== null && now.areaM2 !== null && then.areaM2 > 0) return now.areaM2 >= GROWN * then.areaM2;
  return then.areaShare > 0 && now.areaShare >= GROWN * then.areaShare;
}
