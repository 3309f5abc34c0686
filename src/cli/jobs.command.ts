import { Option, type Command } from 'commander';
import { KINDS } from '../kinds.js';
import type { JobListOptions } from './jobs.js';

const load = () => import('./jobs.js');
const STATES = ['queued', 'running', 'waiting', 'completed', 'failed', 'cancelled'];

/** `roadstream jobs …`: what the calls below /api/v1/jobs do, in the same words. */
export function addJobsCommands(program: Command): void {
  const jobs = program.command('jobs').description('jobs: list them, look at one, cancel, retry, expedite');
  jobs
    .command('list')
    .description('running, waiting, queued, then ended ones, one a line')
    .addOption(new Option('--state <state>', 'only these').choices(STATES))
    .addOption(new Option('--kind <kind>', 'only this kind of job').choices(KINDS.map(({ kind }) => kind)))
    .option('--camera <id>', 'only this camera')
    .option('--limit <n>', 'most to show', '20')
    .action(async (options: JobListOptions) => (await load()).listJobs(options));
  jobs
    .command('show <id>')
    .description('one whose status was asked for, as JSON')
    .action(async (id: string) => (await load()).showJob(id));
  const acts = {
    cancel: 'call it off, running or waiting',
    retry: 'run it again after it failed',
    expedite: 'move it to the urgent stream before its first run',
  } as const;
  for (const [act, description] of Object.entries(acts)) {
    jobs
      .command(`${act} <id>`)
      .description(description)
      .action(async (id: string) => (await load()).act(act as keyof typeof acts, id));
  }
}
