import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { useRedis } from '../support/use-redis.js';

const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

const { server, redis } = useRedis({ flush: true });

describe('roadstream enqueue', () => {
  /** Runs the command and gives what it said, on either output. */
  async function enqueue(...args: string[]): Promise<string> {
    const env = { PATH: process.env.PATH, REDIS_URL: server.url };
    const run = promisify(execFile)(process.execPath, [MAIN, 'enqueue', ...args], { env });
    return run.then(
      ({ stdout, stderr }) => stdout + stderr,
      (error: unknown) => `failed: ${(error as { stderr: string }).stderr}`,
    );
  }

  const entriesOf = async (stream: string) => (await redis.xrange(stream, '-', '+')).map(([, flat]) => flat);

  it('puts a segment to be judged, whose name tells when it began', async () => {
    const said = await enqueue('--cctv', 'cam', '--segment', 'cam/20240909T100000Z.mp4', '--job-id', 'j');
    expect(said).toMatch(/\d+-\d+ in stream:assess\n/);
    expect(said).toContain('GEMINI_API_KEY');
    const [entry] = await entriesOf('stream:assess');
    expect(entry?.slice(0, 8)).toEqual([
      ...['cctvId', 'cam', 'segmentStart', String(Date.UTC(2024, 8, 9, 10))],
      ...['video', 'cam/20240909T100000Z.mp4', 'jobId', 'j'],
    ]);
  });

  it('puts one with its times, urgently', async () => {
    const times = ['--start', '2024-09-09T10:00:00Z', '--end', '2024-09-09T10:10:00Z'];
    await enqueue('--cctv', 'cam', '--segment', 'artifact:a.mp4', ...times, '--urgent');
    const [entry] = await entriesOf('stream:assess:high');
    expect(entry).toEqual(expect.arrayContaining(['2024-09-09T10:00:00Z', '2024-09-09T10:10:00Z', 'artifact:a.mp4']));
  });

  it('still puts a camera to be inspected', async () => {
    expect(await enqueue('--cctv', 'cam', '--hls', 'https://h/a.m3u8', '--sec', '5')).toContain('in stream:preprocess');
    expect((await entriesOf('stream:preprocess'))[0]).toEqual(expect.arrayContaining(['https://h/a.m3u8', '5']));
  });

  it.each([
    [['--segment', '../a.mp4'], 'relative path'],
    [['--segment', 'a.mp4', '--start', 'yesterday'], 'must be a time'],
    [['--segment', 'a.mp4', '--hls', 'https://h/a'], 'cannot be used with'],
    [['--hls', 'https://h/a', '--start', '1'], 'cannot be used with'],
    [[], 'Say what to do'],
  ])('puts nothing for %j', async (args, words) => {
    expect(await enqueue('--cctv', 'cam', ...args)).toMatch(new RegExp(`^failed: .*${words}`, 's'));
    expect(await redis.dbsize()).toBe(0);
  });
});
