import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { TransientStepError } from '../../src/job/errors.js';
import { BreakerStore } from '../../src/worker/breaker/breaker-store.js';
import { eventually } from '../support/eventually.js';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';

const NAMES = {
  lanes: ['stream:preprocess:high', 'stream:preprocess'],
  dlq: 'stream:preprocess:dlq',
  group: 'workers',
};
const HLS = 'https://cam.example/a.m3u8?token=hunter2';
const HOUR_MS = 3_600_000;

let service: Service;
const { server, redis } = useRedis({ endFirst: () => service.stop() });

interface Listed {
  items: { cctvId: string }[];
  next: string | null;
}

const list = async (query: string): Promise<string[]> =>
  ((await service.json(`/api/v1/cameras?${query}`)) as Listed).items.map(({ cctvId }) => cctvId);

const inspected = (cctvId: string, hoursAgo: number, more: Record<string, string> = {}) => {
  const enqueuedAt = new Date(Date.now() - hoursAgo * HOUR_MS).toISOString();
  const fields = { jobId: `job-${cctvId}`, cctvId, enqueuedAt, ...more };
  return redis.xadd('stream:preprocess:results', '*', ...Object.entries(fields).flat());
};

beforeAll(async () => {
  const cameras = [
    { cctvId: 'often', hls: HLS, inspectEveryMinutes: 10, record: true },
    { cctvId: 'rarely', hls: HLS, inspectEveryMinutes: 120 },
    {
      ...{ cctvId: 'plain', name: '강남역 4번 출구', road: 'Gangnam-daero', tags: ['bus'], bearing: 90 },
      location: { lat: 37.498, lon: 127.028 },
    },
  ];
  const file = join(await mkdtemp(join(tmpdir(), 'cameras-')), 'cameras.json');
  await writeFile(file, JSON.stringify({ cameras }));
  for (const [cctvId, hoursAgo] of [
    ['often', 2],
    ['rarely', 5],
    ['stranger', 20],
  ] as const)
    await inspected(cctvId, hoursAgo, { damageVerdict: 'clear' });
  await inspected('long-gone', 30, { damageVerdict: 'inconclusive' });
  const store = new BreakerStore(redis, NAMES);
  const policy = { failures: 2, cooldownMs: 60_000, longestCooldownMs: 60_000 };
  const error = new TransientStepError('HLS_TIMEOUT', `No picture came from ${HLS}.`);
  for (const camera of ['rarely', 'rarely', 'stranger']) await store.failed(camera, policy, error);
  service = await Service.start({ REDIS_URL: server.url, CAMERAS_FILE: file, ROLES: 'assess' });
  await eventually('all are known', async () => (await list('')).length === 5);
}, 90_000);

describe('the list of cameras', () => {
  it('has those that a job was heard of, then those that only the file knows', async () => {
    expect(await list('')).toEqual(['often', 'rarely', 'stranger', 'long-gone', 'plain']);
    const { next } = (await service.json('/api/v1/cameras?limit=4')) as Listed;
    expect(await list(`limit=4&cursor=${next ?? ''}`)).toEqual(['plain']);
    expect(await service.json('/api/v1/cameras/plain')).toMatchObject({
      inspection: null,
      lastClear: null,
      history: [],
    });
  });

  it('says what the file knows, the last clear look, and why a camera fails, without a secret', async () => {
    const { items } = (await service.json('/api/v1/cameras')) as Listed;
    expect(items[1]).toMatchObject({
      ...{ cctvId: 'rarely', scheduled: true, recorded: false, inspectEveryMinutes: 120, tags: [] },
      ...{ hasRegion: false, hasCalibration: false, name: null, location: null, bearing: null, road: null },
      down: { code: 'HLS_TIMEOUT', message: expect.stringMatching(/^No picture/), since: expect.stringMatching(/Z$/) },
      lastClear: {
        jobId: 'job-rarely',
        picture: expect.stringMatching(/^\/api\/v1\/cameras\/rarely\/visits\/\d{15}-/),
      },
    });
    expect(items[0]).toMatchObject({ recorded: true, down: null, failing: null });
    expect(items[2]).toMatchObject({ scheduled: false, down: null, failing: { code: 'HLS_TIMEOUT' } });
    expect(items[3]).toMatchObject({ cctvId: 'long-gone', lastClear: null });
    expect(JSON.stringify(items)).not.toContain('hunter2');
  });

  it('calls a camera stale after three intervals, an hour at least, or after a day', async () => {
    expect(await list('state=stale')).toEqual(['often', 'long-gone']);
  });

  it('finds cameras by what is wrong and by part of the name', async () => {
    expect(await list('state=down')).toEqual(['rarely']);
    expect(await list('state=failing')).toEqual(['rarely', 'stranger']);
    expect(await list('q=RAN')).toEqual(['stranger']);
    expect(await list('q=r&state=failing&limit=1')).toEqual(['rarely']);
    expect(await list('tag=none')).toEqual([]);
    for (const query of ['tag=bus', 'road=Gangnam-daero', `q=${encodeURIComponent('강남')}`])
      expect(await list(query)).toEqual(['plain']);
    expect(await service.json('/api/v1/cameras?state=sad')).toMatchObject({ errors: [{ field: 'state' }] });
  });

  it('says how many the filter names, and how many of them are in each state', async () => {
    const counts = async (query: string): Promise<unknown> =>
      ((await service.json(`/api/v1/cameras?${query}`)) as { counts: unknown }).counts;
    const all = { all: 5, failing: 2, down: 1, stale: 2 };
    expect(await counts('limit=1')).toEqual(all);
    expect(await counts('state=down')).toEqual(all);
    expect(await counts('q=ran')).toEqual({ all: 1, failing: 1, down: 0, stale: 0 });
  });
});
