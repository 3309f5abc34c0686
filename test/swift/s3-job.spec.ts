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

const CLI = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const FOLDER = 'preprocess/cam_1/j1/20240909T100000Z';

/** A whole job takes so long at most on a machine that is busy, ms. */
const JOB_MS = 60_000;

const { server, redis } = useRedis();

describe('a job whose artifacts go to S3', () => {
  const bucket = `job-s3-${process.pid}`;
  let lab: SwiftLab;
  let media: HlsMedia;
  let origin: HlsOrigin;
  let service: Service;

  beforeAll(async () => {
    lab = SwiftLab.running();
    media = await HlsMedia.make(['vod']);
    origin = await HlsOrigin.start(media);
    await lab.swift('post', bucket);
    service = await Service.start(environment());
  }, JOB_MS);

  afterAll(async () => {
    await service.stop();
    await origin.stop();
    await media.remove();
    await lab.remove(bucket);
  });

  const environment = (): Record<string, string> => ({
    ...lab.s3Environment(bucket),
    ...{ S3_KEY_PREFIX: 'shared/', REDIS_URL: server.url, OUTBOUND_ALLOW: `127.0.0.1:${origin.port}` },
  });

  it(
    'leaves its five objects below the prefix, links that open, and files that the API gives',
    async () => {
      const job = { cctvId: 'cam_1', jobId: 'j1', hls: origin.url('/vod/index.m3u8'), sec: '2', track: '1' };
      await redis.xadd('stream:preprocess', '*', ...Object.entries({ ...job, enqueuedAt: '1725876000000' }).flat());
      const ended = await eventually(
        'the job is done',
        async () => {
          const told = (await service.json('/api/v1/jobs/j1')) as { state: string; artifacts: Record<string, string> };
          return told.state === 'completed' ? told : undefined;
        },
        JOB_MS,
      );
      const names = await lab.list(bucket);
      expect(names).toHaveLength(5);
      expect(names.every((name) => name.startsWith(`shared/${FOLDER}/`))).toBe(true);
      const meta = JSON.parse(String(await lab.read(bucket, `shared/${FOLDER}/process_meta.json`))) as {
        artifacts: { name: string; url: string; md5: string }[];
      };
      expect(meta.artifacts).toHaveLength(4);
      for (const { url, md5 } of meta.artifacts) {
        const response = await fetch(url);
        expect({ ok: response.ok, md5: response.headers.get('etag') }).toEqual({ ok: true, md5: `"${md5}"` });
      }
      // What the API names is served by the service itself, and does not lapse.
      const picture = await fetch(`${service.url}/api/v1/jobs/j1/artifacts/background.jpg`);
      expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
      expect(JSON.stringify(ended)).not.toMatch(/X-Amz|secret|uploader-password/i);
    },
    JOB_MS,
  );

  it('is answered for in health and by the doctor, with no secret in any log', async () => {
    const health = JSON.stringify(await service.json('/health'));
    expect(health).toContain(`S3 bucket ${bucket}, below shared/`);
    const env = { ...environment(), PATH: process.env['PATH'] };
    const { stdout } = await promisify(execFile)(process.execPath, [CLI, 'doctor'], { env });
    expect(stdout).toMatch(new RegExp(`ok +storage +Artifacts go to the S3 bucket ${bucket}`));
    expect(stdout + service.output + health).not.toMatch(/uploader-password|X-Amz-Signature/);
  });

  it('is told by the doctor what to do about a bucket that is not there', async () => {
    const env = { ...environment(), S3_BUCKET: 'not-there', PATH: process.env['PATH'] };
    const told = promisify(execFile)(process.execPath, [CLI, 'doctor'], { env });
    await expect(told).rejects.toMatchObject({
      stdout: expect.stringMatching(/FAIL +storage .*Make the bucket not-there, or correct S3_BUCKET/),
    });
  });
});
