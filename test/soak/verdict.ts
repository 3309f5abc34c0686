import type { Kind, Rest } from './rest.js';

/** A number of one kind of process at the three rests. */
export interface Row {
  kind: Kind;
  name: string;
  start: number;
  middle: number;
  end: number;
  /** The most it may be in the end; undefined: shown, not judged. */
  bound: number | undefined;
}

/** Memory, bytes: may grow by 5 % from the middle to the end. */
const MEMORY = new Set(['rss', 'heapUsed', 'external', 'memory']);
const MEMORY_GROWTH = 0.05;
/** What Redis and collectors keep in steps: less than this is no growth. Bytes */
const STEP = 1_000_000;
/** Connections to clients, storage and Redis are kept for a while and come back: so many more are no growth. */
const FEW = 3;

/** Numbers that are shown and not judged. */
const UNJUDGED = new Set(['keys that expire']);

/** All numbers, each with its bound. A worker that was started a minute ago is still filling its caches: not judged. */
export function rowsOf(start: Rest, middle: Rest, end: Rest): Row[] {
  return (Object.keys(end) as Kind[]).flatMap((kind) =>
    Object.keys(end[kind]).map((name) => {
      const at = (rest: Rest): number => rest[kind][name] ?? NaN;
      const isJudged = kind !== 'restarted worker' && !UNJUDGED.has(name);
      const bound = isJudged ? boundOf(name, at(middle)) : undefined;
      return { kind, name, start: at(start), middle: at(middle), end: at(end), bound };
    }),
  );
}

/** A sentence for each number that is over its bound. */
export function growthOf(rows: readonly Row[]): string[] {
  return rows
    .filter(({ end, bound }) => bound !== undefined && !(end <= bound))
    .map(({ kind, name, middle, end }) => `${kind}: ${name} grew from ${shown(name, middle)} to ${shown(name, end)}`);
}

/** A number for people, with its unit. */
export function shown(name: string, value: number): string {
  return MEMORY.has(name) ? `${(value / 1e6).toFixed(1)} MB` : value.toFixed(0);
}

function boundOf(name: string, middle: number): number {
  return MEMORY.has(name) ? Math.max(middle * (1 + MEMORY_GROWTH), middle + STEP) : middle + FEW;
}
