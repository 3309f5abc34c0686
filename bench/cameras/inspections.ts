import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { clipFolder, renderClip } from '../../demo/clip.js';
import { CLIPS } from '../../demo/places.js';
import { sceneOf } from '../../demo/renderer/index.js';
import { toFields } from '../../src/redis/fields.js';
import { RedisServer } from '../../test/support/redis-server.js';
import { Service } from '../../test/support/service.js';
import { cut } from '../vision/clips.js';
import { serveFolder } from '../vision/origin.js';
import { cpuOf, Peaks } from './processes.js';

/** px */
export const SIZES = { '720p': { width: 1280, height: 720 }, '1080p': { width: 1920, height: 1080 } } as const;
export type Size = keyof typeof SIZES;

/** What is measured. */
export interface Order {
  size: Size;
  /** s of video that each inspection watches */
  seconds: number;
  /** Inspections that count. */
  jobs: number;
}

/** What the inspections of one size cost. */
export interface Cost extends Order {
  /** s of CPU of one inspection: of the worker, and of the ffmpeg that it starts */
  workerCpuSeconds: number;
  ffmpegCpuSeconds: number;
  /** Resident memory, bytes: of the worker at rest and at its largest, and of one ffmpeg at its largest */
  restBytes: number;
  workerBytes: number;
  ffmpegBytes: number;
}

const STREAM = 'stream:preprocess';
const RESULTS = 'stream:preprocess:results';
const LOOK_EVERY_MS = 200;
/** An inspection takes a fraction of this; a bench that gets stuck has to end. ms */
const LONGEST_JOB_MS = 120_000;

/** Has the whole service inspect a drawn road, one inspection after the other. @throws when one does not end well */
export async function measure(order: Order): Promise<Cost> {
  const folder = await mkdtemp(join(tmpdir(), 'roadstream-bench-'));
  await cut(await clipOf(order.size), join(folder, 'clip'));
  const origin = await serveFolder(folder);
  const redis = await RedisServer.start();
  const service = await Service.start({
    REDIS_URL: redis.url,
    OUTBOUND_ALLOW: new URL(origin.url).host,
    MAX_CONCURRENCY: '1',
    LOG_LEVEL: 'warn',
  });
  try {
    return await watch(order, service, redis.client(), `${origin.url}/clip/index.m3u8`);
  } finally {
    await service.stop();
    await redis.stop();
    origin.server.close();
    await rm(folder, { recursive: true });
  }
}

async function watch(order: Order, service: Service, redis: Redis, hls: string): Promise<Cost> {
  const pid = service.process.pid as number;
  const peaks = new Peaks(pid);
  const restBytes = peaks.worker;
  // The first one loads libraries and a model, which a worker does once.
  await inspect(redis, hls, order.seconds, 1);
  const before = cpuOf(pid);
  await inspect(redis, hls, order.seconds, order.jobs);
  const spent = cpuOf(pid);
  peaks.stop();
  return {
    ...{ ...order, restBytes },
    workerCpuSeconds: (spent.own - before.own) / order.jobs,
    ffmpegCpuSeconds: (spent.children - before.children) / order.jobs,
    workerBytes: peaks.worker,
    ffmpegBytes: peaks.child,
  };
}

async function inspect(redis: Redis, hls: string, seconds: number, jobs: number): Promise<void> {
  const until = (await redis.xlen(RESULTS)) + jobs;
  for (let job = 0; job < jobs; job += 1)
    await redis.xadd(STREAM, '*', 'cctvId', `camera_${job}`, 'hls', hls, 'sec', String(seconds));
  const deadline = Date.now() + jobs * LONGEST_JOB_MS;
  while ((await redis.xlen(RESULTS)) < until) {
    if (Date.now() > deadline) throw new Error(`The inspections did not end: ${jobs} were asked for.`);
    await after(LOOK_EVERY_MS);
  }
  for (const [, fields] of await redis.xrevrangeBuffer(RESULTS, '+', '-', 'COUNT', jobs)) {
    const result = toFields(fields);
    if (result['outcome'] !== 'completed') throw new Error(`An inspection failed: ${JSON.stringify(result)}`);
  }
}

/** A road with traffic at its size, drawn once and then kept. Gives its playlist. */
async function clipOf(size: Size): Promise<string> {
  const scene = sceneOf({ seed: 11, traffic: 0.4, ...SIZES[size] });
  await renderClip(CLIPS, scene);
  return join(clipFolder(CLIPS, scene), 'clip.m3u8');
}
