import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { TestStreams } from '../support/test-engine.js';
import type { WorkerPlan } from './worker-process.js';

const WORKER = fileURLToPath(new URL('./worker-process.js', import.meta.url));

/** Workers as processes of their own, and what they have done. */
export class Fleet {
  /** Every time that a job was done, by its name. */
  readonly done: string[] = [];
  private readonly workers: ChildProcess[] = [];
  private started = 0;

  constructor(
    private readonly url: string,
    private readonly streams: TestStreams,
  ) {}

  add(): void {
    this.started += 1;
    const plan: WorkerPlan = { url: this.url, streams: this.streams, name: `worker-${this.started}` };
    const worker = fork(WORKER, [JSON.stringify(plan)], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    createInterface(worker.stdout as Readable).on('line', (jobId) => this.done.push(jobId));
    this.workers.push(worker);
  }

  /** Kills the oldest worker, as a crash would. */
  async kill(): Promise<void> {
    await end(this.workers.shift() as ChildProcess, 'SIGKILL');
  }

  async stop(): Promise<void> {
    await Promise.all(this.workers.splice(0).map((worker) => end(worker, 'SIGTERM')));
  }
}

async function end(worker: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  // Nobody would hear of its end any more; what it died of stands above.
  if (worker.exitCode !== null) throw new Error(`A worker ended by itself with ${worker.exitCode}.`);
  const exited = once(worker, 'exit');
  worker.kill(signal);
  await exited;
}
