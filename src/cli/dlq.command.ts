import { Option, type Command } from 'commander';
import { KINDS } from '../kinds.js';
import type { ListOptions, KindOption, PurgeOptions, RedriveOptions } from './dlq.js';

const load = () => import('./dlq.js');

/** `roadstream dlq …`: the jobs that were given up, and the ways back. */
export function addDlqCommands(program: Command): void {
  const dlq = program.command('dlq').description('the jobs that were given up');
  dlq
    .command('list')
    .description('the newest, one a line')
    .option('--limit <n>', 'most to show', '20')
    .option('--code <code>', 'only those with this reason code')
    .option('--cctv <id>', 'only those of this camera')
    .addOption(kindOption())
    .action(async (options: ListOptions) => (await load()).list(options));
  dlq
    .command('show <id>')
    .description('one, with its payload as far as it holds no secret')
    .option('--secrets', 'show the payload as it came')
    .addOption(kindOption())
    .action(async (id: string, { secrets, kind }: { secrets?: true } & KindOption) =>
      (await load()).show(kind, id, secrets === true),
    );
  dlq
    .command('redrive [id]')
    .description('put back into its stream: one, those with a reason code or of a camera, or all')
    .option('--code <code>', 'only those with this reason code')
    .option('--cctv <id>', 'only those of this camera')
    .option('--all', 'all of them')
    .option('--per-minute <n>', 'so many a minute, 600 at most; all at once if left out')
    .addOption(kindOption())
    .action(async (id: string | undefined, options: RedriveOptions) => (await load()).redrive(options, id));
  dlq
    .command('purge [id]')
    .description('delete for good: one, those with a reason code or of a camera, or all')
    .option('--code <code>', 'only those with this reason code')
    .option('--cctv <id>', 'only those of this camera')
    .option('--all', 'all of them')
    .option('--expect <n>', 'how many they are, when it is not one by its id: with another number none is deleted')
    .addOption(kindOption())
    .action(async (id: string | undefined, options: PurgeOptions) => (await load()).purge(options, id));
}

/** Commander keeps what was given with an option, so each command gets one of its own. */
function kindOption(): Option {
  return new Option('--kind <kind>', 'of which kind of job')
    .choices(KINDS.map(({ kind }) => kind))
    .default(KINDS[0]!.kind);
}
