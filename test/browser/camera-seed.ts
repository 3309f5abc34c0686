import { execFile } from 'node:child_process';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Redis } from 'ioredis';
import sharp, { type Sharp } from 'sharp';
import { drawStill, sceneOf, VIEWPOINTS } from '../../demo/renderer/index.js';
import { segmentFile } from '../../src/job/segment.js';

/** The camera that is full of visits. */
export const SEEDED = 'gangnam_04';
/** px of the source that the camera was shifted by from the first visit on to the last. */
export const SHIFT = { x: 21, y: -9 };
/** Of each picture, px. */
export const SIZE = { width: 1_200, height: 660 };

const HOUR_MS = 3_600_000;
const SCENE = { seed: 3, view: VIEWPOINTS.gantry, width: 1_280, height: 720 };
const BOX = { x: 0.252, y: 0.888, width: 0.08, height: 0.09 };
const SMALL_BOX = { x: 0.5, y: 0.62, width: 0.08, height: 0.13 };

/** Puts what jobs of a camera would have left into Redis and the artifacts: visits, one of them shifted, and a recording. */
export async function seedCamera(redis: Redis, artifacts: string, segments: string): Promise<void> {
  const raw = { width: SCENE.width, height: SCENE.height, channels: 3 } as const;
  const large = sharp(drawStill(sceneOf(SCENE)).picture.rgb, { raw });
  const [first, last] = [await piece(large, 0, 0), await piece(large, SHIFT.x, SHIFT.y)];
  for (let i = 0; i < 30; i += 1) await visit(redis, artifacts, i, i < 29 ? first : last);
  await recording(redis, artifacts, segments);
}

function piece(large: Sharp, x: number, y: number): Promise<Buffer> {
  return large
    .clone()
    .extract({ left: 30 + x, top: 30 + y, ...SIZE })
    .jpeg({ quality: 85 })
    .toBuffer();
}

async function visit(redis: Redis, artifacts: string, i: number, picture: Buffer): Promise<void> {
  const jobId = `visit-${i}`;
  const folder = `preprocess/${SEEDED}/${jobId}/t/`;
  const isRain = i % 7 === 3;
  const marks =
    i < 8 ? [] : [{ class: 'D40', boxNormalized: BOX, severity: i < 20 ? 'medium' : 'high', confidence: 0.87 }];
  const small = { class: 'D10', severity: 'low', confidence: 0.61, boxNormalized: SMALL_BOX };
  await mkdir(join(artifacts, folder), { recursive: true });
  await writeFile(join(artifacts, folder, 'background.jpg'), picture);
  const analysis = { detections: i < 15 ? marks : [...marks, small] };
  await writeFile(join(artifacts, folder, 'damage_analysis.json'), JSON.stringify(analysis));
  const found = {
    damageVerdict: isRain ? 'inconclusive' : 'clear',
    damageReason: isRain ? 'Rain on the lens blurs the road: marks say nothing.' : '1.2 % of the road is marked.',
    damagedRoadShare: String(i < 8 ? 0 : 0.004 + 0.0006 * i),
    worstSeverity: i < 8 ? 'none' : i < 20 ? 'medium' : 'high',
    detections: String(analysis.detections.length),
  };
  const enqueuedAt = new Date(Date.now() - (30 - i) * 2 * HOUR_MS).toISOString();
  const job = { jobId, cctvId: SEEDED, enqueuedAt, finishedAt: enqueuedAt, light: i % 4 === 0 ? 'night' : 'day' };
  await add(redis, 'stream:preprocess:results', { ...job, ...found, artifacts: folder });
}

async function recording(redis: Redis, artifacts: string, segments: string): Promise<void> {
  const startMs = Math.floor(Date.now() / 600_000) * 600_000 - 1_200_000;
  await mkdir(join(segments, SEEDED), { recursive: true });
  const file = join(segments, SEEDED, segmentFile(startMs));
  await film(file);
  await utimes(file, startMs / 1_000, startMs / 1_000);
  const folder = `preprocess/${SEEDED}/judged/t/`;
  await mkdir(join(artifacts, folder), { recursive: true });
  const incidents = [
    {
      start: 4,
      end: 7,
      kind: 'stopped_vehicle',
      severity: 'medium',
      description: 'A van <img src=x onerror=window.hit=1>stands in the right lane.',
      confidence: 0.8,
    },
    {
      start: 12,
      end: 14,
      kind: 'accident',
      severity: 'high',
      description: 'Two cars touch while one changes lanes.',
      confidence: 0.9,
    },
  ];
  const content = { job: { jobId: 'judged' }, safetyScore: 46, summary: 'Dense traffic, one accident.', incidents };
  await writeFile(join(artifacts, folder, 'assessment.json'), JSON.stringify(content));
  const segmentStart = new Date(startMs).toISOString();
  const fields = { jobId: 'judged', cctvId: SEEDED, segmentStart, kind: 'video', safetyScore: '46', artifacts: folder };
  await add(redis, 'stream:assess:results', fields);
}

/** Twenty seconds that a browser plays. */
async function film(file: string): Promise<void> {
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=5:duration=20'];
  const coding = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-movflags', '+faststart'];
  await promisify(execFile)('ffmpeg', ['-y', '-loglevel', 'error', ...source, ...coding, file]);
}

async function add(redis: Redis, stream: string, fields: Record<string, string>): Promise<void> {
  await redis.xadd(stream, '*', ...Object.entries(fields).flat());
}
