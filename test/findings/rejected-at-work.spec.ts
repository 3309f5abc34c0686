import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import sharp from 'sharp';
import type { DamageAnalysis } from '../../src/damage/damage-detector.js';
import type { Finding } from '../../src/findings/finding.js';
import { toFields } from '../../src/redis/fields.js';
import { eventually } from '../support/eventually.js';
import { HlsMedia } from '../support/hls-media.js';
import { HlsOrigin } from '../support/hls-origin.js';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';
import { asphalt, drawLine, WANDERING } from '../vision/drawn-asphalt.js';

const STREAM = 'stream:preprocess';
const START = Date.UTC(2026, 4, 1, 8);
const [WIDTH, HEIGHT] = [640, 480];
/** Where cracks are: moved by so much, px. */
const CRACKS = [
  [-150, -200],
  [100, -200],
  [-150, 60],
  [200, 60],
] as const;
const EVERYWHERE = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];

const { server, redis } = useRedis();
let media: HlsMedia;
let origin: HlsOrigin;
let service: Service;

/** A road of asphalt with cracks, as a camera shows it. */
async function film(): Promise<void> {
  const road = asphalt(WIDTH, HEIGHT);
  for (const [dx, dy] of CRACKS) {
    drawLine(
      road,
      WANDERING.map(([x, y]) => [x + dx, y + dy] as const),
      3,
      45,
    );
  }
  const folder = join(media.folder, 'cracked');
  await mkdir(folder);
  const still = join(folder, 'road.png');
  await sharp(road.rgb, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .png()
    .toFile(still);
  const input = ['-v', 'error', '-loop', '1', '-framerate', '25', '-t', '6', '-i', still];
  const video = ['-vf', 'noise=alls=3:allf=t,format=yuv420p', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20'];
  const hls = ['-g', '50', '-f', 'hls', '-hls_time', '2', '-hls_list_size', '0', join(folder, 'index.m3u8')];
  await promisify(execFile)('ffmpeg', [...input, ...video, ...hls]);
}

beforeAll(async () => {
  media = await HlsMedia.make(['vod']);
  await film();
  origin = await HlsOrigin.start(media);
  const folder = await mkdtemp(join(tmpdir(), 'rejected-'));
  await writeFile(join(folder, 'cameras.json'), JSON.stringify({ cameras: [{ cctvId: 'cam', region: EVERYWHERE }] }));
  service = await Service.start({
    REDIS_URL: server.url,
    OUTBOUND_ALLOW: `127.0.0.1:${origin.port}`,
    CAMERAS_FILE: join(folder, 'cameras.json'),
    DAMAGE_DETECTOR: 'classical',
  });
}, 60_000);

afterAll(async () => {
  await service.stop();
  await origin.stop();
  await media.remove();
});

/** Runs one job of the camera to its end. */
async function inspect(hour: number): Promise<{ result: Record<string, string>; analysis: DamageAnalysis }> {
  const enqueuedAt = START + hour * 3_600_000;
  const job = { cctvId: 'cam', jobId: `job-${hour}`, hls: origin.url('/cracked/index.m3u8'), sec: '2', enqueuedAt };
  await redis.xadd(STREAM, '*', ...Object.entries(job).flat());
  const result = await eventually(`job ${hour} is done`, async () => {
    const results = (await redis.xrange(`${STREAM}:results`, '-', '+')).map(([, fields]) => toFields(fields));
    return results.find(({ jobId }) => jobId === `job-${hour}`);
  });
  const file = join(service.artifacts, result['artifacts'] ?? '', 'damage_analysis.json');
  return { result, analysis: JSON.parse(await readFile(file, 'utf8')) as DamageAnalysis };
}

it('what a person rejected is reported and counted no more by the next inspection of a running service', async () => {
  const first = await inspect(0);
  expect(first.analysis.verdict).toBe('clear');
  expect(first.analysis.detections.length).toBeGreaterThanOrEqual(2);
  const { items } = (await service.json('/api/v1/findings?cctvId=cam')) as { items: Finding[] };
  const ids = first.analysis.detections.map(({ id }) => id);
  expect(items.map(({ id }) => id).sort()).toEqual([...ids].sort());
  const rejected = ids.slice(1);
  for (const id of rejected) {
    const body = JSON.stringify({ decision: 'reject', reason: 'patch', version: 1 });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${service.url}/api/v1/findings/${id}/review`, { method: 'POST', headers, body });
    expect(answer.status).toBe(200);
  }
  const second = await inspect(1);
  expect(second.analysis.detections.map(({ id }) => id)).toEqual([ids[0]]);
  expect(second.result['detections']).toBe('1');
  expect(Number(second.result['damagedRoadShare'])).toBeLessThan(Number(first.result['damagedRoadShare']));
  expect(second.analysis.rejected?.map(({ id }) => id).sort()).toEqual([...rejected].sort());
});
