import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { eventually } from './eventually.js';
import { freePort, RedisServer } from './redis-server.js';

const MASTER_NAME = 'roads';

/** One master, two replicas and three sentinels that watch them. */
export class RedisSentinel {
  private constructor(
    private readonly servers: readonly RedisServer[],
    private readonly sentinels: readonly Sentinel[],
  ) {}

  static async start(): Promise<RedisSentinel> {
    const master = await RedisServer.start();
    const replicaof = ['--replicaof', '127.0.0.1', String(master.port)];
    const replicas = await Promise.all([RedisServer.start(...replicaof), RedisServer.start(...replicaof)]);
    const sentinels = await Promise.all([1, 2, 3].map(() => Sentinel.start(master.port)));
    await Promise.all(sentinels.map((sentinel) => eventually('it knows the others', () => sentinel.knowsAll())));
    return new RedisSentinel([master, ...replicas], sentinels);
  }

  get url(): string {
    return `redis+sentinel://${this.sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${MASTER_NAME}`;
  }

  /** Kills the master and waits until the sentinels have made another. */
  async failOver(): Promise<void> {
    const [sentinel] = this.sentinels as [Sentinel];
    const before = await sentinel.masterPort();
    await this.servers.find(({ port }) => port === before)?.down('SIGKILL');
    await eventually('another master', async () => (await sentinel.masterPort()) !== before, 60_000);
  }

  /** A client that finds the master, whichever it is. */
  client(): Redis {
    const nodes = this.sentinels.map(({ port }) => ({ host: '127.0.0.1', port }));
    const client = new Redis({ sentinels: nodes, name: MASTER_NAME, protocol: 2, maxRetriesPerRequest: null });
    client.on('error', () => undefined);
    return client;
  }

  async stop(): Promise<void> {
    await Promise.all(this.sentinels.map((sentinel) => sentinel.stop()));
    await Promise.all(this.servers.map((server) => server.stop()));
  }
}

/** One sentinel process. */
class Sentinel {
  private constructor(
    readonly port: number,
    private readonly directory: string,
    private readonly process: ChildProcess,
    private readonly client: Redis,
  ) {}

  static async start(masterPort: number): Promise<Sentinel> {
    const [port, directory] = [await freePort(), await mkdtemp(join(tmpdir(), 'roadstream-sentinel-'))];
    // A sentinel writes what it learns into its configuration.
    const file = join(directory, 'sentinel.conf');
    await writeFile(
      file,
      `port ${port}
bind 127.0.0.1
dir ${directory}
sentinel monitor ${MASTER_NAME} 127.0.0.1 ${masterPort} 2
sentinel down-after-milliseconds ${MASTER_NAME} 1000
sentinel failover-timeout ${MASTER_NAME} 5000
sentinel parallel-syncs ${MASTER_NAME} 2
`,
    );
    const child = spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' });
    const client = new Redis(port, '127.0.0.1', { protocol: 2, retryStrategy: () => 50, maxRetriesPerRequest: null });
    client.on('error', () => undefined);
    return new Sentinel(port, directory, child, client);
  }

  async knowsAll(): Promise<boolean> {
    const flat = (await this.client.call('SENTINEL', 'MASTER', MASTER_NAME)) as string[];
    const value = (name: string): string | undefined => flat[flat.indexOf(name) + 1];
    return value('num-slaves') === '2' && value('num-other-sentinels') === '2';
  }

  async masterPort(): Promise<number> {
    const [, port] = (await this.client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', MASTER_NAME)) as [string, string];
    return Number(port);
  }

  async stop(): Promise<void> {
    this.client.disconnect();
    const exited = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await exited;
    await rm(this.directory, { recursive: true, force: true });
  }
}
