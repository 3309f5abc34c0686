import { fieldOfLetter, type DeadLetter } from './dead-letter.js';
import type { DeadLetters } from './dead-letters.js';

/** Dead letters of one reason code. */
export interface LetterGroup {
  code: string;
  /** How many there are, as they are counted; those beyond 64 codes as many as were looked at. */
  count: number;
  /** ISO 8601; of those that were looked at. */
  oldestAt: string | null;
  newestAt: string | null;
  /** How many cameras they are of, and some of these, in the order of the newest. */
  cameras: number;
  someCameras: string[];
  /** What the newest one says: what happened, then what to do. */
  message: string;
}

/** Cameras that are named. */
const MOST_NAMED = 5;
const MOST_LOOKED_AT = 5_000;

interface Gathered {
  readonly newest: DeadLetter;
  oldest: DeadLetter;
  seen: number;
  readonly cameras: Set<string>;
}

/**
 * Dead letters by reason code, the most first. Looks at the newest 5,000.
 * @param byCode how many there are of each code
 * @param message what may be shown of a letter's message
 */
export async function groupLetters(
  letters: Pick<DeadLetters, 'find'>,
  byCode: Readonly<Record<string, number>>,
  message: (letter: DeadLetter) => string,
): Promise<{ groups: LetterGroup[]; complete: boolean }> {
  const { letters: found, next } = await letters.find({}, MOST_LOOKED_AT);
  const gathered = new Map<string, Gathered>();
  for (const letter of found) gather(gathered, letter);
  const groups = [...gathered].map(([code, group]): LetterGroup => {
    const { newest, oldest, seen, cameras } = group;
    const count = Math.max(seen, byCode[code] ?? 0);
    const times = { oldestAt: orNull(oldest.lastAt), newestAt: orNull(newest.lastAt) };
    const someCameras = [...cameras].slice(0, MOST_NAMED);
    return { code, count, ...times, cameras: cameras.size, someCameras, message: message(newest) };
  });
  return { groups: groups.sort((a, b) => b.count - a.count), complete: next === undefined };
}

function gather(gathered: Map<string, Gathered>, letter: DeadLetter): void {
  const group = gathered.get(letter.code) ?? { newest: letter, oldest: letter, seen: 0, cameras: new Set() };
  group.oldest = letter;
  group.seen += 1;
  const camera = fieldOfLetter(letter, 'cctvId');
  if (camera !== undefined) group.cameras.add(camera.slice(0, 128));
  gathered.set(letter.code, group);
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
