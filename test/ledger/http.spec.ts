import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';

let service: Service;
const { server, redis } = useRedis({ endFirst: () => service.stop() });

beforeAll(async () => {
  service = await Service.start({ REDIS_URL: server.url, RISK_URGENT_FROM: '50' });
});

const publish = (stream: string, fields: Record<string, string>) =>
  redis.xadd(stream, '*', ...Object.entries(fields).flat());

const judged = (minutesAgo: number, safetyScore: number) =>
  publish('stream:assess:results', {
    jobId: `job-${minutesAgo}`,
    cctvId: 'cam',
    segmentStart: new Date(Date.now() - minutesAgo * 60_000).toISOString(),
    safetyScore: String(safetyScore),
    worker: 'other-host',
    durationMs: '2000',
  });

describe('what clients ask of cameras and assessments', () => {
  it('shows a camera with what its jobs found, whoever ran them', async () => {
    await publish('stream:preprocess:results', {
      jobId: 'job-1',
      cctvId: 'cam',
      enqueuedAt: new Date().toISOString(),
      artifacts: 'preprocess/cam/job-1/20260101T000000Z/',
      detections: '2',
    });
    for (const [minutesAgo, score] of [
      [30, 90],
      [20, 60],
      [10, 20],
    ] as const) {
      await judged(minutesAgo, score);
    }
    const camera = await eventually('all is known', async () => {
      const found = (await service.json('/cameras/cam')) as { history?: unknown[]; inspection: unknown };
      return found.history?.length === 3 && found.inspection !== null && found;
    });
    expect(camera).toMatchObject({
      cctvId: 'cam',
      inspection: { artifacts: 'preprocess/cam/job-1/20260101T000000Z/', detections: '2' },
      assessment: { jobId: 'job-10', safetyScore: '20' },
      urgent: false,
    });
    expect(await service.json('/cameras')).toMatchObject({ cameras: [{ cctvId: 'cam' }] });
    await judged(0, 0);
    await eventually('it is urgent', async () => ((await service.json('/cameras/cam')) as { urgent: boolean }).urgent);
  });

  it('gives what it knows of a camera as numbers, times and lists below /api/v1', async () => {
    expect(await service.json('/api/v1/cameras/cam')).toMatchObject({
      cctvId: 'cam',
      inspection: {
        jobId: 'job-1',
        attempt: null,
        artifacts: 'preprocess/cam/job-1/20260101T000000Z/',
        road: { verdict: null, doubts: [], askedSeconds: null },
        damage: { detections: 2, damagedRoadShare: null },
      },
      assessment: { jobId: 'job-0', safetyScore: 0, durationMs: 2000, cached: null, worker: 'other-host' },
      risk: { risk: expect.any(Number), safetyScore: expect.any(Number), urgent: true },
      history: [0, 20, 60, 90].map((safetyScore) => ({ at: expect.stringMatching(/^\d{4}-.*Z$/), safetyScore })),
    });
    expect(await service.json('/api/v1/cameras/nobody')).toMatchObject({ status: 404, code: 'NO_SUCH_CAMERA' });
  });

  it('lists cameras page by page, each once', async () => {
    const enqueuedAt = new Date(Date.now() - 3_600_000).toISOString();
    for (const cctvId of ['d', 'a', 'c', 'b']) await publish('stream:preprocess:results', { cctvId, enqueuedAt });
    await eventually('all are known', async () => {
      const { items } = (await service.json('/api/v1/cameras')) as { items: unknown[] };
      return items.length === 5;
    });
    const pages: string[][] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = (await service.json(`/api/v1/cameras?limit=2${query}`)) as {
        items: { cctvId: string }[];
        next: string | null;
      };
      pages.push(page.items.map(({ cctvId }) => cctvId));
      cursor = page.next;
    }
    expect(pages).toEqual([['cam', 'a'], ['b', 'c'], ['d']]);
    expect(await service.json('/api/v1/cameras?cursor=x')).toMatchObject({ errors: [{ field: 'cursor' }] });
  });

  it('says so of a camera nobody heard of', async () => {
    expect((await fetch(`${service.url}/cameras/nobody`)).status).toBe(404);
    expect(await service.json('/cameras/nobody')).toMatchObject({ code: 'NO_SUCH_CAMERA' });
    expect((await fetch(`${service.url}/cameras/${'x'.repeat(129)}`)).status).toBe(400);
  });

  it('lists assessments by status, with what each worker did', async () => {
    await redis.xadd(
      'stream:assess',
      '*',
      'cctvId',
      'cam',
      'video',
      'cam/1.mp4',
      'segmentStart',
      '2026-01-01T10:00:00Z',
    );
    const all = (await service.json('/assessments')) as Record<string, { jobId: string }[]>;
    expect(all).toMatchObject({
      pending: [{ cctvId: 'cam', status: 'pending', worker: null }],
      processing: [],
      failed: [],
      workers: [{ worker: 'other-host', jobs: 4, meanMs: 2000 }],
    });
    expect(all['completed']?.[0]).toMatchObject({ status: 'completed', worker: 'other-host' });
    expect(Object.keys((await service.json('/assessments?status=pending')) as object)).toEqual(['pending', 'workers']);
    expect((await fetch(`${service.url}/assessments?status=lost`)).status).toBe(400);
  });
});
