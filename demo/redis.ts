import { mkdirSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { DEMO_FOLDER } from './places.js';
import type { Processes } from './processes.js';

/** A Redis of the demo's own: on a free port of the loopback, nothing kept on disk. */
export interface OwnRedis {
  url: string;
  client: Redis;
}

/** Starts redis-server and waits until it answers. */
export async function startRedis(processes: Processes): Promise<OwnRedis> {
  const port = await freePort();
  const folder = join(DEMO_FOLDER, 'redis');
  mkdirSync(folder, { recursive: true });
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  const child = processes.start('redis', 'redis-server', args, { cwd: folder, env: process.env });
  const failed = new Promise<never>((_, reject) => {
    child.once('error', () => reject(new Error('redis-server cannot be started. Install Redis 7.')));
    child.once('exit', () => reject(new Error('redis-server ended at once: see .demo/logs/redis.log.')));
  });
  const client = new Redis({ host: '127.0.0.1', port, retryStrategy: () => 100, maxRetriesPerRequest: null });
  // Refused until the server listens; the ping waits for it.
  client.on('error', () => undefined);
  await Promise.race([client.ping(), failed]);
  return { url: `redis://127.0.0.1:${port}`, client };
}

/** A port of the loopback that nothing listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
