import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startOfSegmentFile } from '../../src/job/segment.js';
import { CaptureBench, ffmpegChildren } from '../support/capture-bench.js';
import { eventually } from '../support/eventually.js';
import { HlsMedia } from '../support/hls-media.js';
import { HlsOrigin } from '../support/hls-origin.js';
import { RedisServer } from '../support/redis-server.js';
import { useFolder } from '../support/use-folder.js';
import { useRedis } from '../support/use-redis.js';
import { Replica, type ReplicaOptions } from './replica.js';

const LENGTH_MS = 3_000;
const PATIENCE_MS = 60_000;

const { server, redis } = useRedis({ flush: true });
const folder = useFolder('recording');

describe('recording', () => {
  let media: HlsMedia;
  let origin: HlsOrigin;
  let bench: CaptureBench;
  let directory: string;
  const replicas: Replica[] = [];

  beforeAll(async () => {
    media = await HlsMedia.make(['day', 'audio']);
    origin = await HlsOrigin.start(media);
    bench = await CaptureBench.open({ allow: `127.0.0.1:${origin.port}` });
  }, 60_000);

  beforeEach(() => void (directory = folder.path));

  afterEach(async () => {
    await Promise.all(replicas.splice(0).map((replica) => replica.stop()));
    expect(ffmpegChildren()).toEqual([]);
  });

  afterAll(async () => {
    await bench.close();
    await origin.stop();
    await media.remove();
  });

  function replica(cameras: Record<string, string>, options: Partial<ReplicaOptions> = {}): Replica {
    const made = new Replica({ bench, redisUrl: server.url, directory, cameras, lengthMs: LENGTH_MS, ...options });
    replicas.push(made);
    made.recordings.start();
    return made;
  }

  const day = (): string => origin.url('/day/index.m3u8');

  async function segmentsOf(cctvId: string): Promise<string[]> {
    const names = await readdir(join(directory, cctvId)).catch(() => [] as string[]);
    return names.filter((name) => startOfSegmentFile(name) !== undefined).sort();
  }

  const segments = (cctvId: string, fewest: number): Promise<string[]> =>
    eventually(
      `${fewest} segments of ${cctvId}`,
      async () => {
        const names = await segmentsOf(cctvId);
        return names.length >= fewest && names;
      },
      PATIENCE_MS,
    );

  /** Frames that decode. */
  async function framesOf(cctvId: string, name: string): Promise<number> {
    const args = ['-v', 'error', '-count_frames', '-show_entries', 'stream=nb_read_frames', '-of', 'csv=p=0'];
    const { stdout } = await promisify(execFile)('ffprobe', [...args, join(directory, cctvId, name)]);
    return Number.parseInt(stdout, 10);
  }

  it('gives one file for each stretch of the clock, whole, one after the other', async () => {
    replica({ cam_1: day() });
    const [, second = '', third = ''] = await segments('cam_1', 3);
    const [start = 0, next = 0] = [startOfSegmentFile(second), startOfSegmentFile(third)];
    expect(start % LENGTH_MS).toBe(0);
    expect(next - start).toBe(LENGTH_MS);
    // 3 s at 10 frames a second; cut at key frames, of which there is one a second.
    expect(await framesOf('cam_1', second)).toBeGreaterThanOrEqual(20);
    expect(await framesOf('cam_1', second)).toBeLessThanOrEqual(40);
  }, 60_000);

  it('goes on after the camera was away, and tells both', async () => {
    let away = false;
    origin.on('/shaky/index.m3u8', (_request, response) =>
      away ? response.writeHead(404).end() : response.writeHead(302, { location: day() }).end(),
    );
    const { events } = replica({ cam_1: origin.url('/shaky/index.m3u8') });
    await segments('cam_1', 1);
    away = true;
    for (const pid of ffmpegChildren()) process.kill(pid, 'SIGKILL');
    await eventually('it broke off', () => events.heard.includes('broke cam_1 HLS_NOT_FOUND'));
    away = false;
    await eventually('it goes on', () => events.count('recording cam_1') >= 2, PATIENCE_MS);
    const before = (await segmentsOf('cam_1')).length;
    await segments('cam_1', before + 2);
  }, 90_000);

  it('keeps what a killed ffmpeg wrote: its segment can be read', async () => {
    const { events } = replica({ cam_1: day() });
    await eventually('a piece is there', () => events.heard.includes('recording cam_1'), PATIENCE_MS);
    process.kill(ffmpegChildren()[0] as number, 'SIGKILL');
    await eventually('it broke off', () => events.count('broke cam_1') > 0);
    for (const name of await segments('cam_1', 3)) expect(await framesOf('cam_1', name)).toBeGreaterThan(0);
    expect(events.count('failed')).toBe(0);
  }, 60_000);

  it('ends an ffmpeg to which nothing comes any more, and begins anew', async () => {
    origin.on('/mute/index.m3u8', () => undefined);
    const patience = { silenceMs: 500, pieceMs: 60_000 };
    const { events } = replica({ cam_1: origin.url('/mute/index.m3u8') }, { patience });
    await eventually('it was begun anew', () => events.count('broke cam_1 HLS_TIMEOUT') >= 2, PATIENCE_MS);
  }, 60_000);

  it('never reaches an address that the outbound policy refuses', async () => {
    const strict = await CaptureBench.open();
    const requests = origin.requests.length;
    const { events } = replica({ cam_1: day() }, { bench: strict });
    await eventually('it was refused', () => events.heard.includes('broke cam_1 URL_NOT_ALLOWED'));
    expect(origin.requests).toHaveLength(requests);
    await replicas.splice(0)[0]?.stop();
    await strict.close();
  });

  it('is not led to such an address by a playlist', async () => {
    const secret = await HlsOrigin.start(media);
    const target = secret.url('/day/index.m3u8');
    origin.serve('/trap/index.m3u8', `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${target}\n`);
    const { events } = replica({ cam_1: origin.url('/trap/index.m3u8') });
    await eventually('it broke off', () => events.count('broke cam_1') > 0, PATIENCE_MS);
    expect(secret.requests).toEqual([]);
    await secret.stop();
  }, 60_000);

  it('tells which camera gives no segments, and why', async () => {
    const { recordings } = replica({ cam_1: day(), cam_2: origin.url('/audio/index.m3u8') });
    const late = (): string[] =>
      recordings.overdue(1.75 * LENGTH_MS).map(({ cctvId, because }) => `${cctvId} ${because}`);
    await segments('cam_1', 2);
    await eventually('it is late', () => late().includes('cam_2 HLS_NO_VIDEO'));
  }, 60_000);

  it('goes on through damaged packets', async () => {
    const names = Array.from({ length: 600 }, (_, n) => `index${n}.ts`);
    for (const name of names) origin.on(`/noisy/${name}`, (_request, response) => response.end(noisy(name)));
    const start = Date.now();
    origin.on('/noisy/index.m3u8', (_request, response) => {
      const first = Math.floor((Date.now() - start) / 1000);
      const lines = names.slice(first, first + 4).map((name) => `#EXTINF:1,\n${name}\n`);
      response.end(`#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:${first}\n${lines.join('')}`);
    });
    replica({ cam_1: origin.url('/noisy/index.m3u8') });
    const [, second = ''] = await segments('cam_1', 3);
    expect(await framesOf('cam_1', second)).toBeGreaterThan(10);
  }, 60_000);

  /** A segment of which every twentieth packet is noise, always the same; not those at its very beginning, without which nothing decodes. */
  function noisy(name: string): Buffer {
    const bytes = readFileSync(join(media.folder, 'day', name));
    for (let at = 188 * 9; at + 188 <= bytes.length; at += 188 * 20) {
      for (let i = 0; i < 188; i += 1) bytes[at + i] = (i * 7919 + at) % 251;
    }
    return bytes;
  }

  it('is shared evenly by replicas, and taken over from one that dies', async () => {
    const cameras = { cam_1: day(), cam_2: day() };
    const first = replica(cameras);
    await eventually('the first has both', () => first.recordings.active === 2);
    const second = replica(cameras);
    await eventually('each has one', () => first.recordings.active === 1 && second.recordings.active === 1);
    await eventually(
      'a segment of each',
      async () => {
        const counts = await Promise.all(['cam_1', 'cam_2'].map(async (cctvId) => (await segmentsOf(cctvId)).length));
        return counts.every((count) => count > 0);
      },
      PATIENCE_MS,
    );
    await first.vanish();
    await eventually('the second has both', () => second.recordings.active === 2);
    const before = (await segmentsOf('cam_1')).length;
    await segments('cam_1', before + 2);
    expect([...first.events.heard, ...second.events.heard].filter((event) => event.startsWith('failed'))).toEqual([]);
  }, 90_000);

  it('stops where another replica holds the lease', async () => {
    const first = replica({ cam_1: day() });
    await eventually('it records', () => first.events.heard.includes('recording cam_1'), PATIENCE_MS);
    await redis.set('{stream:test}:recorder:cam_1', 'another');
    await eventually('it stopped', () => first.events.heard.includes('given cam_1'));
    expect(ffmpegChildren()).toEqual([]);
  }, 60_000);

  it('keeps no share for those that said so in a future that the clock was put back from', async () => {
    await redis.zadd('{stream:test}:recorders', Date.now() + 3_600_000, 'dead');
    const first = replica({ cam_1: day(), cam_2: day() });
    await eventually('it has both', () => first.recordings.active === 2);
  }, 60_000);

  it('goes on while Redis is away', async () => {
    const own = await RedisServer.start();
    const first = replica({ cam_1: day() }, { redisUrl: own.url });
    await eventually('it records', () => first.events.heard.includes('recording cam_1'), PATIENCE_MS);
    await own.down('SIGKILL');
    await eventually('it noticed', () => first.events.heard.includes('leases lost'), PATIENCE_MS);
    await segments('cam_1', (await segmentsOf('cam_1')).length + 2);
    await own.up();
    await eventually('it noticed again', () => first.events.heard.includes('leases back'), PATIENCE_MS);
    expect(first.recordings.active).toBe(1);
    await replicas.splice(0)[0]?.stop();
    await own.stop();
  }, 90_000);

  it('joins what an earlier life left, once', async () => {
    const first = replica({ cam_1: day() });
    await eventually('pieces are there', () => first.events.heard.includes('recording cam_1'), PATIENCE_MS);
    await first.stop();
    const pieces = join(directory, 'cam_1', '.recording');
    const left = (await readdir(pieces)).length;
    expect(left).toBeGreaterThan(0);
    const ended = Date.now();
    await eventually('its segment is over', () => Date.now() > ended + LENGTH_MS);
    const second = replica({ cam_1: origin.url('/status/404/index.m3u8') });
    await eventually('it is joined', () => second.events.count('finished cam_1') > 0);
    await eventually('pieces are gone', async () => (await readdir(pieces)).length === 0);
  }, 60_000);

  it('makes its folders itself, also where a percent sign is in the name', async () => {
    directory = join(directory, '100% %s');
    await mkdir(directory);
    replica({ cam_1: day() });
    expect(await segments('cam_1', 1)).toHaveLength(1);
  }, 60_000);
});
