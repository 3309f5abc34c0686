import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JobView } from '../../src/jobs/job-view.js';
import { eventually } from '../support/eventually.js';
import { HlsMedia } from '../support/hls-media.js';
import { HlsOrigin } from '../support/hls-origin.js';
import { Service } from '../support/service.js';
import { SseReader } from '../support/sse-reader.js';
import { useFolder } from '../support/use-folder.js';
import { useRedis } from '../support/use-redis.js';

const { server } = useRedis();
const shared = useFolder('artifacts', 'suite');

describe('a process with the role api alone', () => {
  let media: HlsMedia;
  let origin: HlsOrigin;
  let environment: Record<string, string>;
  let api: Service;

  beforeAll(async () => {
    media = await HlsMedia.make(['vod']);
    origin = await HlsOrigin.start(media);
    environment = {
      REDIS_URL: server.url,
      ARTIFACTS_DIR: join(shared.path, 'artifacts'),
      OUTBOUND_ALLOW: `127.0.0.1:${origin.port}`,
      DAMAGE_DETECTOR: 'classical',
    };
    api = await Service.start({ ...environment, ROLES: 'api' });
  }, 90_000);

  afterAll(async () => {
    await api.stop();
    await origin.stop();
    await media.remove();
  });

  const ask = (path: string, init?: RequestInit) => fetch(api.url + path, init);
  const read = async <T>(path: string) => (await (await ask(path)).json()) as T;

  it('answers while no worker lives: takes jobs, shows them, counts what waits', async () => {
    expect(await api.status()).toMatchObject({ roles: ['api'], kinds: {} });
    const body = JSON.stringify({ cctvId: 'a', hls: origin.url('/live/index.m3u8'), sec: 3 });
    const answer = await ask('/api/v1/jobs/one', {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body,
    });
    expect(answer.status).toBe(202);
    expect(await read('/api/v1/jobs/one')).toMatchObject({ id: 'one', state: 'queued' });
    expect(await read('/api/v1/queue/inspection')).toMatchObject({ demand: 1 });
    expect(await api.metric('roadstream_queue_demand{kind="inspection"}')).toBe(1);
    for (const path of ['/ui/', '/docs', '/health', '/api/v1/workers', '/api/v1/cameras', '/api/v1/findings']) {
      expect({ path, status: (await ask(path)).status }).toEqual({ path, status: 200 });
    }
  });

  it('says of work that it does not do where to ask for it', async () => {
    const pause = await ask('/control/pause', { method: 'POST' });
    expect(await pause.json()).toMatchObject({ code: 'KIND_NOT_HERE', message: expect.stringContaining('ROLES') });
  });

  it('tells of what a worker elsewhere does, and hands its files out', async () => {
    const events = await SseReader.open(`${api.url}/api/v1/events`);
    const worker = await Service.start({ ...environment, ROLES: 'inspect' });
    try {
      const { data } = await events.first('its end', ({ type }) => type === 'job.completed');
      expect(data).toMatchObject({ jobId: 'one', state: 'completed' });
      const job = await eventually('its result', async () => {
        const now = await read<JobView>('/api/v1/jobs/one');
        return now.state === 'completed' ? now : undefined;
      });
      expect(job.artifacts).not.toEqual([]);
      const picture = await ask('/api/v1/jobs/one/artifacts/background.jpg');
      expect({ status: picture.status, type: picture.headers.get('content-type') }).toEqual({
        status: 200,
        type: 'image/jpeg',
      });
      const workers = await read<{ items: { roles: string[] }[] }>('/api/v1/workers');
      expect(workers.items.map(({ roles }) => roles)).toEqual([['inspect']]);
      // The ledger follows results by itself, a moment after the end is told.
      await eventually('the camera is known', async () => {
        const cameras = await read<{ items: { cctvId: string }[] }>('/api/v1/cameras');
        return cameras.items.some(({ cctvId }) => cctvId === 'a');
      });
    } finally {
      events.close();
      await worker.stop();
    }
  }, 90_000);
});
