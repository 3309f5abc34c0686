import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { TransientStepError } from '../../src/job/errors.js';
import { BreakerStore } from '../../src/worker/breaker/breaker-store.js';

const HOUR_MS = 3_600_000;
const QUEUE = {
  lanes: ['stream:preprocess:high', 'stream:preprocess'],
  dlq: 'stream:preprocess:dlq',
  group: 'workers',
};

/** A file of cameras, as `CAMERAS_FILE`; gives its path. */
export async function camerasFile(cameras: readonly object[]): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'roadstream-cameras-')), 'cameras.json');
  await writeFile(file, JSON.stringify({ cameras }));
  return file;
}

/** An inspection that finished, as a worker publishes it. */
export async function inspected(
  redis: Redis,
  cctvId: string,
  hoursAgo = 0,
  fields: Readonly<Record<string, string>> = {},
): Promise<void> {
  const enqueuedAt = new Date(Date.now() - hoursAgo * HOUR_MS).toISOString();
  const result = {
    ...{ jobId: `job-${cctvId}`, cctvId, enqueuedAt, finishedAt: enqueuedAt, attempt: '1', outcome: 'completed' },
    ...{ backgroundVerdict: 'clear', damageVerdict: 'clear', worstSeverity: 'none', detections: '0' },
    ...fields,
  };
  await redis.xadd('stream:preprocess:results', '*', ...Object.entries(result).flat());
}

/** A camera that fails; `down` after so many failures in a row. */
export async function failed(
  redis: Redis,
  cctvId: string,
  times = 1,
  message = 'No picture came within 10 s. Check that the camera is on.',
): Promise<void> {
  const policy = { failures: 3, cooldownMs: 600_000, longestCooldownMs: 600_000 };
  const error = new TransientStepError('HLS_TIMEOUT', message);
  const store = new BreakerStore(redis, QUEUE);
  for (let n = 0; n < times; n += 1) await store.failed(cctvId, policy, error);
}

/** A job that was given up a minute ago. */
export async function givenUp(redis: Redis, fields: Readonly<Record<string, string>> = {}): Promise<void> {
  const at = Date.now() - 60_000;
  const letter = {
    ...{ cctvId: 'cctv_003', jobId: 'job-9' },
    ...{ 'roadstream:code': 'HLS_NO_VIDEO', 'roadstream:message': 'The stream has no video.' },
    ...{ 'roadstream:lastAt': new Date(at).toISOString(), 'roadstream:attempts': '3' },
    ...fields,
  };
  await redis.xadd(QUEUE.dlq, `${at}-*`, ...Object.entries(letter).flat());
}
