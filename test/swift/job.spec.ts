import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { HlsMedia } from '../support/hls-media.js';
import { HlsOrigin } from '../support/hls-origin.js';
import { Service } from '../support/service.js';
import { SwiftLab } from '../support/swift-lab/swift-lab.js';
import { useRedis } from '../support/use-redis.js';

const STREAM = 'stream:preprocess';
const CLI = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const FOLDER = 'preprocess/cam_1/j1/20240909T100000Z';
const FILES = [
  'background.jpg',
  'background_meta.json',
  'damage_analysis.json',
  'damage_result.jpg',
  'process_meta.json',
];

/** A whole job takes so long at most on a machine that is busy, ms. */
const JOB_MS = 60_000;

const { server, redis } = useRedis();

describe('a job whose artifacts go to a real Swift', () => {
  const container = `job-${process.pid}`;
  let lab: SwiftLab;
  let media: HlsMedia;
  let origin: HlsOrigin;
  let service: Service;

  beforeAll(async () => {
    lab = SwiftLab.running();
    media = await HlsMedia.make(['vod']);
    origin = await HlsOrigin.start(media);
    await lab.swift('post', container, '-m', 'Temp-URL-Key:link-key');
    service = await Service.start(environment());
  }, JOB_MS);

  afterAll(async () => {
    await service.stop();
    await origin.stop();
    await media.remove();
    await lab.remove(container);
  });

  function environment(): Record<string, string> {
    return {
      ...lab.environment,
      SWIFT_CONTAINER: container,
      SWIFT_TEMP_URL_KEY: 'link-key',
      REDIS_URL: server.url,
      OUTBOUND_ALLOW: `127.0.0.1:${origin.port}`,
      REDIS_VISIBILITY_TIMEOUT: '5',
      REDIS_MAX_RETRY: '20',
      RETRY_BASE_SECONDS: '0.5',
    };
  }

  const enqueue = (cctvId: string): Promise<string | null> => {
    const hls = origin.url('/vod/index.m3u8');
    const job = { cctvId, jobId: 'j1', hls, sec: '2', enqueuedAt: '1725876000000' };
    return redis.xadd(STREAM, '*', ...Object.entries(job).flat());
  };
  const completed = async (): Promise<number> =>
    (await service.metric('worker_jobs_total{outcome="complete"}').catch(() => 0)) ?? 0;
  const jobsCompleted = (count: number): Promise<boolean> =>
    eventually(`${count} jobs complete`, async () => (await completed()) >= count, JOB_MS);

  it(
    'leaves the five objects of its layout, as the swift client lists them, and links that open',
    async () => {
      await enqueue('cam_1');
      await jobsCompleted(1);
      expect(await lab.list(container)).toEqual(FILES.map((file) => `${FOLDER}/${file}`));
      const meta = JSON.parse(String(await lab.read(container, `${FOLDER}/process_meta.json`))) as {
        artifacts: { name: string; url: string; md5: string }[];
      };
      expect(meta.artifacts.map(({ name }) => name)).toEqual(FILES.slice(0, 4).map((file) => `${FOLDER}/${file}`));
      for (const { url, md5 } of meta.artifacts) {
        const { ok, headers } = await fetch(url);
        expect({ ok, md5: headers.get('etag') }).toEqual({ ok: true, md5 });
      }
      const { headers } = await lab.fetch(container, `${FOLDER}/background.jpg`, { method: 'HEAD' });
      expect(headers.get('content-type')).toBe('image/jpeg');
      expect(headers.get('x-object-meta-job-id')).toBe('j1');
    },
    JOB_MS,
  );

  it(
    'leaves the same five when it runs twice',
    async () => {
      await enqueue('cam_1');
      await jobsCompleted(2);
      expect(await lab.list(container)).toEqual(FILES.map((file) => `${FOLDER}/${file}`));
    },
    JOB_MS,
  );

  it(
    'is complete all the same when Swift is away in the middle of it',
    async () => {
      lab.signal('proxy', 'SIGKILL');
      await enqueue('cam_2');
      const isHeldBack = async (): Promise<boolean> => (await service.status()).heldBackBecause.length > 0;
      await eventually('jobs are held back', isHeldBack, JOB_MS);
      await lab.up();
      await jobsCompleted(3);
      const own = (await lab.list(container)).filter((name) => name.includes('/cam_2/'));
      expect(own).toEqual(FILES.map((file) => `${FOLDER.replace('cam_1', 'cam_2')}/${file}`));
      // An outage of ours costs no attempt.
      expect((await service.metric('worker_jobs_total{outcome="retry"}')) ?? 0).toBe(0);
    },
    JOB_MS,
  );

  it('is answered for in health and by the doctor, with no secret in any log', async () => {
    const health = JSON.stringify(await service.json('/health'));
    expect(health).toContain(`Swift container ${container}`);
    const env = { ...environment(), PATH: process.env['PATH'] };
    const { stdout } = await promisify(execFile)(process.execPath, [CLI, 'doctor'], { env });
    expect(stdout).toMatch(new RegExp(`ok +storage +Artifacts go to the Swift container ${container}`));
    expect(stdout + service.output + health).not.toMatch(/uploader-password|link-key|temp_url_sig/);
  });
});
