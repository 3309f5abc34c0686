import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toFields } from '../../src/redis/fields.js';
import { eventually } from '../support/eventually.js';
import { NOBODY_AT } from '../support/nobody.js';
import { HlsMedia } from '../support/hls-media.js';
import { HlsOrigin } from '../support/hls-origin.js';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';

const STREAM = 'stream:preprocess';
const FILES = [
  'background.jpg',
  'background_meta.json',
  'damage_analysis.json',
  'damage_result.jpg',
  'process_meta.json',
];

const { server, redis } = useRedis();

describe("a job's way through the running service", () => {
  let media: HlsMedia;
  let origin: HlsOrigin;
  let service: Service;

  beforeAll(async () => {
    media = await HlsMedia.make(['vod', 'quiet-day']);
    origin = await HlsOrigin.start(media);
    service = await Service.start({
      REDIS_URL: server.url,
      OUTBOUND_ALLOW: `127.0.0.1:${origin.port},${NOBODY_AT}`,
      // It judges a drawn picture, too, and only what was judged is remembered.
      DAMAGE_DETECTOR: 'classical',
      REDIS_VISIBILITY_TIMEOUT: '5',
      RETRY_BASE_SECONDS: '0.2',
    });
  }, 60_000);

  afterAll(async () => {
    await service.stop();
    await origin.stop();
    await media.remove();
  });

  async function deadLetter(entryId: string | null): Promise<Record<string, string>> {
    return eventually(`${String(entryId)} in the dead-letter stream`, async () => {
      const entries = await redis.xrange(`${STREAM}:dlq`, '-', '+');
      const letters = entries.map(([, fields]) => toFields(fields));
      return letters.find((letter) => letter['roadstream:source'] === entryId);
    });
  }

  it('turns a live camera into five artifacts, acknowledges, and keeps the token in the URL to itself', async () => {
    const hls = origin.url('/live/index.m3u8?token=secret');
    const entryId = await redis.xadd(STREAM, '*', 'cctvId', 'a', 'hls', hls, 'sec', '3', 'enqueuedAt', '1725876000000');
    const folder = join(service.artifacts, 'preprocess', 'a', String(entryId), '20240909T100000Z');
    await eventually('the last artifact', () => stat(join(folder, 'process_meta.json')).catch(() => undefined));
    expect((await readdir(folder)).sort()).toEqual(FILES);
    const meta = await readFile(join(folder, 'process_meta.json'), 'utf8');
    expect(JSON.parse(meta)).toMatchObject({
      job: { cctvId: 'a', sec: 3, enqueuedAt: '2024-09-09T10:00:00.000Z' },
      attempt: 1,
      steps: [{ step: 'capture' }, { step: 'background' }, { step: 'visits' }, { step: 'damage' }],
      artifacts: FILES.slice(0, 4).map((file) => ({ name: expect.stringContaining(file) })),
    });
    await eventually('nothing pending', async () => (await service.status()).pending === 0);
    const [[, result]] = (await redis.xrange(`${STREAM}:results`, '-', '+')) as [[string, string[]]];
    expect(toFields(result)).toMatchObject({ jobId: entryId, cctvId: 'a', attempt: '1', detector: expect.any(String) });
    expect(toFields(result)['artifacts']).toBe(`preprocess/a/${String(entryId)}/20240909T100000Z/`);
    expect(meta + result.join(' ') + service.output).not.toContain('secret');
  });

  it('runs the same job again into the same files', async () => {
    const job = ['cctvId', 'twice', 'jobId', 'j', 'hls', origin.url('/vod/index.m3u8'), 'sec', '2', 'enqueuedAt', '0'];
    for (const run of [1, 2]) {
      await redis.xadd(STREAM, '*', ...job.slice(0, -1), '1725876000000');
      const done = 'worker_jobs_total{outcome="complete"}';
      await eventually(`run ${run}`, async () => ((await service.metric(done)) ?? 0) > run);
    }
    expect(await readdir(join(service.artifacts, 'preprocess', 'twice', 'j'))).toEqual(['20240909T100000Z']);
  });

  it('compares a visit with those before it, of which a job that came twice is one', async () => {
    const hls = origin.url('/quiet-day/index.m3u8');
    const compared: unknown[] = [];
    const scales: unknown[] = [];
    const completed = async () => (await service.metric('worker_jobs_total{outcome="complete"}')) ?? 0;
    for (const [jobId, enqueuedAt, folder] of [
      ['one', '1725876000000', '20240909T100000Z'],
      ['one', '1725876000000', '20240909T100000Z'],
      ['two', '1725883200000', '20240909T120000Z'],
    ] as const) {
      const before = await completed();
      const job = { cctvId: 'again', jobId, hls, sec: '2', enqueuedAt };
      await redis.xadd(STREAM, '*', ...Object.entries(job).flat());
      await eventually(`${jobId} is complete`, async () => (await completed()) > before);
      const file = join(service.artifacts, 'preprocess', 'again', jobId, folder, 'damage_analysis.json');
      const analysis = JSON.parse(await readFile(file, 'utf8')) as { visits: unknown; roadScale: unknown };
      compared.push(analysis.visits);
      scales.push(analysis.roadScale);
    }
    const first = { kept: 0, compared: 0, startedAnew: 'first visit' };
    expect(compared).toMatchObject([first, first, { kept: 1 }]);
    // Nobody can measure a road in two seconds, and each analysis says so.
    expect(scales).toEqual(Array(3).fill({ unknown: expect.stringContaining('vehicles') }));
  });

  it('gives a dead camera its retries, then sets the job aside with the reason', async () => {
    const hls = `http://${NOBODY_AT}/x.m3u8?token=secret`;
    const letter = await deadLetter(await redis.xadd(STREAM, '*', 'cctvId', 'dead', 'hls', hls, 'sec', '2'));
    expect(letter).toMatchObject({
      'roadstream:code': 'HLS_UNREACHABLE',
      'roadstream:step': 'capture',
      'roadstream:attempts': '4',
      hls,
    });
    expect(letter['roadstream:message']).not.toContain('secret');
  });

  it.each<[string, string, (string | Buffer)[]]>([
    [
      'BAD_FIELD',
      'a camera that would climb out of the folder',
      ['cctvId', '../../x', 'hls', 'http://h/x', 'sec', '10'],
    ],
    ['BAD_FIELD', 'seconds that are no number', ['cctvId', 'a', 'hls', 'http://h/x', 'sec', 'abc']],
    ['MISSING_FIELD', 'no URL', ['cctvId', 'a', 'sec', '10']],
    ['NOT_UTF8', 'bytes that are no text', ['cctvId', Buffer.from([0xff, 0xfe]), 'hls', 'http://h/x']],
    [
      'JDK_SERIALIZED',
      'Java-serialised bytes',
      ['cctvId', Buffer.from('aced000574000161', 'hex'), 'hls', 'http://h/x'],
    ],
    ['URL_NOT_ALLOWED', 'a camera on this machine', ['cctvId', 'a', 'hls', 'http://127.0.0.1:1/x.m3u8', 'sec', '10']],
  ])('sets aside at once, as %s, %s', async (code, _what, fields) => {
    const letter = await deadLetter(await redis.xadd(STREAM, '*', ...fields));
    expect(letter).toMatchObject({ 'roadstream:code': code, 'roadstream:attempts': '1' });
    expect(letter['roadstream:message']).toMatch(/[a-z].*\.|\)/);
  });

  it.each([
    ['HLS_NOT_FOUND', '/status/404/x.m3u8'],
    ['HLS_GONE', '/status/410/x.m3u8'],
    ['HLS_FORBIDDEN', '/status/401/x.m3u8'],
    ['HLS_NOT_A_PLAYLIST', '/html/x.m3u8'],
  ])('sets aside after three tries, as %s, a camera that answers so for ever', async (code, path) => {
    const letter = await deadLetter(
      await redis.xadd(STREAM, '*', 'cctvId', 'gone', 'hls', origin.url(path), 'sec', '2'),
    );
    expect(letter).toMatchObject({ 'roadstream:code': code, 'roadstream:attempts': '3' });
  });

  it.each(['404', '410', '401', 'text', 'nothing'])(
    'completes a job whose origin restarts and says %s meanwhile',
    async (said) => {
      let asked = 0;
      origin.on(`/restarts/${said}.m3u8`, (_request, response) => {
        asked += 1;
        if (asked > 2) response.writeHead(302, { location: '/vod/index.m3u8' }).end();
        else if (/\d/.test(said)) response.writeHead(Number(said)).end();
        else response.end(said === 'text' ? 'Starting' : undefined);
      });
      const camera = `restarts_${said}`;
      await redis.xadd(STREAM, '*', 'cctvId', camera, 'hls', origin.url(`/restarts/${said}.m3u8`), 'sec', '2');
      await eventually('the artifacts', () =>
        readdir(join(service.artifacts, 'preprocess', camera)).catch(() => undefined),
      );
      expect(asked).toBe(3);
    },
  );

  it('looks again when the stream broke off, and in the last attempt says how little was watched', async () => {
    const type = { 'content-type': 'application/vnd.apple.mpegurl' };
    const names = [0, 1, 2].map((n) => `#EXTINF:1,\n/vod/index${n}.ts\n`).join('');
    let sessions = 0;
    // Every session ends after its first answer, and none shows more than those before it.
    origin.on('/breaks.m3u8', (_request, master) => {
      const session = `/breaks-${sessions++}.m3u8`;
      let answers = 0;
      origin.on(session, (_again, response) => {
        if (answers++ > 0) return void response.writeHead(404).end();
        response.writeHead(200, type).end(`#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:0\n${names}`);
      });
      master.writeHead(200, type).end(`#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000\n${session}\n`);
    });
    const job = { cctvId: 'short', jobId: 's', hls: origin.url('/breaks.m3u8'), sec: '20', attempt: '2' };
    await redis.xadd(STREAM, '*', ...Object.entries({ ...job, enqueuedAt: '1725876000000' }).flat());
    const result = await eventually('the result', async () => {
      const entries = await redis.xrange(`${STREAM}:results`, '-', '+');
      return entries.map(([, fields]) => toFields(fields)).find(({ jobId }) => jobId === 's');
    });
    expect(result).toMatchObject({ attempt: '4', backgroundVerdict: 'inconclusive', askedSeconds: '20' });
    expect(result['backgroundDoubts']).toContain('short_look');
    expect(Number(result['watchedSeconds'])).toBeLessThan(10);
    expect(await service.metric('worker_job_failures_total{code="HLS_SHORT_LOOK"}')).toBe(1);
    const [askedFor, watched] = ['asked', 'watched'].map((what) => service.metric(`capture_${what}_seconds_total`));
    expect((await askedFor)! - (await watched)!).toBeGreaterThan(20);
    expect(service.output).toMatch(/watchedSeconds/);
    const folder = join(service.artifacts, 'preprocess', 'short', 's', '20240909T100000Z');
    const meta = JSON.parse(await readFile(join(folder, 'process_meta.json'), 'utf8')) as { background: unknown };
    const watchedSeconds = Number(result['watchedSeconds']);
    expect(meta.background).toMatchObject({ verdict: 'inconclusive', askedSeconds: 20, watchedSeconds });
    const background = JSON.parse(await readFile(join(folder, 'background_meta.json'), 'utf8')) as { look: unknown };
    expect(background.look).toMatchObject({ askedSeconds: 20, watchedSeconds });
  });

  it('goes on working after all that', async () => {
    const hls = origin.url('/vod/index.m3u8');
    const entryId = await redis.xadd(`${STREAM}:high`, '*', 'cctvId', 'z', 'hls', hls, 'sec', '2');
    await eventually('the artifacts', () => readdir(join(service.artifacts, 'preprocess', 'z')).catch(() => undefined));
    await eventually('nothing in hand', async () => (await service.status()).jobs.length === 0);
    expect(await readdir(join(service.artifacts, 'preprocess', 'z'))).toEqual([entryId]);
  });
});
