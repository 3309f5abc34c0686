import { Option, type Command } from 'commander';
import { KINDS } from '../../kinds.js';
import type { WhichWorkers } from './workers.js';

const load = () => import('./workers.js');

/** `roadstream queue` and `roadstream workers …`: what GET /api/v1/queue and the calls below /api/v1/workers do, in the same words. */
export function addFleetCommands(program: Command): void {
  program
    .command('queue')
    .description('how many jobs of each stream are undelivered, running and waiting, and how many were given up')
    .addOption(kindOption('only this kind of job'))
    .action(async ({ kind }: { kind?: string }) => (await import('./queue.js')).queue(kind));
  addWorkersCommands(program);
}

function addWorkersCommands(program: Command): void {
  const workers = program.command('workers').description('the workers on all machines: list, set, pause, resume');
  workers
    .command('list', { isDefault: true })
    .description('all that are there, one a line: slots in use, state, why it takes no jobs')
    .addOption(kindOption('only those of this kind of job'))
    .action(async ({ kind }: WhichWorkers) => (await load()).listWorkers(kind));
  workers
    .command('show <name>')
    .description('one, with its jobs in hand, as JSON')
    .action(async (name: string) => (await load()).showWorker(name));
  some(workers, 'set', 'change how many jobs run at once')
    .requiredOption('--concurrency <n>', 'jobs at once')
    .action(async (name: string | undefined, { concurrency, ...which }: WhichWorkers & { concurrency: string }) =>
      (await load()).setWorkers(name, which, concurrency),
    );
  some(workers, 'pause', 'take no new job; running ones go on').action(
    async (name: string | undefined, which: WhichWorkers) => (await load()).pauseWorkers(name, which),
  );
  some(workers, 'resume', 'take jobs again').action(async (name: string | undefined, which: WhichWorkers) =>
    (await load()).resumeWorkers(name, which),
  );
}

function some(workers: Command, name: string, description: string): Command {
  return workers
    .command(`${name} [name]`)
    .description(description)
    .option('--all', 'every worker')
    .addOption(kindOption('every worker of this kind of job'));
}

function kindOption(description: string): Option {
  return new Option('--kind <kind>', description).choices(KINDS.map(({ kind }) => kind));
}
