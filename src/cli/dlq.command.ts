import { Option, type Command } from 'commander';
import { loadConfig } from '../config/config.js';
import { readEnvironment } from '../config/sources/environment.js';
import { InvalidJobError } from '../job/errors.js';
import { KINDS } from '../kinds.js';
import type { DeadLetter, DeadLetterFilter, DeadLetters } from '../queue/dead-letters/dead-letters.js';
import { withoutSecrets } from '../queue/dead-letters/safe-letter.js';
import { withQueue } from './with-queue.js';

/** JSON escapes the other control characters; terminals act on these too. */
const C1_CONTROLS = /[\u007f-\u009f]/g;

interface KindOption {
  kind: string;
}

interface FilterOptions extends KindOption {
  code?: string;
  all?: true;
}

/** `roadstream dlq …`: the jobs that were given up, and the ways back. */
export function addDlqCommands(program: Command): void {
  const dlq = program.command('dlq').description('the jobs that were given up');
  dlq
    .command('list')
    .description('the newest, one a line')
    .option('--limit <n>', 'most to show', '20')
    .addOption(kindOption())
    .action(({ limit, kind }: { limit: string } & KindOption) =>
      onLetters(kind, (letters) => list(letters, Number(limit))),
    );
  dlq
    .command('show <id>')
    .description('one, with its payload as far as it holds no secret')
    .option('--secrets', 'show the payload as it came')
    .addOption(kindOption())
    .action((id: string, { secrets, kind }: { secrets?: true } & KindOption) =>
      onLetters(kind, (letters) => show(letters, id, secrets === true)),
    );
  dlq
    .command('redrive [id]')
    .description('put back into its stream: one, those with a reason code, or all')
    .option('--code <code>', 'only those with this reason code')
    .option('--all', 'all of them')
    .addOption(kindOption())
    .action((id: string | undefined, options: FilterOptions) =>
      onLetters(options.kind, (letters) => redrive(letters, filterOf(id, options))),
    );
  dlq
    .command('purge [id]')
    .description('delete for good: one, those with a reason code, or all')
    .option('--code <code>', 'only those with this reason code')
    .option('--all', 'all of them')
    .addOption(kindOption())
    .action((id: string | undefined, options: FilterOptions) =>
      onLetters(options.kind, (letters) => purge(letters, filterOf(id, options))),
    );
}

/** Commander keeps what was given with an option, so each command gets one of its own. */
function kindOption(): Option {
  return new Option('--kind <kind>', 'of which kind of job')
    .choices(KINDS.map(({ kind }) => kind))
    .default(KINDS[0]!.kind);
}

function onLetters(kind: string, work: (letters: DeadLetters) => Promise<void>): Promise<void> {
  return withQueue(
    loadConfig(readEnvironment()),
    ({ letters }) => work(letters),
    KINDS.find((known) => known.kind === kind),
  );
}

async function list(letters: DeadLetters, limit: number): Promise<void> {
  const found = await letters.list(Number.isInteger(limit) && limit > 0 ? limit : 20);
  if (found.length === 0) console.log('No job was given up.');
  for (const letter of found) console.log(lineOf(letter));
}

function lineOf(letter: DeadLetter): string {
  const { id, lastAt, code, attempts, payload, message } = withoutSecrets(letter);
  return [id, lastAt, code, `${attempts}x`, payload.cctvId ?? '-', message].join('  ');
}

async function show(letters: DeadLetters, id: string, secrets: boolean): Promise<void> {
  const letter = await letters.get(id);
  if (letter === undefined)
    throw new InvalidJobError('NO_SUCH_LETTER', `There is no dead letter ${id}; "dlq list" shows them.`);
  const text = JSON.stringify(secrets ? letter : withoutSecrets(letter), undefined, 2);
  console.log(text.replace(C1_CONTROLS, escaped));
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

async function redrive(letters: DeadLetters, filter: DeadLetterFilter): Promise<void> {
  console.log(`${await letters.redrive(filter)} put back.`);
}

async function purge(letters: DeadLetters, filter: DeadLetterFilter): Promise<void> {
  console.log(`${await letters.purge(filter)} deleted.`);
}

/** Nothing named means nothing done: a slip must not put a thousand jobs back. */
function filterOf(id: string | undefined, { code, all }: FilterOptions): DeadLetterFilter {
  if (id !== undefined) return { id };
  if (code !== undefined) return { code };
  if (all === true) return {};
  throw new InvalidJobError('NOTHING_NAMED', 'Say which: an id, --code <code> or --all.');
}
