import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { ROOT } from '../demo/places.js';
import type { Processes } from '../demo/processes.js';
import { STACK_FOLDER } from './places.js';
import { portNear } from './ports.js';

/** Beside the usual one, which a Redis of the machine's own may have. */
const USUAL_PORT = 6390;
const LOADED_WITHIN_MS = 60_000;
const ASK_EVERY_MS = 100;

/** Starts a Redis as docs/redis.md wants one: on disk, and never evicting. @returns its URL */
export async function startRedis(processes: Processes): Promise<string> {
  const port = await portNear(USUAL_PORT);
  const folder = join(STACK_FOLDER, 'redis');
  mkdirSync(folder, { recursive: true });
  const network = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
  const keeping = ['--appendonly', 'yes', '--appendfsync', 'everysec', '--maxmemory-policy', 'noeviction'];
  const child = processes.start('redis', 'redis-server', [...network, ...keeping], { cwd: ROOT, env: process.env });
  const client = new Redis({ host: '127.0.0.1', port, retryStrategy: () => ASK_EVERY_MS, maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  const failed = new Promise<never>((_, reject) => {
    const explain = () => reject(new Error(`redis-server cannot run: see ${processes.logOf('redis')}.`));
    child.once('error', explain);
    child.once('exit', explain);
  });
  failed.catch(() => undefined);
  try {
    const late = new Error('Redis does not answer after a minute.');
    const overdue = after(LOADED_WITHIN_MS, undefined, { ref: false }).then(() => Promise.reject(late));
    await Promise.race([client.ping(), failed, overdue]);
  } finally {
    client.disconnect();
  }
  return `redis://127.0.0.1:${port}`;
}
