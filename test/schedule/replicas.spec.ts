import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startOfSegmentFile } from '../../src/job/segment.js';
import { toFields } from '../../src/redis/fields.js';
import { eventually } from '../support/eventually.js';
import { HlsMedia } from '../support/hls-media.js';
import { HlsOrigin } from '../support/hls-origin.js';
import { freePort } from '../support/redis-server.js';
import { useFolder } from '../support/use-folder.js';
import { useRedis } from '../support/use-redis.js';

const PROCESS = fileURLToPath(new URL('./replica-process.js', import.meta.url));
const LENGTH_MS = 4_000;
/** Segments of seconds grow old while a lease of 15 s ends. */
const CATCH_UP = 30;
const CAMERAS = ['cam_1', 'cam_2', 'cam_3'];
const WITHIN_MS = 120_000;

/** One replica of the service, with the role `schedule` only. */
class ReplicaProcess {
  output = '';

  constructor(
    readonly child: ChildProcess,
    readonly url: string,
  ) {
    child.stdout?.on('data', (chunk) => (this.output += String(chunk)));
    child.stderr?.on('data', (chunk) => (this.output += String(chunk)));
  }

  /** Cameras that it records now. */
  async active(): Promise<number> {
    const answer = await fetch(`${this.url}/metrics`).catch(() => undefined);
    const line = (await answer?.text())?.split('\n').find((text) => text.startsWith('recording_active '));
    return Number(line?.split(' ')[1] ?? 0);
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill(signal);
    await exited;
  }
}

const { server, redis } = useRedis();
const directory = useFolder('replicas', 'suite');

describe('three replicas that record and schedule', () => {
  let media: HlsMedia;
  let origin: HlsOrigin;
  const replicas: ReplicaProcess[] = [];

  beforeAll(async () => {
    media = await HlsMedia.make(['day']);
    origin = await HlsOrigin.start(media);
    const cameras = CAMERAS.map((cctvId) => ({ cctvId, hls: origin.url('/day/index.m3u8'), record: true }));
    await writeFile(directory.at('cameras.json'), JSON.stringify({ cameras }));
  }, 60_000);

  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.end('SIGKILL')));
    await origin.stop();
    await media.remove();
  });

  async function launch(): Promise<ReplicaProcess> {
    const port = await freePort();
    const env = {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: String(port),
      ROLES: 'schedule',
      REDIS_URL: server.url,
      GEMINI_API_KEY: 'a-key-that-nobody-uses-here',
      CAMERAS_FILE: directory.at('cameras.json'),
      SEGMENTS_DIR: directory.at('segments'),
      ARTIFACTS_DIR: directory.at('artifacts'),
      OUTBOUND_ALLOW: `127.0.0.1:${origin.port}`,
      LOG_PRETTY: 'false',
    };
    const args = [PROCESS, String(LENGTH_MS), String(CATCH_UP)];
    const child = spawn(process.execPath, args, { cwd: directory.path, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const replica = new ReplicaProcess(child, `http://127.0.0.1:${port}`);
    replicas.push(replica);
    return replica;
  }

  /** What lies in the shared folder: `cam_1/20240909T100000Z.mp4`. */
  async function recorded(): Promise<string[]> {
    const found = await Promise.all(
      CAMERAS.map(async (cctvId) => {
        const names = await readdir(directory.at('segments', cctvId)).catch(() => [] as string[]);
        return names.filter((name) => startOfSegmentFile(name) !== undefined).map((name) => `${cctvId}/${name}`);
      }),
    );
    return found.flat().sort();
  }

  async function scheduled(): Promise<string[]> {
    const entries = await redis.xrange('stream:assess', '-', '+');
    return entries.map(([, fields]) => toFields(fields)['video'] ?? '').sort();
  }

  const perCamera = (paths: readonly string[]): number[] =>
    CAMERAS.map((cctvId) => paths.filter((path) => path.startsWith(`${cctvId}/`)).length);

  it('make exactly one job of each camera and segment, also when one of them is killed', async () => {
    await Promise.all([launch(), launch(), launch()]);
    const activity = (): Promise<number[]> => Promise.all(replicas.map((replica) => replica.active()));
    await eventually('each has its share', async () => (await activity()).every((n) => n === 1), WITHIN_MS);
    await eventually('jobs of each', async () => perCamera(await scheduled()).every((n) => n >= 1), WITHIN_MS);

    await replicas[0]?.end('SIGKILL');
    await eventually('others took over', async () => (await activity()).reduce((a, b) => a + b) === 3, WITHIN_MS);
    const before = perCamera(await scheduled());
    await eventually(
      'jobs of each go on',
      async () => perCamera(await scheduled()).every((n, i) => n >= (before[i] ?? 0) + 2),
      WITHIN_MS,
    );

    const files = await recorded();
    await eventually('each file is a job', async () => {
      const jobs = await scheduled();
      return files.every((file) => jobs.includes(file));
    });
    const jobs = await scheduled();
    expect(new Set(jobs).size).toBe(jobs.length);
    expect(await recorded()).toEqual(expect.arrayContaining(jobs));
  }, 300_000);

  it('stop on SIGTERM and leave no ffmpeg behind', async () => {
    await Promise.all(replicas.map((replica) => replica.end('SIGTERM')));
    const asked = origin.requests.length;
    await eventually('nobody is connected', () => origin.connections === 0);
    expect(origin.requests.length - asked).toBeLessThan(10);
    expect(replicas.slice(1).map(({ child }) => child.exitCode ?? child.signalCode)).not.toContain('SIGKILL');
  }, 60_000);
});
