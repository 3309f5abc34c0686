import { spawnSync } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ROAD_DAMAGE } from '../../src/damage/builtin/road-model.js';
import { eventually } from '../support/eventually.js';
import { HlsMedia } from '../support/hls-media.js';
import { HlsOrigin } from '../support/hls-origin.js';
import { Service } from '../support/service.js';
import { canWatch, SystemCalls, watchedBy } from '../support/system-calls.js';
import { useFolder } from '../support/use-folder.js';
import { useRedis } from '../support/use-redis.js';

/** Every call of every thread is written down, which takes its time. */
jest.setTimeout(240_000);
const WATCHED_MS = 180_000;

const watched = canWatch();
if (!watched) {
  console.warn(
    'NOT TESTED: whom the service talks to. It takes strace (Debian: apt-get install strace), and the right to use it.',
  );
}

const { server, redis } = useRedis();
const base = useFolder('talks', 'suite');

(watched ? describe : describe.skip)('a service that is watched', () => {
  let media: HlsMedia;
  let origin: HlsOrigin;

  beforeAll(async () => {
    await Promise.all(['home', 'tmp'].map((name) => mkdir(base.at(name))));
    media = await HlsMedia.make(['vod']);
    origin = await HlsOrigin.start(media);
  }, 60_000);
  afterAll(async () => {
    await origin.stop();
    await media.remove();
  });

  const places = () => ({ HOME: base.at('home'), TMPDIR: base.at('tmp') });

  it('talks to nobody whom its settings do not name, and writes nowhere else', async () => {
    const trace = base.at('service.trace');
    const service = await Service.launch(
      // A person's setting does not turn it on again.
      { REDIS_URL: server.url, OUTBOUND_ALLOW: `127.0.0.1:${origin.port}`, ORT_DISABLE_TELEMETRY: '0', ...places() },
      { under: (program) => watchedBy(trace, ...program) },
    );
    await eventually('it is up', () => service.status().catch(() => undefined), WATCHED_MS);
    const hls = origin.url('/vod/index.m3u8');
    await redis.xadd('stream:preprocess', '*', 'cctvId', 'a', 'hls', hls, 'sec', '2');
    const complete = 'worker_jobs_total{outcome="complete"}';
    await eventually('the job is complete', async () => (await service.metric(complete)) === 1, WATCHED_MS);
    for (const path of ['/health', '/docs', '/metrics']) await fetch(service.url + path);
    const { directory } = service;
    await service.stop();
    // strace pads short numbers.
    const end = new RegExp(`^${service.process.pid ?? 0} +[+]{3} exited`, 'm');
    await eventually('all is written down', async () => end.test(await readFile(trace, 'utf8')));
    const calls = new SystemCalls(trace, directory);
    expect(calls.spokenTo).toEqual([]);
    const own = [directory, '/dev/null', '/dev/tty', '/proc/'];
    expect(calls.written.filter((path) => !own.some((place) => path.startsWith(place)))).toEqual([]);
    // It was really watched: artifacts are among it.
    expect(calls.written).toContainEqual(expect.stringContaining('process_meta.json'));
  });

  it('would have been caught: a runtime that is not silenced writes down what it saw', async () => {
    const trace = base.at('runtime.trace');
    const runtime = createRequire(import.meta.url).resolve('onnxruntime-node');
    const script = `require(${JSON.stringify(runtime)}).InferenceSession.create(${JSON.stringify(ROAD_DAMAGE.file)})`;
    const [command, ...args] = watchedBy(trace, process.execPath, '-e', script);
    spawnSync(command, args, { env: { PATH: process.env['PATH'], ...places() }, cwd: base.path });
    const calls = await eventually('it is written down', () => {
      const seen = new SystemCalls(trace, base.path);
      return seen.written.length > 0 && seen;
    });
    expect(calls.written).toContainEqual(expect.stringContaining(base.at('home')));
  });
});
