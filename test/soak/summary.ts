import type { Mishap } from './mishaps.js';
import type { Rest } from './rest.js';
import { growthOf, rowsOf, shown } from './verdict.js';

/** What a soak showed. Jobs are named, so that their way can be looked up. */
export interface Summary {
  seed: number;
  minutes: number;
  mishaps: Record<Mishap, number>;
  accepted: number;
  completed: number;
  /** Their codes. */
  deadLetters: string[];
  /** Neither completed nor a dead letter. */
  lost: string[];
  /** Ended, but only after a rest had waited for them in vain. */
  late: string[];
  /** Ended twice, or begun again though a living worker had completed them. */
  doubled: string[];
  /** Run by two living workers at the same time. */
  overlapping: string[];
  /** Done again because a worker died between the last artifact and the acknowledgement. Allowed. */
  repeated: number;
  /** Completed, and the set of artifacts is not. */
  unsealed: string[];
  /** Log lines and deaths that must not be. */
  alarms: string[];
  /** How often clients over HTTP were answered each status. */
  answers: Map<number, number>;
  /** Answers that no client should get. */
  wrong: string[];
  start: Rest;
  middle: Rest;
  end: Rest;
}

/** A sentence for all that is wrong; none is good. */
export function flawsOf(summary: Summary): string[] {
  const lists = ['lost', 'late', 'doubled', 'overlapping', 'unsealed', 'alarms', 'wrong'] as const;
  const found = lists.filter((name) => summary[name].length > 0);
  const { start, middle, end } = summary;
  return [
    ...found.map((name) => `${summary[name].length} ${name}: ${summary[name].slice(0, 10).join('; ')}`),
    ...growthOf(rowsOf(start, middle, end)),
  ];
}

/** Two tables in Markdown: what became of the jobs, and what the processes weighed. */
export function tablesOf(summary: Summary): string {
  const rows = rowsOf(summary.start, summary.middle, summary.end);
  return [
    ...tableOf(['what', 'number'], countsOf(summary)),
    '',
    ...tableOf(
      ['at rest', 'start', 'middle', 'end', 'may be'],
      rows.map(({ kind, name, start, middle, end, bound }) => [
        `${kind}: ${LABELS[name] ?? name}`,
        ...[start, middle, end].map((value) => shown(name, value)),
        bound === undefined ? '' : shown(name, bound),
      ]),
    ),
  ].join('\n');
}

const LABELS: Record<string, string> = { rss: 'resident memory', heapUsed: 'heap after collection' };

function countsOf(summary: Summary): string[][] {
  const { kill, stop, redis, line, swift, gemini } = summary.mishaps;
  return [
    ['accepted', summary.accepted],
    ['completed', summary.completed],
    ['dead letters', `${summary.deadLetters.length} (${tallyOf(summary.deadLetters)})`],
    ['lost', summary.lost.length],
    ['doubled', summary.doubled.length],
    ['overlapping', summary.overlapping.length],
    ['repeated after a death', summary.repeated],
    ['workers killed, stopped', `${kill}, ${stop}`],
    ['Redis killed, its line broken', `${redis}, ${line}`],
    ['Swift away, faults of Gemini', `${swift}, ${gemini}`],
    ['HTTP answers', [...summary.answers].map(([status, times]) => `${times} × ${status}`).join(', ')],
  ].map((row) => row.map(String));
}

function tallyOf(codes: readonly string[]): string {
  const times = (code: string): number => codes.filter((other) => other === code).length;
  return [...new Set(codes)].map((code) => `${times(code)} ${code}`).join(', ');
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const lineOf = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  return [lineOf(head), lineOf(widths.map((width) => '-'.repeat(width))), ...rows.map(lineOf)];
}
