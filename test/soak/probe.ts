import { setImmediate as nextTurn } from 'node:timers/promises';
import { isMainThread } from 'node:worker_threads';
import type { Inside } from './census.js';

/**
 * Loaded into a service in front of its program (`--import`), with `--expose-gc`: tells on request what only the process
 * itself can know. It keeps nothing alive, and ends the service when whoever started it is gone.
 */
async function look(): Promise<Inside> {
  // What the first collection finalises, the second one frees.
  for (let i = 0; i < 2; i += 1) {
    globalThis.gc?.();
    await nextTurn();
  }
  const { heapUsed, external } = process.memoryUsage();
  return { heapUsed, external, handles: process.getActiveResourcesInfo().length };
}

if (isMainThread && process.send !== undefined) {
  process.on('message', () => void look().then((inside) => process.send?.(inside)));
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.channel?.unref();
}
