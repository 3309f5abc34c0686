import type { DamageAnalysis } from '../damage-detector.js';
import { rect, SEVERITY_COLOURS, SEVERITY_LETTERS, text, type Sizes } from './svg.js';
import { textWidth } from './vector-font.js';

/** What stands under an annotated picture beside what the analysis says. */
export interface Legend {
  cctvId: string;
  /** When the job was queued or the picture taken. */
  time: Date;
  /** `clear`, `partly_hidden` or `inconclusive`; absent for a picture that was uploaded. */
  backgroundVerdict?: string;
}

interface Entry {
  words: string;
  colour: string;
}

/** A strip of text as wide as the picture. */
export interface Strip {
  /** px */
  height: number;
  /** SVG content. */
  content: string;
}

const PLAIN = '#fff';

/** The strip under the picture: camera, time, verdicts, detector, the colours of severity. */
export function legendStrip(legend: Legend, analysis: DamageAnalysis, width: number, sizes: Sizes): Strip {
  const lines = wrap(entriesOf(legend, analysis), width - 2 * sizes.pad, sizes);
  const lineHeight = sizes.cap + 2 * sizes.pad;
  const height = lines.length * lineHeight + sizes.pad;
  const rows = lines.map((line, i) => row(line, sizes.pad + i * lineHeight, sizes));
  return { height, content: rect(0, 0, width, height, '#000') + rows.join('') };
}

function entriesOf({ cctvId, time, backgroundVerdict }: Legend, analysis: DamageAnalysis): Entry[] {
  const { detector, verdict, detections, reported, rejected = [] } = analysis;
  const plain = [
    cctvId,
    time.toISOString().replace('T', ' ').replace(/\..*/, ' UTC'),
    ...(backgroundVerdict === undefined ? [] : [`background: ${backgroundVerdict}`]),
    `damage: ${verdict === 'inconclusive' ? 'INCONCLUSIVE - ignore the marks' : countsOf(analysis)}`,
    ...(reported < detections.length ? ['dashed: to check'] : []),
    ...(rejected.length > 0 ? [`grey: ${rejected.length} rejected by people`] : []),
    `${detector.name} ${detector.version}`,
  ];
  const severities = (['low', 'medium', 'high'] as const).map((severity) => ({
    words: `${SEVERITY_LETTERS[severity]} ${severity}`,
    colour: SEVERITY_COLOURS[severity],
  }));
  return [...plain.map((words) => ({ words, colour: PLAIN })), ...severities];
}

function countsOf({ detections, reported }: DamageAnalysis): string {
  if (detections.length === 0) return 'none found';
  return [...(reported > 0 ? [`${reported} reported`] : []), ...toCheck(detections.length - reported)].join(', ');
}

function toCheck(count: number): string[] {
  return count > 0 ? [`${count} to check`] : [];
}

function wrap(entries: readonly Entry[], width: number, { cap }: Sizes): Entry[][] {
  const lines: Entry[][] = [[]];
  let used = 0;
  for (const entry of entries) {
    const wanted = textWidth(entry.words, cap) + gap(cap);
    if (used > 0 && used + wanted > width) {
      lines.push([]);
      used = 0;
    }
    lines.at(-1)!.push(entry);
    used += wanted;
  }
  return lines;
}

function row(entries: readonly Entry[], y: number, { cap, pad }: Sizes): string {
  let x = pad;
  return entries
    .map(({ words, colour }) => {
      const drawn = text(words, x, y, cap, colour);
      x += textWidth(words, cap) + gap(cap);
      return drawn;
    })
    .join('');
}

function gap(cap: number): number {
  return 2 * cap;
}
