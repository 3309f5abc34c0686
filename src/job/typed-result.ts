import type { JobResult } from './handler.js';

/** Fields of results that are numbers; a stream holds only text. */
const NUMBERS = new Set([
  ...['attempt', 'askedSeconds', 'watchedSeconds', 'detections', 'reported', 'damagedRoadShare'],
  ...['safetyScore', 'incidents', 'seconds', 'durationMs', 'tokens'],
]);
/** Fields of results that are yes or no. */
const FLAGS = new Set(['cached']);
/** What we add for ourselves. */
const OURS = /^(?:roadstream:|tracked$)/;

/** A result as JSON tells it: numbers are numbers. */
export function typedResult(result: JobResult): Record<string, string | number | boolean> {
  const told = Object.entries(result).filter(([name]) => !OURS.test(name));
  return Object.fromEntries(told.map(([name, text]) => [name, typed(name, text)]));
}

function typed(name: string, text: string): string | number | boolean {
  if (FLAGS.has(name)) return text === 'true';
  return NUMBERS.has(name) && text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}
