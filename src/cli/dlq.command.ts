import type { Command } from 'commander';
import { loadConfig } from '../config/config.js';
import { readEnvironment } from '../config/environment.js';
import { InvalidJobError } from '../job/errors.js';
import { redactText } from '../job/redact.js';
import type { DeadLetter, DeadLetterFilter, DeadLetters } from '../queue/dead-letters.js';
import { withQueue } from './with-queue.js';

interface FilterOptions {
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
    .action(({ limit }: { limit: string }) => onLetters((letters) => list(letters, Number(limit))));
  dlq
    .command('show <id>')
    .description('one, whole; URLs without their query unless --secrets')
    .option('--secrets', 'show URLs as they are')
    .action((id: string, { secrets }: { secrets?: true }) =>
      onLetters((letters) => show(letters, id, secrets === true)),
    );
  dlq
    .command('redrive [id]')
    .description('put back into its stream: one, those with a reason code, or all')
    .option('--code <code>', 'only those with this reason code')
    .option('--all', 'all of them')
    .action((id: string | undefined, options: FilterOptions) =>
      onLetters((letters) => redrive(letters, filterOf(id, options))),
    );
  dlq
    .command('purge [id]')
    .description('delete for good: one, those with a reason code, or all')
    .option('--code <code>', 'only those with this reason code')
    .option('--all', 'all of them')
    .action((id: string | undefined, options: FilterOptions) =>
      onLetters((letters) => purge(letters, filterOf(id, options))),
    );
}

function onLetters(work: (letters: DeadLetters) => Promise<void>): Promise<void> {
  return withQueue(loadConfig(readEnvironment()), ({ letters }) => work(letters));
}

async function list(letters: DeadLetters, limit: number): Promise<void> {
  const found = await letters.list(Number.isInteger(limit) && limit > 0 ? limit : 20);
  if (found.length === 0) console.log('No job was given up.');
  for (const letter of found) console.log(lineOf(letter));
}

function lineOf({ id, lastAt, code, attempts, payload, message }: DeadLetter): string {
  return [id, lastAt, code, `${attempts}x`, payload.cctvId ?? '-', redactText(message)].join('  ');
}

async function show(letters: DeadLetters, id: string, secrets: boolean): Promise<void> {
  const letter = await letters.get(id);
  if (letter === undefined)
    throw new InvalidJobError('NO_SUCH_LETTER', `There is no dead letter ${id}; "dlq list" shows them.`);
  const text = JSON.stringify(letter, undefined, 2);
  console.log(secrets ? text : redactText(text));
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
