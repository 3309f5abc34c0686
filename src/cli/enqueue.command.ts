import { Option, type Command } from 'commander';
import type { EnqueueOptions } from './enqueue.js';

/** `roadstream enqueue`: writes one job as a producer would, checked before. */
export function addEnqueueCommand(program: Command): void {
  program
    .command('enqueue')
    .description('write one job to its stream: to inspect a road, or to judge a recorded segment')
    .requiredOption('--cctv <id>', 'camera')
    .addOption(new Option('--hls <url>', 'inspect: HLS playlist, http or https').conflicts('segment'))
    .addOption(new Option('--sec <seconds>', 'seconds of video to watch (default: 20)').conflicts('segment'))
    .option('--segment <video>', 'judge: a path below SEGMENTS_DIR, an http or https URL, or artifact:<name>')
    .addOption(
      new Option('--start <time>', "the segment's (default: by its name, else one length ago)").conflicts('hls'),
    )
    .addOption(new Option('--end <time>', "the segment's (default: as long as it is)").conflicts('hls'))
    .option('--job-id <name>', "the job's name (default: the entry's id)")
    .option('--urgent', 'write to the urgent stream')
    .action(async (options: EnqueueOptions) => (await import('./enqueue.js')).enqueue(options));
}
