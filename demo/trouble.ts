import { LOST_CAMERA } from './cameras.js';
import type { LiveOrigin } from './live-origin.js';
import type { OwnRedis } from './redis.js';
import type { WorkerProcess } from './worker.js';

const LOOK_EVERY_MS = 250;
const WITHIN_MS = 60_000;

/** What no city is without: a camera that is down, and a job that was given up. Waits until the service knows both. */
export async function makeTrouble(stage: {
  readonly redis: OwnRedis;
  readonly worker: WorkerProcess;
  readonly origin: LiveOrigin;
}): Promise<void> {
  const { redis, worker, origin } = stage;
  // As a producer does it: over HTTP such an address is refused before it is queued.
  await redis.client.xadd('stream:preprocess', '*', 'cctvId', 'cctv_005', 'hls', 'http://169.254.169.254/live.m3u8');
  await redis.client.xadd('stream:preprocess', '*', 'cctvId', LOST_CAMERA, 'hls', origin.url(LOST_CAMERA));
  const deadline = Date.now() + WITHIN_MS;
  while (!(await isKnown(worker.url)) && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

async function isKnown(url: string): Promise<boolean> {
  const read = async <T>(path: string): Promise<T> => (await fetch(`${url}/api/v1/${path}`)).json() as Promise<T>;
  const { counts } = await read<{ counts: { down: number } }>('cameras?limit=1');
  const { items } = await read<{ items: unknown[] }>('dead-letters');
  return counts.down > 0 && items.length > 0;
}
