import { loadConfig } from '../config/config.js';
import { readEnvironment } from '../config/sources/environment.js';
import { InvalidJobError } from '../job/errors.js';
import { KINDS } from '../kinds.js';
import type { DeadLetter, DeadLetterFilter, DeadLetters } from '../queue/dead-letters/dead-letters.js';
import { withoutSecrets } from '../queue/dead-letters/redacted-letter.js';
import { withQueue } from './with-queue.js';

/** JSON escapes the other control characters; terminals act on these too. */
const C1_CONTROLS = /[\u007f-\u009f]/g;

/** Of which kind of job. */
export interface KindOption {
  kind: string;
}

/** Which dead letters to act on. */
export interface FilterOptions extends KindOption {
  code?: string;
  all?: true;
}

/** Prints the newest, one a line. */
export function list(kind: string, limit: number): Promise<void> {
  return onLetters(kind, (letters) => printNewest(letters, limit));
}

async function printNewest(letters: DeadLetters, limit: number): Promise<void> {
  const found = await letters.list(Number.isInteger(limit) && limit > 0 ? limit : 20);
  if (found.length === 0) console.log('No job was given up.');
  for (const letter of found) console.log(lineOf(letter));
}

function lineOf(letter: DeadLetter): string {
  const { id, lastAt, code, attempts, payload, message } = withoutSecrets(letter);
  return [id, lastAt, code, `${attempts}x`, payload.cctvId ?? '-', message].join('  ');
}

/** Prints one, with its payload as far as it holds no secret. */
export function show(kind: string, id: string, secrets: boolean): Promise<void> {
  return onLetters(kind, (letters) => print(letters, id, secrets));
}

async function print(letters: DeadLetters, id: string, secrets: boolean): Promise<void> {
  const letter = await letters.get(id);
  if (letter === undefined)
    throw new InvalidJobError('NO_SUCH_LETTER', `There is no dead letter ${id}; "dlq list" shows them.`);
  const text = JSON.stringify(secrets ? letter : withoutSecrets(letter), undefined, 2);
  console.log(text.replace(C1_CONTROLS, escaped));
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Puts back into its stream: one, those with a reason code, or all. */
export function redrive(options: FilterOptions, id?: string): Promise<void> {
  const filter = filterOf(id, options);
  return onLetters(options.kind, async (letters) => console.log(`${await letters.redrive(filter)} put back.`));
}

/** Deletes for good: one, those with a reason code, or all. */
export function purge(options: FilterOptions, id?: string): Promise<void> {
  const filter = filterOf(id, options);
  return onLetters(options.kind, async (letters) => console.log(`${await letters.purge(filter)} deleted.`));
}

function onLetters(kind: string, work: (letters: DeadLetters) => Promise<void>): Promise<void> {
  return withQueue(
    loadConfig(readEnvironment()),
    ({ letters }) => work(letters),
    KINDS.find((known) => known.kind === kind),
  );
}

/** Nothing named means nothing done: a slip must not put a thousand jobs back. */
function filterOf(id: string | undefined, { code, all }: FilterOptions): DeadLetterFilter {
  if (id !== undefined) return { id };
  if (code !== undefined) return { code };
  if (all === true) return {};
  throw new InvalidJobError('NOTHING_NAMED', 'Say which: an id, --code <code> or --all.');
}
