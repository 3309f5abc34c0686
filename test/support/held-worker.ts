import { messageOf } from '../../src/job/errors.js';
import type { GroupRemade } from '../../src/queue/job-queue.js';
import type { RedisSettings } from '../../src/redis/connection.js';
import type { Engine, EngineSettings } from '../../src/worker/engine.js';
import { eventually } from './eventually.js';
import { testEngine, testQueue, testStreams, type TestStreams } from './test-engine.js';

/** How a held worker differs from the usual one of tests. */
export interface HeldSettings extends Partial<EngineSettings> {
  /** Its name in the group. */
  consumer?: string;
}

/** A worker on streams of its own, what it ran, and what it said. A job whose name begins with `held` ends when told to. */
export class HeldWorker {
  readonly ran: string[] = [];
  /** What became of each run, as `name outcome settlement`. */
  readonly settled: string[] = [];
  /** Why Redis was said to be lost, once an outage. */
  readonly lost: string[] = [];
  /** Jobs whose entry was said to be gone. */
  readonly gone: string[] = [];
  readonly remade: GroupRemade[] = [];
  backs = 0;
  settleFailures = 0;
  readonly engine: Engine;
  private stopping: Promise<void> | undefined;
  private readonly gates = new Map<string, (error?: Error) => void>();

  constructor(
    redis: string | RedisSettings,
    readonly streams: TestStreams = testStreams(),
    { consumer, ...settings }: HeldSettings = {},
  ) {
    const queue = testQueue(redis, streams, consumer, settings.visibilityMs);
    this.engine = testEngine(queue, (job) => this.run(job.jobId), {
      settings: { graceMs: 500, ...settings },
      events: {
        redisLost: (error) => this.lost.push(messageOf(error)),
        redisBack: () => (this.backs += 1),
        settleFailed: () => (this.settleFailures += 1),
        entryGone: (run) => this.gone.push(String(run.job?.jobId)),
        groupRemade: (remade) => this.remade.push(remade),
        settled: ({ job }, outcome, settlement) =>
          this.settled.push([job?.jobId ?? '?', outcome.kind, settlement].join(' ')),
      },
    });
  }

  start(): this {
    this.engine.worker.start();
    return this;
  }

  /** Ends a job that is held. */
  end(jobId: string, error?: Error): void {
    this.gates.get(jobId)?.(error);
  }

  get inHand(): number {
    return this.engine.inHand.size;
  }

  /** Waits until a job was run, so many times. */
  async hasRun(jobId: string, times = 1): Promise<void> {
    await eventually(`${jobId} ran`, () => this.ran.filter((id) => id === jobId).length >= times, 20_000);
  }

  /** Waits until a run came to this: `name outcome settlement`. */
  async hasSettled(settled: string): Promise<void> {
    await eventually(`${settled}, not ${this.settled.join(', ')}`, () => this.settled.includes(settled), 20_000);
  }

  /** Gives up what it holds and leaves; once, however often it is asked. */
  stop(): Promise<void> {
    return (this.stopping ??= this.leave());
  }

  private async leave(): Promise<void> {
    await this.engine.worker.drain();
    await this.engine.queue.close();
  }

  private run(jobId: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.ran.push(jobId);
      if (!jobId.startsWith('held')) resolve();
      else this.gates.set(jobId, (error) => (error === undefined ? resolve() : reject(error)));
    });
  }
}
