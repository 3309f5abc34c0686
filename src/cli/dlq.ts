import { loadConfig } from '../config/config.js';
import { readEnvironment } from '../config/sources/environment.js';
import { InvalidJobError } from '../job/errors.js';
import { KINDS } from '../kinds.js';
import type { DeadLetter } from '../queue/dead-letters/dead-letter.js';
import { MOST_PER_MINUTE, type DeadLetters } from '../queue/dead-letters/dead-letters.js';
import type { DeadLetterFilter } from '../queue/dead-letters/letter-filter.js';
import { withoutSecrets } from '../queue/dead-letters/redacted-letter.js';
import { withQueue } from './with-queue.js';

/** JSON escapes the other control characters; terminals act on these too. */
const C1_CONTROLS = /[\u007f-\u009f]/g;

/** Of which kind of job. */
export interface KindOption {
  kind: string;
}

/** Which dead letters to list. */
export interface ListOptions extends KindOption {
  code?: string;
  cctv?: string;
  limit: string;
}

/** Which dead letters to act on. */
export interface FilterOptions extends KindOption {
  code?: string;
  cctv?: string;
  all?: true;
}

/** Which dead letters to put back, and how fast. */
export interface RedriveOptions extends FilterOptions {
  perMinute?: string;
}

/** Which dead letters to delete. */
export interface PurgeOptions extends FilterOptions {
  expect?: string;
}

/** Prints the newest, one a line. */
export function list(options: ListOptions): Promise<void> {
  return onLetters(options.kind, (letters) => printNewest(letters, options));
}

async function printNewest(letters: DeadLetters, { code, cctv, limit: text }: ListOptions): Promise<void> {
  const limit = Number(text);
  const most = Number.isInteger(limit) && limit > 0 ? limit : 20;
  const { letters: found, scanned, complete } = await letters.find({ code, cctvId: cctv }, most);
  if (found.length === 0)
    console.log(code === undefined && cctv === undefined ? 'No job was given up.' : 'There is no such dead letter.');
  for (const letter of found) console.log(lineOf(letter));
  if (!complete) console.log(`Only the newest ${scanned} were looked at.`);
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

/** Puts back into its stream: one, those with a reason code or of a camera, or all. */
export function redrive(options: RedriveOptions, id?: string): Promise<void> {
  const filter = filterOf(id, options);
  const perMinute = paceOf(options);
  return onLetters(options.kind, async (letters) => {
    if (perMinute === undefined) return console.log(`${await letters.redrive(filter)} put back.`);
    const { redriven, lastAt, complete } = await letters.redriveSlowly(filter, perMinute);
    const until = lastAt === undefined ? '' : ` The last one may run at ${new Date(lastAt).toISOString()}.`;
    const rest = complete ? '' : ' The rest would have waited for more than 7 days: do it again then, or faster.';
    console.log(`${redriven} put back.${until}${rest}`);
  });
}

function paceOf({ perMinute: text }: RedriveOptions): number | undefined {
  if (text === undefined) return undefined;
  const perMinute = Number(text);
  if (Number.isInteger(perMinute) && perMinute >= 1 && perMinute <= MOST_PER_MINUTE) return perMinute;
  throw new InvalidJobError('BAD_PACE', `--per-minute must be a whole number from 1 to ${MOST_PER_MINUTE}.`);
}

/** Deletes for good: one, those with a reason code or of a camera, or all. */
export function purge(options: PurgeOptions, id?: string): Promise<void> {
  const filter = filterOf(id, options);
  const expect = expectedOf(options);
  return onLetters(options.kind, async (letters) => {
    if (id === undefined && expect === undefined) throw expectMissing(await letters.count(filter));
    console.log(`${await letters.purge(filter, expect)} deleted.`);
  });
}

function expectedOf({ expect: text }: PurgeOptions): number | undefined {
  if (text === undefined || /^\d{1,9}$/.test(text)) return text === undefined ? undefined : Number(text);
  throw new InvalidJobError('BAD_EXPECT', '--expect must be a whole number: how many dead letters should be deleted.');
}

/** More than one are deleted only by who knows how many they are. */
function expectMissing(count: number): InvalidJobError {
  const message = `There are ${count} such dead letters, and none was deleted: say --expect ${count} to delete them.`;
  return new InvalidJobError('EXPECT_MISSING', message);
}

function onLetters(kind: string, work: (letters: DeadLetters) => Promise<void>): Promise<void> {
  return withQueue(
    loadConfig(readEnvironment()),
    ({ letters }) => work(letters),
    KINDS.find((known) => known.kind === kind),
  );
}

/** Nothing named means nothing done: a slip must not put a thousand jobs back. */
function filterOf(id: string | undefined, { code, cctv, all }: FilterOptions): DeadLetterFilter {
  if (id !== undefined) return { id };
  if (code !== undefined || cctv !== undefined) return { code, cctvId: cctv };
  if (all === true) return {};
  throw new InvalidJobError('NOTHING_NAMED', 'Say which: an id, --code <code>, --cctv <id> or --all.');
}
