import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

/** A real redis-server, on a free port that it gets when it is first up. */
export class RedisServer {
  private place: { port: number; directory: string } | undefined;
  private process: ChildProcess | undefined;
  private readonly clients: Redis[] = [];
  private readonly options: readonly string[];

  /** `options` are redis-server's own, such as `--appendonly yes`. */
  constructor(...options: string[]) {
    this.options = options;
  }

  /** A server that is up. */
  static async start(...options: string[]): Promise<RedisServer> {
    const server = new RedisServer(...options);
    await server.up();
    return server;
  }

  get port(): number {
    if (this.place === undefined) throw new Error('This redis-server was never up: it has no port yet.');
    return this.place.port;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.process?.pid as number;
  }

  /** A client of the test's own; closed with the server. It connects with its first command. */
  client(): Redis {
    const client = new Redis({
      ...{ host: '127.0.0.1', protocol: 2, maxRetriesPerRequest: null, lazyConnect: true },
      // Of a client that waits to reconnect ioredis keeps a timer for so long, which keeps the process.
      disconnectTimeout: 100,
    });
    client.on('error', () => undefined);
    if (this.place !== undefined) client.options.port = this.place.port;
    this.clients.push(client);
    return client;
  }

  /** Starts the server (again) and waits until it answers. */
  async up(): Promise<void> {
    this.place ??= { port: await freePort(), directory: await mkdtemp(join(tmpdir(), 'roadstream-redis-')) };
    const { port, directory } = this.place;
    for (const client of this.clients) client.options.port = port;
    const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', directory, '--save', ''];
    this.process = spawn('redis-server', [...args, ...this.options], { stdio: 'ignore' });
    const probe = new Redis(port, '127.0.0.1', { retryStrategy: () => 20, maxRetriesPerRequest: null });
    probe.on('error', () => undefined);
    await probe.ping();
    probe.disconnect();
  }

  /** Stops the server; `SIGKILL` as a crash would. */
  async down(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const { process } = this;
    if (process?.exitCode !== null || process.signalCode !== null) return;
    const exited = once(process, 'exit');
    process.kill(signal);
    await exited;
  }

  async stop(): Promise<void> {
    // Hanging up twice would leave a timer behind.
    for (const client of this.clients) if (client.status !== 'end') client.disconnect();
    await this.down('SIGKILL');
    if (this.place !== undefined) await rm(this.place.directory, { recursive: true, force: true });
  }
}

/** A TCP port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
