import type { Box } from '../../picture/geometry/box.js';
import type { DamageAnalysis, Detection } from '../damage-detector.js';
import { rect, SEVERITY_COLOURS, SEVERITY_LETTERS, text, type Sizes } from './svg.js';
import { textWidth } from './vector-font.js';

/** Worse damage has wider lines: colour is never the only sign. */
const WIDTHS = { low: 1, medium: 1.5, high: 2 } as const;

/** No colour of a severity. */
const REJECTED_COLOUR = '#b4b4b4';

/** Thinner than the mildest: earlier visits speak against it. */
const DENIED_WIDTH = 0.6;

/** The detections as SVG: area, box and a label each; dashed when they are not reported. */
export function marksOf(analysis: DamageAnalysis, sizes: Sizes): string {
  const shapes = analysis.detections.map((detection) => shapeOf(detection, sizes));
  const rejected = (analysis.rejected ?? []).map(({ box }) => greyMark(box, sizes));
  const taken: Box[] = [];
  const labels = analysis.detections.map((detection) => labelOf(detection, sizes, analysis.image, taken));
  return [...rejected, ...shapes, ...labels].join('');
}

/** What people rejected is no damage: a thin grey box without a label. */
function greyMark(box: Box, { line }: Sizes): string {
  const width = line * DENIED_WIDTH;
  return `<path d="${rectangle(box)}" fill="none" stroke="${REJECTED_COLOUR}" stroke-width="${width}" stroke-dasharray="${line} ${2 * line}"/>`;
}

function shapeOf({ box, outline, line: course, severity, confirmed, status }: Detection, { line }: Sizes): string {
  const width = line * (confirmed === false ? DENIED_WIDTH : WIDTHS[severity]);
  const colour = SEVERITY_COLOURS[severity];
  const dash = status === 'unconfirmed' ? ` stroke-dasharray="${4 * line} ${3 * line}"` : '';
  const area = outline === undefined ? '' : `<path d="${polygon(outline)}" fill="${colour}" fill-opacity="0.12"/>`;
  const along =
    course === undefined ? '' : `<path d="${openLine(course)}" fill="none" stroke="${colour}" stroke-width="${line}"/>`;
  return (
    area +
    along +
    `<path d="${rectangle(box)}" fill="none" stroke="#000" stroke-opacity="0.6" stroke-width="${width + 2 * line}"/>` +
    `<path d="${rectangle(box)}" fill="none" stroke="${colour}" stroke-width="${width}"${dash}/>`
  );
}

function rectangle({ x, y, width, height }: Box): string {
  return `M${x} ${y}h${width}v${height}h${-width}z`;
}

function polygon(points: readonly (readonly [number, number])[]): string {
  return `${openLine(points)}z`;
}

function openLine(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
}

function labelOf(detection: Detection, sizes: Sizes, image: DamageAnalysis['image'], taken: Box[]): string {
  const words = `${detection.class} ${Math.round(100 * detection.confidence)}% ${SEVERITY_LETTERS[detection.severity]}`;
  const size = { width: textWidth(words, sizes.cap) + 2 * sizes.pad, height: sizes.cap + 2 * sizes.pad };
  const place = placeOf(detection.box, size, image, taken);
  taken.push(place);
  const ground = rect(place.x, place.y, size.width, size.height, '#000', 0.55);
  const colour = SEVERITY_COLOURS[detection.severity];
  return ground + text(words, place.x + sizes.pad, place.y + sizes.pad, sizes.cap, colour);
}

/** Above the box, else below it, else beside it: the first place within the picture that no label has taken yet. */
function placeOf(box: Box, size: Pick<Box, 'width' | 'height'>, image: DamageAnalysis['image'], taken: Box[]): Box {
  const places = [
    { x: box.x, y: box.y - size.height },
    { x: box.x, y: box.y + box.height },
    { x: box.x + box.width, y: box.y },
    { x: box.x - size.width, y: box.y },
  ].map(({ x, y }) => ({
    x: Math.max(0, Math.min(image.width - size.width, x)),
    y: Math.max(0, Math.min(image.height - size.height, y)),
    ...size,
  }));
  return places.find((place) => !taken.some((other) => overlap(place, other))) ?? places[0]!;
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
