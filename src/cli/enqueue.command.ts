import type { Command } from 'commander';
import { loadConfig } from '../config/config.js';
import { readEnvironment } from '../config/environment.js';
import { parseInspectionJob } from '../inspection/inspection-job.js';
import { withQueue } from './with-queue.js';

interface EnqueueOptions {
  cctv: string;
  hls: string;
  sec?: string;
  jobId?: string;
  urgent?: true;
}

/** `roadstream enqueue`: writes one job as a producer would, checked before. */
export function addEnqueueCommand(program: Command): void {
  program
    .command('enqueue')
    .description('write one job to the stream')
    .requiredOption('--cctv <id>', 'camera')
    .requiredOption('--hls <url>', 'HLS playlist, http or https')
    .option('--sec <seconds>', 'seconds of video to watch (default: 20)')
    .option('--job-id <name>', "the job's name (default: the entry's id)")
    .option('--urgent', 'write to the urgent stream')
    .action(async (options: EnqueueOptions) => {
      const config = loadConfig(readEnvironment());
      const fields = fieldsOf(options);
      const payload = fields.map((text) => Buffer.from(text));
      parseInspectionJob(payload, { entryId: '0-0', maxSeconds: config.capture.maxSeconds });
      const stream = options.urgent === true ? config.queue.highStream : config.queue.stream;
      const entryId = await withQueue(config, ({ connection }) => connection.xadd(stream, '*', ...fields));
      console.log(`${entryId ?? ''} in ${stream}`);
    });
}

function fieldsOf({ cctv, hls, sec, jobId }: EnqueueOptions): string[] {
  const given = { cctvId: cctv, hls, sec, jobId, attempt: '0', enqueuedAt: String(Date.now()) };
  return Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
}
