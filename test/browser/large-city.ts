import type { Redis } from 'ioredis';
import type { Page } from 'playwright-core';
import { connect } from '../../src/redis/connection.js';
import { Link } from '../../src/redis/link.js';
import { markOf, seedVisit } from '../findings/seed.js';
import { camerasFile, failed, inspected } from './seeds.js';

const HLS = 'https://cam.example/live.m3u8';
/** Cameras of a large city, and what is wrong on the road of each. */
export const CAMERAS = 500;
const FINDINGS_EACH = 40;

/** Name of the n-th camera. */
export const idOf = (n: number): string => `cctv_${String(n).padStart(3, '0')}`;

/**
 * Fills an empty Redis with 500 cameras that were inspected, of which one is down, and 20,000 findings; gives their
 * cameras' file, for `CAMERAS_FILE`.
 * @param nameOfSecond what the second camera is called
 */
export async function seedLargeCity(redis: Redis, redisUrl: string, nameOfSecond = 'Camera 1'): Promise<string> {
  const cameras = Array.from({ length: CAMERAS }, (_, n) => ({
    ...{ cctvId: idOf(n), name: n === 1 ? nameOfSecond : `Camera ${n}`, road: `Road ${n % 7}`, hls: HLS },
    ...(n % 50 === 0 ? { tags: ['bridge'] } : {}),
    ...{ location: { lat: 37.5 + n / 5_000, lon: 127 + (n % 20) / 500 }, bearing: (n * 30) % 360 },
  }));
  for (let n = 0; n < CAMERAS; n += 1) await inspected(redis, idOf(n), n / 60, { worstSeverity: 'medium' });
  await failed(redis, idOf(3), 3);
  await seedFindings(redisUrl);
  return camerasFile(cameras);
}

/** None upon another. */
async function seedFindings(url: string): Promise<void> {
  const link = new Link(connect({ url }, 'producer'));
  for (let n = 0; n < CAMERAS; n += 1) {
    const marks = Array.from({ length: FINDINGS_EACH }, (_, i) =>
      markOf(`${n}-${i}`, 5 + (i % 5) * 50, 5 + Math.floor(i / 5) * 22),
    );
    await seedVisit(link, idOf(n), marks);
  }
  await link.close();
}

/** Bytes of a page's JavaScript heap, as the browser counts them. */
export async function heapOf(page: Page): Promise<number> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  const { metrics } = await devtools.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN;
}
