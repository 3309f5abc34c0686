import { execFile, spawnSync } from 'node:child_process';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { eventually } from '../support/eventually.js';
import { HlsMedia } from '../support/hls-media.js';
import { HlsOrigin } from '../support/hls-origin.js';
import { Service } from '../support/service.js';
import { useFolder } from '../support/use-folder.js';
import { useRedis } from '../support/use-redis.js';

/** promtool comes with Debian's package prometheus; where it is not installed there is nothing to check by. */
const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
const withPromtool = hasPromtool ? it : it.skip;

const STREAM = 'stream:preprocess';
const COMPLETED = 'worker_jobs_total{outcome="complete"}';

const { server, redis } = useRedis({ flush: true });
const folder = useFolder('gpu');

describe('operating the running service', () => {
  let media: HlsMedia;
  let origin: HlsOrigin;
  const services: Service[] = [];

  beforeAll(async () => {
    media = await HlsMedia.make(['vod', 'day']);
    origin = await HlsOrigin.start(media);
  }, 60_000);

  afterEach(() => Promise.all(services.splice(0).map((service) => service.stop())));

  afterAll(async () => {
    await origin.stop();
    await media.remove();
  });

  async function start(environment: Record<string, string> = {}): Promise<Service> {
    const service = await Service.start({
      REDIS_URL: server.url,
      OUTBOUND_ALLOW: `127.0.0.1:${origin.port}`,
      ...environment,
    });
    services.push(service);
    return service;
  }

  async function enqueue(count: number, seconds: number): Promise<void> {
    const hls = origin.url('/day/index.m3u8');
    for (let i = 0; i < count; i += 1) {
      await redis.xadd(STREAM, '*', 'cctvId', `c${i}`, 'hls', hls, 'sec', String(seconds));
    }
  }

  function post(service: Service, path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(service.url + path, { method: 'POST', headers });
  }

  it('runs as many jobs as the limit says, and a new limit counts at once without restarting one', async () => {
    const service = await start();
    await enqueue(6, 7);
    let most = 0;
    await eventually('two running', async () => {
      most = Math.max(most, (await service.status()).jobs.length);
      return most === 2;
    });
    const before = (await service.status()).jobs.map(({ jobId }) => jobId);
    expect(await (await post(service, '/control/concurrency?n=4')).json()).toMatchObject({ concurrency: { limit: 4 } });
    const { jobs } = await eventually('four running', async () => {
      const status = await service.status();
      return status.jobs.length === 4 ? status : undefined;
    });
    expect(most).toBe(2);
    expect(jobs.slice(0, 2).map(({ jobId }) => jobId)).toEqual(before);
    expect(jobs.every(({ attempt }) => attempt === 1)).toBe(true);
    await eventually('all six done', async () => (await service.metric(COMPLETED)) === 6, 60_000);
    const started = service.output.split('\n').filter((line) => line.includes('"job started"'));
    expect(started).toHaveLength(6);
  }, 90_000);

  it('refuses a limit that is none', async () => {
    const service = await start();
    for (const n of ['0', '65', '-1', '1.5', 'many', '']) {
      const answer = await post(service, `/control/concurrency?n=${n}`);
      expect([n, answer.status]).toEqual([n, 400]);
      expect(await answer.json()).toMatchObject({ code: 'BAD_REQUEST', message: expect.stringContaining('n ') });
    }
    expect((await service.status()).concurrency.limit).toBe(2);
  });

  it('pauses and resumes', async () => {
    const service = await start();
    await post(service, '/control/pause');
    await enqueue(1, 2);
    const status = await service.status();
    expect(status).toMatchObject({ state: 'paused', claiming: false, jobs: [] });
    // A read that was under way when the pause came may have brought it; then it was given back unstarted.
    expect((status.lag ?? 0) + (status.pending ?? 0)).toBe(1);
    await post(service, '/control/resume');
    await eventually('the job is done', async () => (await service.metric(COMPLETED)) === 1);
  });

  it('knows at once that it paused the group itself', async () => {
    const service = await start();
    expect(await (await post(service, '/control/pause?scope=group')).json()).toMatchObject({ state: 'paused' });
    expect(await (await post(service, '/control/resume?scope=group')).json()).toMatchObject({ state: 'running' });
  });

  it('steers only for who brings the token, when one is set', async () => {
    const service = await start({ CONTROL_TOKEN: 'a-long-enough-secret-token' });
    expect((await post(service, '/control/pause')).status).toBe(401);
    expect((await post(service, '/control/pause', { authorization: 'Bearer wrong' })).status).toBe(401);
    const authorization = 'Bearer a-long-enough-secret-token';
    expect(await service.json('/worker/status', { headers: { authorization } })).toMatchObject({ state: 'running' });
    expect((await post(service, '/control/pause', { authorization })).status).toBe(200);
  });

  it('does not let a web page or a forwarded stranger steer, when no token is set', async () => {
    const service = await start();
    expect((await post(service, '/control/pause', { origin: 'https://evil.example' })).status).toBe(403);
    expect((await post(service, '/control/pause', { 'x-forwarded-for': '203.0.113.9' })).status).toBe(403);
    expect((await service.status()).state).toBe('running');
  });

  it('gives metrics in both forms', async () => {
    const service = await start();
    await enqueue(1, 2);
    await eventually('the job is done', async () => (await service.metric(COMPLETED)) === 1);
    const answer = await service.json('/metrics', { headers: { accept: 'application/json' } });
    expect(answer).toEqual({
      counters: { processed: 1, failed: 0, retried: 0, dlq: 0, pending: 0, concurrency_current: 0 },
      uptime_seconds: expect.any(Number),
      start_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });

  withPromtool('gives metrics that promtool has nothing to say against', async () => {
    const service = await start();
    await enqueue(1, 2);
    await eventually('the job is done', async () => (await service.metric(COMPLETED)) === 1);
    const text = await (await fetch(`${service.url}/metrics`)).text();
    expect(await promtool(text)).toBe('');
  });

  it('claims nothing while a GPU is short of memory, says why, and goes on when it has more', async () => {
    const freeMb = (mb: number): Promise<void> => writeFile(folder.at('free'), String(mb));
    await freeMb(100);
    const line = `535.1, 0x1, Fake GPU, 00000000:01:00.0, 30, 8192, 8092, $(cat '${folder.path}/free'), 0, 0, 40, 40, 20, 200, 300, 400`;
    await writeFile(
      folder.at('nvidia-smi'),
      `#!/bin/sh\necho >> '${folder.path}/calls'\n[ ! -e '${folder.path}/fails' ] || exit 1\necho "${line}"\n`,
    );
    await chmod(folder.at('nvidia-smi'), 0o755);
    const service = await start({ PATH: `${folder.path}:${process.env.PATH ?? ''}` });
    await enqueue(1, 2);
    expect(await service.status()).toMatchObject({
      claiming: false,
      heldBackBecause: [expect.stringContaining('100 MB')],
      gpuGuard: { enabled: true, gpus: 1, leastFreeMb: 100, minFreeMb: 1024 },
      lag: 1,
      jobs: [],
    });
    expect(await service.json('/health')).toMatchObject({ details: { worker: { status: 'degraded' } } });
    await writeFile(folder.at('fails'), '');
    const calls = async (): Promise<number> => (await readFile(folder.at('calls'))).length;
    const before = await calls();
    await eventually('some looks that failed', async () => (await calls()) >= before + 4, 30_000);
    expect(await service.status()).toMatchObject({ claiming: false, gpuGuard: { gpus: 1, leastFreeMb: 100 } });
    await rm(folder.at('fails'));
    await freeMb(4096);
    await eventually('the job is done', async () => (await service.metric(COMPLETED)) === 1);
  });

  it('names every wrong variable in one message and does not start', async () => {
    const service = await Service.launch({ PORT: 'x', REDIS_MAX_RETRY: '-1', GPU_MEMORY_GUARD: 'perhaps' });
    expect(await service.end()).toBe(1);
    expect(service.output).toContain('3 settings are wrong');
    for (const name of ['PORT', 'REDIS_MAX_RETRY', 'GPU_MEMORY_GUARD']) expect(service.output).toContain(`  ${name}: `);
  });

  it('does not start with a Swift it cannot use', async () => {
    const service = await Service.launch({ OS_AUTH_URL: 'http://127.0.0.1:5000/v3' });
    expect(await service.end()).toBe(1);
    expect(service.output).toContain('OS_AUTH_URL');
  });

  it('shows the dead letters over HTTP and puts them back', async () => {
    const service = await start();
    await redis.xadd(STREAM, '*', 'cctvId', 'a', 'hls', 'http://10.0.0.1/x.m3u8?token=secret');
    const page = await eventually('a dead letter', async () => {
      const { letters } = (await service.json('/control/dlq')) as { letters: { id: string }[] };
      return letters.length > 0 ? letters : undefined;
    });
    expect(page).toMatchObject([{ code: 'URL_NOT_ALLOWED', payload: { hls: 'http://10.0.0.1/x.m3u8' } }]);
    const missing = await post(service, '/control/dlq/redrive');
    expect([missing.status, await missing.json()]).toMatchObject([400, { code: 'NOTHING_NAMED' }]);
    expect(await (await post(service, `/control/dlq/redrive?id=${page[0]?.id ?? ''}`)).json()).toEqual({ redriven: 1 });
    await eventually('it is set aside again', async () => (await redis.xlen(`${STREAM}:dlq`)) === 1);
    const purge = await fetch(`${service.url}/control/dlq?all=true`, { method: 'DELETE' });
    expect(await purge.json()).toEqual({ purged: 1 });
  });

  it('cancels a job', async () => {
    const service = await start();
    await enqueue(1, 60);
    const [job] = await eventually('the job runs', async () => {
      const { jobs } = await service.status();
      return jobs.length === 1 ? jobs : undefined;
    });
    const answer = await post(service, `/control/jobs/${job?.jobId ?? ''}/cancel`);
    expect(answer.status).toBe(202);
    await eventually('it ended', async () => (await service.metric('worker_jobs_total{outcome="cancel"}')) === 1);
    expect((await redis.xpending(STREAM, 'workers'))[0]).toBe(0);
  });

  it('finishes the job in hand before it ends on SIGTERM', async () => {
    const service = await start();
    services.pop();
    await enqueue(1, 5);
    await eventually('the job runs', async () => (await service.status()).jobs.length === 1);
    const ended = service.stop();
    await eventually('it drains', () => service.output.includes('stopping: waiting'));
    const health = (path: string) => fetch(`${service.url}/health${path}`).then(({ status }) => status);
    // Who restarts by liveness must not cut the drain short; nothing new is to be sent here.
    expect([await health('/live'), await health('/ready')]).toEqual([200, 503]);
    expect(await ended).toBe(0);
    expect(service.output).toContain('"outcome":"complete"');
    expect((await redis.xpending(STREAM, 'workers'))[0]).toBe(0);
  });

  it('waits for Redis, says so once, and goes on when it is back', async () => {
    const service = await start();
    await eventually('the queue is measured', async () => (await service.metric('worker_dlq_length')) === 0);
    await server.down('SIGKILL');
    await eventually('it is said', () => service.output.includes('Redis cannot be reached'));
    expect(await service.metric('worker_claiming')).toBe(0);
    expect(await service.metric(`worker_stream_pending{stream="${STREAM}"}`)).toBeUndefined();
    expect(await service.metric('worker_dlq_length')).toBeUndefined();
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(503);
    expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
    await server.up();
    await enqueue(1, 2);
    await eventually('the job is done', async () => (await service.metric(COMPLETED)) === 1);
    expect(service.output.split('Redis cannot be reached').length - 1).toBe(1);
    expect(service.output).toContain('Redis is back');
  });

  describe('detection on request', () => {
    let road: Buffer;

    beforeAll(async () => {
      road = await sharp({ create: { width: 320, height: 240, channels: 3, background: '#777' } })
        .png()
        .toBuffer();
    });

    function upload(service: Service, picture: Buffer, accept: string): Promise<Response> {
      const body = new FormData();
      body.append('file', new Blob([new Uint8Array(picture)]), 'road.png');
      const path = `${service.url}/api/v1/damage-detection/image`;
      return fetch(path, { method: 'POST', body, headers: { accept } });
    }

    it('answers for an uploaded picture, as JSON or as a picture', async () => {
      const service = await start();
      expect(await (await upload(service, road, 'application/json')).json()).toMatchObject({
        detector: { name: expect.any(String) },
        detections: [],
        image: { width: 320, height: 240 },
      });
      const picture = await upload(service, road, 'image/jpeg');
      expect(picture.headers.get('content-type')).toBe('image/jpeg');
      expect(await sharp(Buffer.from(await picture.arrayBuffer())).metadata()).toMatchObject({
        format: 'jpeg',
        width: 320,
      });
    });

    it('refuses what is no picture, is too large, or is not there', async () => {
      const service = await start({ UPLOAD_MAX_MEGAPIXELS: '1', UPLOAD_MAX_MB: '1' });
      const wide = sharp({ create: { width: 1_500, height: 1_000, channels: 3, background: '#777' } });
      const cases: [Buffer, number, string][] = [
        [road.subarray(0, 60), 400, 'IMAGE_UNREADABLE'],
        [Buffer.from('GIF89a, or so it says'), 415, 'IMAGE_TYPE'],
        [await wide.png().toBuffer(), 413, 'IMAGE_TOO_LARGE'],
        [Buffer.alloc(1_100_000, 'x'), 413, 'TOO_LARGE'],
      ];
      for (const [picture, status, code] of cases) {
        const answer = await upload(service, picture, 'application/json');
        expect([answer.status, await answer.json()]).toMatchObject([status, { code, message: expect.any(String) }]);
      }
      const nothing = await post(service, '/api/v1/damage-detection/image');
      expect([nothing.status, await nothing.json()]).toMatchObject([400, { code: 'IMAGE_MISSING' }]);
    });

    it('watches a stream and answers, under the same slots as jobs', async () => {
      const service = await start({ MAX_CONCURRENCY: '1' });
      const body = JSON.stringify({ hls: origin.url('/vod/index.m3u8'), sec: 2 });
      const headers = { 'content-type': 'application/json' };
      const path = '/api/v1/damage-detection/stream';
      const answers = [1, 2].map(() => service.json(path, { method: 'POST', body, headers }));
      await eventually('one at work', async () => (await service.status()).concurrency.inUse === 1);
      for (const answer of await Promise.all(answers)) {
        expect(answer).toMatchObject({ detections: expect.any(Array), background: { framesUsed: expect.any(Number) } });
      }
      const refused = { hls: 'http://127.0.0.1:1/x.m3u8', sec: 2 };
      expect(await service.json(path, { method: 'POST', body: JSON.stringify(refused), headers })).toMatchObject({
        code: 'URL_NOT_ALLOWED',
      });
      const bad = await fetch(service.url + path, { method: 'POST', body: '{"hls":"nonsense","sec":-1}', headers });
      expect([bad.status, await bad.json()]).toMatchObject([400, { code: 'BAD_REQUEST' }]);
    });

    it.each([
      [
        'builtin',
        {
          classes: [{ id: 'crack' }, { id: 'D20' }, { id: 'D40' }, { id: 'damage' }],
          marks: expect.stringContaining('potholes'),
        },
      ],
      ['classical', { classes: [{ id: 'crack' }], marks: expect.stringContaining('cracks only') }],
    ])('says what the %s detector marks and how it is', async (detector, info) => {
      const service = await start({ DAMAGE_DETECTOR: detector });
      expect(await service.json('/api/v1/damage-detection/classes')).toMatchObject(info);
      expect(await service.json('/api/v1/damage-detection/health')).toMatchObject({ status: 'up' });
    });
  });
});

/** What promtool has to say about metrics; nothing is good. */
async function promtool(text: string): Promise<string> {
  const child = promisify(execFile)('promtool', ['check', 'metrics']);
  child.child.stdin?.end(text);
  const { stdout, stderr } = await child;
  return stdout + stderr;
}
