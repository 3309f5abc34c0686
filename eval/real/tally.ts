import type { DamageAnalysis, Detection } from '../../src/damage/damage-detector.js';
import type { Box } from '../../src/picture/geometry/box.js';
import type { Truth, TrueDamage } from './truth.js';

/** A mark, and what it is worth. */
export interface JudgedMark {
  detection: Detection;
  /** `unknown`: where labels say to ignore, or nobody looked. */
  is: 'right' | 'false' | 'unknown';
}

/** A picture's marks beside what is true. */
export interface JudgedPicture {
  name: string;
  analysis: DamageAnalysis;
  truth: Truth;
  marks: JudgedMark[];
  /** The true damages that a mark touches. */
  found: Set<TrueDamage>;
}

/** How a detector did on a set of pictures. */
export interface Tally {
  pictures: number;
  /** Pictures whose verdict says to take nothing as fact: their marks count as none. */
  inconclusive: number;
  marks: number;
  falseMarks: number;
  falseMarksPerPicture: number;
  /** Pictures on which nobody saw damage, and the share of them with a mark. */
  soundPictures: number;
  soundMarked: number;
  /** The same for marks that would be reported if every visit saw them. */
  soundReported: number;
  /** By kind and by how wide a car is there, px of a picture 1280 px wide: `3 of 5`. */
  found: Record<string, string>;
}

/** A mark may be off by so much, as a share of the picture. */
const TOLERANCE = 0.004;

/** A mark that holds this share of an ignored place, by its own area, is not judged. */
const IGNORED = 0.3;

/** Compares a picture's marks with the truth. A mark is right when it touches a damage, of whatever kind. */
export function judgePicture(name: string, analysis: DamageAnalysis, truth: Truth): JudgedPicture {
  const found = new Set<TrueDamage>();
  const marks = marksOf(analysis).map((detection): JudgedMark => {
    const touched = truth.damages.filter(({ points }) => points.some((point) => holds(detection.boxNormalized, point)));
    for (const damage of touched) found.add(damage);
    if (touched.length > 0) return { detection, is: 'right' };
    const unknown = !truth.labelled || truth.ignored.some((box) => lapOf(detection.boxNormalized, box) >= IGNORED);
    return { detection, is: unknown ? 'unknown' : 'false' };
  });
  return { name, analysis, truth, marks, found };
}

/** Counts pictures. @param isSure whether a mark would be reported if every visit saw it */
export function tallyOf(pictures: readonly JudgedPicture[], isSure: (mark: Detection) => boolean): Tally {
  const marks = pictures.flatMap((picture) => picture.marks);
  const falseMarks = marks.filter(({ is }) => is === 'false').length;
  const sound = pictures.filter(({ truth }) => truth.labelled && truth.damages.length === 0);
  const shareOf = (count: number) => count / Math.max(1, sound.length);
  const isFalse = ({ is }: JudgedMark) => is === 'false';
  return {
    pictures: pictures.length,
    inconclusive: pictures.filter(({ analysis }) => analysis.verdict === 'inconclusive').length,
    marks: marks.length,
    falseMarks,
    falseMarksPerPicture: falseMarks / Math.max(1, pictures.length),
    soundPictures: sound.length,
    soundMarked: shareOf(sound.filter((picture) => picture.marks.some(isFalse)).length),
    soundReported: shareOf(
      sound.filter((picture) => picture.marks.some((mark) => isFalse(mark) && isSure(mark.detection))).length,
    ),
    found: foundBySize(pictures),
  };
}

function marksOf({ verdict, detections }: DamageAnalysis): Detection[] {
  return verdict === 'inconclusive' ? [] : detections;
}

function foundBySize(pictures: readonly JudgedPicture[]): Record<string, string> {
  const counts = new Map<string, [found: number, all: number]>();
  for (const { truth, found } of pictures) {
    for (const damage of truth.damages) {
      const key = `${damage.kind}s, car ${sizeOf(damage, truth)}`;
      const [hits, all] = counts.get(key) ?? [0, 0];
      counts.set(key, [hits + (found.has(damage) ? 1 : 0), all + 1]);
    }
  }
  const sorted = [...counts].sort(([a], [b]) => a.localeCompare(b));
  return Object.fromEntries(sorted.map(([key, [hits, all]]) => [key, `${hits} of ${all}`]));
}

function sizeOf({ points }: TrueDamage, { carWidthAt }: Truth): string {
  if (carWidthAt === undefined) return 'of unknown width';
  const px = 1_280 * carWidthAt(Math.max(...points.map(([, y]) => y)));
  if (px >= 100) return '100 px and wider';
  return px >= 60 ? '60 to 100 px' : 'below 60 px';
}

function holds({ x, y, width, height }: Box, [u, v]: readonly [number, number]): boolean {
  return u >= x - TOLERANCE && u <= x + width + TOLERANCE && v >= y - TOLERANCE && v <= y + height + TOLERANCE;
}

/** The share of a box that lies in another. */
function lapOf(box: Box, other: Box): number {
  const width = Math.min(box.x + box.width, other.x + other.width) - Math.max(box.x, other.x);
  const height = Math.min(box.y + box.height, other.y + other.height) - Math.max(box.y, other.y);
  return width <= 0 || height <= 0 ? 0 : (width * height) / Math.max(Number.EPSILON, box.width * box.height);
}
