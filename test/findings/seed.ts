import { createHash } from 'node:crypto';
import type { Detection } from '../../src/damage/damage-detector.js';
import { FindingBook } from '../../src/findings/book/finding-book.js';
import { noteVisit } from '../../src/findings/visit/note-visit.js';
import type { Link } from '../../src/redis/link.js';
import { crackAt, HEIGHT, WIDTH } from '../visits/drawn-view.js';

/** The id that a name of a mark gives. */
export const idOf = (name: string): string => createHash('sha256').update(name).digest('hex').slice(0, 20);

/** A mark with an id, as a visit gives it. */
export function markOf(name: string, x: number, y: number, change: Partial<Detection> = {}): Detection {
  return { ...crackAt(x, y, 40, 20), id: idOf(name), ...change };
}

/** When a visit was, and who looked. */
interface SeededVisit {
  at?: number;
  jobId?: string;
  version?: string;
}

/** Notes one visit of a camera, as an inspection does. */
export async function seedVisit(
  link: Link,
  cctvId: string,
  marks: readonly Detection[],
  { at = Date.now(), jobId = `job-${at}`, version = '2' }: SeededVisit = {},
): Promise<void> {
  const book = new FindingBook(link, 'stream:preprocess');
  const visit = { cctvId, jobId, at, marks, image: { width: WIDTH, height: HEIGHT }, gone: [], isMoved: false };
  const change = noteVisit(await book.of(cctvId), { ...visit, detector: { name: 'road-damage', version } });
  if (!(await book.put(cctvId, change))) throw new Error('Somebody else was quicker.');
}
