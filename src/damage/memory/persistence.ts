import { createHash } from 'node:crypto';
import { iou, type Box } from '../../picture/geometry/box.js';
import type { Mask } from '../../picture/mask.js';
import type { DamageAnalysis, Detection, GoneDamage } from '../damage-detector.js';
import { isOutOfSight } from '../scale/limits.js';
import type { Offset } from '../../picture/registration/registration.js';
import { isSameDamage, type Placed } from './same-damage.js';
import type { RememberedDamage, Visit } from './visits/visit.js';

/** An earlier visit of the same view, and where it lies. */
export interface EarlierVisit {
  visit: Pick<Visit, 'at' | 'sightings'>;
  offset: Offset;
}

/** What is known of now. */
export interface Now {
  /** ms since the epoch */
  at: number;
  /** Where the road was not seen this time; what is marked or missing there says nothing of now. */
  unseen: Mask;
  /** What the visit is called among all of all cameras: ids of new damage are made of it. */
  visit: string;
}

/** Fewer visits than this, the present one included, decide nothing. */
const FEWEST_VISITS = 3;

/** Seen in so many visits running a damage is there, even if older visits did not have it: roads do break. */
const STREAK = 3;

/** A shadow comes back at nearly the same place for an hour or more; damage stays for longer. ms */
const PERSISTS_FOR_MS = 2 * 3_600_000;

/** An analysis that knows of earlier visits, and what of it is to be remembered. */
export interface Persistence {
  analysis: DamageAnalysis;
  sightings: RememberedDamage[];
}

/**
 * Says of each damage since when and in how many of the last visits it was seen, and what is new or gone. What was not
 * seen often or long enough stays in the list, but no longer counts as damaged road.
 * @param earlier conclusive visits of the same view, newest first
 */
export function persistenceOf(found: DamageAnalysis, earlier: readonly EarlierVisit[], now: Now): Persistence {
  const traces = eachItsOwn(
    found.detections.map((detection) => traceOf(detection, earlier, now)),
    now,
  );
  const detections = traces.map(({ detection }) => detection);
  const analysis = { ...found, detections, ...countedOf(found, detections) };
  const sightings = traces.flatMap(({ sighting }) => sighting ?? []);
  if (earlier.length === 0) return { analysis, sightings };
  const isNew = ({ detection }: Trace) => detection.seen?.inLast === 1;
  const appeared = traces.filter(isNew).map(({ detection: { id, class: kind, boxNormalized, severity } }) => {
    return { ...(id !== undefined && { id }), class: kind, boxNormalized, severity };
  });
  return { analysis: { ...analysis, changes: { new: appeared, gone: goneOf(found, earlier, now) } }, sightings };
}

interface Trace {
  detection: Detection;
  sighting: RememberedDamage | undefined;
  /** How well it lies on the newest earlier sighting of it, IoU. */
  fit: number;
}

/** Hexadecimal digits of an id: no two damages of all cameras get one by chance. */
const ID_DIGITS = 20;

/** The same however often a job is delivered; of two marks at one place only the class tells them apart. */
function newId({ class: kind, box }: Placed, { visit }: Now): string {
  const place = [box.x, box.y, box.width, box.height].map((share) => share.toFixed(6));
  return createHash('sha256')
    .update([visit, kind, ...place].join(' '))
    .digest('hex')
    .slice(0, ID_DIGITS);
}

/** Of two marks on what was one damage the one that lies on it better goes on as that one; the other is a new one. */
function eachItsOwn(traces: readonly Trace[], now: Now): Trace[] {
  const best = new Map<string, Trace>();
  for (const trace of traces) {
    const id = trace.sighting?.id;
    if (id !== undefined && trace.fit > (best.get(id)?.fit ?? -1)) best.set(id, trace);
  }
  return traces.map((trace) => {
    const { detection, sighting } = trace;
    if (sighting?.id === undefined || best.get(sighting.id) === trace) return trace;
    const id = newId(sighting, now);
    return { ...trace, detection: { ...detection, id }, sighting: { ...sighting, id } };
  });
}

function traceOf(detection: Detection, earlier: readonly EarlierVisit[], now: Now): Trace {
  const placed = { class: detection.class, box: detection.boxNormalized };
  // What is shown from an earlier visit was not seen again.
  if (isUnseen(placed.box, now.unseen)) return { detection, sighting: undefined, fit: 0 };
  const matches = earlier.map((one) => matchIn(one, placed));
  const known = matches.filter((match) => match !== undefined);
  const { fit = 0, ...first } = known.reduce<Partial<Match> & Beginning>(
    (oldest, match) => (match.since < oldest.since ? match : oldest),
    { since: now.at, firstBox: placed.box },
  );
  const id = first.id ?? newId(placed, now);
  const inLast = 1 + known.length;
  const seen = { since: new Date(first.since).toISOString(), inLast, ofLast: earlier.length + 1 };
  const confirmed = isConfirmed(seen, streakOf(matches), now.at - first.since);
  return {
    detection: { ...detection, id, seen, ...(confirmed === undefined ? {} : { confirmed }) },
    sighting: { ...placed, ...first, id },
    fit,
  };
}

/** Since when a damage is known, where it was then, and its id if the visit that saw it gave one. */
type Beginning = Pick<RememberedDamage, 'since' | 'firstBox' | 'id'>;
type Match = Beginning & { fit: number };

/** Since when an earlier visit knows of a damage; undefined when it did not see it. */
function matchIn({ visit, offset }: EarlierVisit, placed: Placed): Match | undefined {
  const same = visit.sightings.filter((sighting) =>
    isSameDamage(placed, { ...sighting, box: moved(sighting.box, offset) }),
  );
  const [match] = same.sort((a, b) => a.since - b.since);
  if (match === undefined) return undefined;
  const firstBox = moved(match.firstBox, offset);
  const fit = iou(placed.box, moved(match.box, offset));
  // Step by step a shadow goes far: only who is still where it began is as old as that.
  if (isSameDamage(placed, { class: match.class, box: firstBox })) {
    return { since: match.since, firstBox, ...(match.id !== undefined && { id: match.id }), fit };
  }
  return { since: visit.at, firstBox: moved(match.box, offset), fit };
}

function streakOf(matches: readonly unknown[]): number {
  const miss = matches.indexOf(undefined);
  return 1 + (miss < 0 ? matches.length : miss);
}

/** True, false, or undefined while there is not enough to go by. */
function isConfirmed(
  { inLast, ofLast }: NonNullable<Detection['seen']>,
  streak: number,
  ageMs: number,
): boolean | undefined {
  if (ofLast < FEWEST_VISITS) return undefined;
  if (2 * inLast < ofLast && streak < STREAK) return false;
  if (inLast < 2) return false;
  return ageMs >= PERSISTS_FOR_MS ? true : undefined;
}

/** What several visits had, the last one among them, and this one has no more although its place was seen. */
function goneOf(found: DamageAnalysis, earlier: readonly EarlierVisit[], { unseen }: Now): GoneDamage[] {
  const [last, ...before] = earlier;
  if (last === undefined) return [];
  const marks = [...found.detections, ...(found.leftOut ?? [])];
  const present = marks.map(({ class: kind, boxNormalized }) => ({ class: kind, box: boxNormalized }));
  return (
    last.visit.sightings
      .map((sighting) => ({ ...sighting, box: moved(sighting.box, last.offset) }))
      .filter((sighting) => !present.some((detection) => isSameDamage(detection, sighting)))
      .filter((sighting) => before.length === 0 || before.some((one) => matchIn(one, sighting) !== undefined))
      .filter(({ box }) => !isUnseen(box, unseen))
      // Visits before the scale was known marked what is out of sight, too.
      .filter(({ class: kind, box }) => !isOutOfSight({ class: kind, boxNormalized: box }, found))
      .map(({ id, class: kind, box, since }) => {
        const times = { since: new Date(since).toISOString(), lastSeen: new Date(last.visit.at).toISOString() };
        return { ...(id !== undefined && { id }), class: kind, boxNormalized: box, ...times };
      })
  );
}

/** The road's shares without what is not confirmed. */
function countedOf(found: DamageAnalysis, detections: readonly Detection[]): Partial<DamageAnalysis> {
  const doubted = detections.filter(({ confirmed }) => confirmed === false);
  if (doubted.length === 0) return {};
  const areaOf = (some: readonly Detection[]) => some.reduce((sum, { areaPx }) => sum + areaPx, 0);
  const share = 1 - areaOf(doubted) / Math.max(1, areaOf(detections));
  const squareMetres = doubted.reduce((sum, { areaM2 }) => sum + (areaM2 ?? 0), 0);
  const area =
    found.damagedAreaM2 === undefined ? {} : { damagedAreaM2: Math.max(0, found.damagedAreaM2 - squareMetres) };
  return { damagedRoadShare: found.damagedRoadShare * share, markedRoadShare: found.damagedRoadShare, ...area };
}

/** Where what was seen then is now. */
function moved(box: Box, { x, y }: Offset): Box {
  return { ...box, x: box.x - x, y: box.y - y };
}

/** By its middle; what the camera has turned away from is not seen either. */
function isUnseen({ x, y, width, height }: Box, { width: columns, height: rows, data }: Mask): boolean {
  const [column, row] = [Math.floor((x + width / 2) * columns), Math.floor((y + height / 2) * rows)];
  const isInPicture = column >= 0 && row >= 0 && column < columns && row < rows;
  return !isInPicture || data[row * columns + column] === 1;
}
