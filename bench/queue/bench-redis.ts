import { Queue } from 'bullmq';
import { RedisServer } from '../../test/support/redis-server.js';
import type { Redis } from 'ioredis';
import type { EngineName } from './measures.js';

/** Enqueued in one go. */
const CHUNK = 1_000;

/** Some 155 bytes, as real jobs have. */
const HLS = 'https://cctv.example.com/live/region-04/cctv_000123/index.m3u8?auth=0123456789abcdef0123456789abcdef';

/** The one Redis of a bench run, and how each engine's producer writes to it. */
export class BenchRedis {
  private constructor(
    private readonly server: RedisServer,
    readonly client: Redis,
  ) {}

  static async start(): Promise<BenchRedis> {
    const server = await RedisServer.start();
    return new BenchRedis(server, server.client());
  }

  get url(): string {
    return this.server.url;
  }

  async enqueue(engine: EngineName, stream: string, jobs: number): Promise<void> {
    for (const names of chunks(jobs)) await this.add(engine, stream, names);
  }

  /** Makes pending entries that wait for a retry which is not due yet. */
  async putAside(stream: string, entries: number): Promise<void> {
    await this.enqueue('roadstream', stream, entries);
    await this.client.xgroup('CREATE', stream, 'workers', '0', 'MKSTREAM');
    if (entries > 0)
      await this.client.xreadgroup('GROUP', 'workers', 'waiting', 'COUNT', entries, 'STREAMS', stream, '>');
  }

  /** Adds one job and tells when, ms since the epoch with fractions. */
  async enqueueOne(engine: EngineName, stream: string, name: string): Promise<number> {
    const at = performance.timeOrigin + performance.now();
    await this.add(engine, stream, [name]);
    return at;
  }

  /** CPU that Redis used so far, µs, and commands it counted. */
  async usage(): Promise<{ cpuMicros: number; commands: number }> {
    const cpu = await this.client.info('cpu');
    const stats = await this.client.info('stats');
    const seconds = numberIn(cpu, 'used_cpu_user') + numberIn(cpu, 'used_cpu_sys');
    return { cpuMicros: seconds * 1e6, commands: numberIn(stats, 'total_commands_processed') };
  }

  async stop(): Promise<void> {
    for (const queue of this.queues.values()) await queue.close();
    await this.server.stop();
  }

  private readonly queues = new Map<string, Queue>();

  private add(engine: EngineName, stream: string, names: readonly string[]): Promise<void> {
    return engine === 'bullmq' ? this.addToBullmq(stream, names) : this.addToStream(stream, names);
  }

  private async addToBullmq(stream: string, names: readonly string[]): Promise<void> {
    let queue = this.queues.get(stream);
    if (queue === undefined) {
      queue = new Queue(stream, { connection: this.client });
      this.queues.set(stream, queue);
    }
    await queue.addBulk(
      names.map((name) => ({ name: 'job', data: { name, cctvId: 'cctv_000123', hls: HLS, sec: 20 } })),
    );
  }

  private async addToStream(stream: string, names: readonly string[]): Promise<void> {
    const pipeline = this.client.pipeline();
    for (const name of names)
      pipeline.xadd(stream, '*', 'jobId', name, 'cctvId', 'cctv_000123', 'hls', HLS, 'sec', '20');
    await pipeline.exec();
  }
}

function* chunks(jobs: number): Generator<string[]> {
  for (let done = 0; done < jobs; done += CHUNK) {
    yield Array.from({ length: Math.min(CHUNK, jobs - done) }, (_unused, i) => `job-${done + i}`);
  }
}

function numberIn(info: string, name: string): number {
  return Number(new RegExp(`^${name}:([0-9.]+)`, 'm').exec(info)?.[1] ?? NaN);
}
