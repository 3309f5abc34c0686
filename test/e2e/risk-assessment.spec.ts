import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { eventually } from '../support/eventually.js';
import { startGeminiServer, type GeminiServer } from '../support/gemini-server/gemini-server.js';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';

const FOLDER = 'preprocess/cam/job-1/20260101T100000Z/';
const INSPECTION = {
  jobId: 'job-1',
  cctvId: 'cam',
  enqueuedAt: new Date().toISOString(),
  artifacts: FOLDER,
  damageVerdict: 'clear',
  detections: '2',
  worstSeverity: 'high',
};

const { server, redis } = useRedis();

describe('from damage to risk', () => {
  let gemini: GeminiServer;
  let service: Service;

  beforeAll(async () => {
    gemini = await startGeminiServer();
    gemini.answer = () => ({ safetyScore: 25, summary: 'Deep cracks.', roadCondition: 'damaged', incidents: [] });
    service = await Service.start({
      REDIS_URL: server.url,
      ROLES: 'assess',
      GEMINI_API_KEY: 'test-key',
      GEMINI_BASE_URL: gemini.url,
    });
  }, 60_000);

  afterAll(async () => {
    await service.stop();
    await gemini.close();
  });

  it("has Gemini judge an inspection's damage picture once, and raises the camera's risk", async () => {
    await mkdir(join(service.artifacts, FOLDER), { recursive: true });
    const picture = sharp({ create: { width: 320, height: 180, channels: 3, background: '#777' } });
    await writeFile(join(service.artifacts, FOLDER, 'damage_result.jpg'), await picture.jpeg().toBuffer());
    await eventually('results are followed', async () => {
      const groups = await redis.xinfo('GROUPS', 'stream:preprocess:results').catch(() => '');
      return JSON.stringify(groups).includes('assessment-tasks');
    });
    const fields = Object.entries(INSPECTION).flat();
    for (let i = 0; i < 2; i += 1) await redis.xadd('stream:preprocess:results', '*', ...fields);
    const camera = await eventually('it was judged', async () => {
      const found = (await service.json('/cameras/cam')) as { risk?: number | null };
      return typeof found.risk === 'number' && found;
    });
    expect(camera).toMatchObject({
      risk: 75,
      safetyScore: 25,
      urgent: true,
      inspection: { jobId: 'job-1' },
      assessment: { jobId: 'job-1.picture', kind: 'picture' },
    });
    expect(gemini.requests).toHaveLength(1);
    expect(await service.json('/assessments?status=completed')).toMatchObject({
      completed: [{ jobId: 'job-1.picture', status: 'completed' }],
      workers: [{ jobs: 1 }],
    });
  }, 60_000);
});
