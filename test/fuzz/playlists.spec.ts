import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { HlsMedia } from '../support/hls-media.js';
import { HlsOrigin } from '../support/hls-origin.js';
import { useRedis } from '../support/use-redis.js';
import { endingsOf, INSPECTIONS } from './endings.js';
import { FuzzedService } from './fuzzed-service.js';
import { mutated, mutatedLines } from './mutations.js';
import { examplesOf } from './seed.js';

jest.setTimeout(300_000);

const PLAYLISTS = 36;
const WARM_UP = 6;
const WITHIN_MS = 240_000;
const CLIP = 'low';

/** Lines that send a player elsewhere, or that break its arithmetic. */
const ODD_LINES = [
  '#EXT-X-KEY:METHOD=AES-128,URI="file:///etc/passwd"',
  '#EXT-X-KEY:METHOD=AES-128,URI="data:text/plain;base64,AAAA"',
  '#EXT-X-MAP:URI="file:///etc/passwd"',
  '#EXT-X-BYTERANGE:99999999999@0',
  '#EXT-X-MEDIA-SEQUENCE:18446744073709551616',
  '#EXT-X-TARGETDURATION:0',
  '#EXTINF:-1,',
  '#EXTINF:1e308,',
  '#EXT-X-DISCONTINUITY',
  '#EXT-X-ENDLIST',
  '#EXT-X-STREAM-INF:BANDWIDTH=1',
  '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",URI="http://169.254.169.254/x.m3u8"',
  'file:///etc/passwd',
  'concat:/etc/passwd|/etc/hosts',
  'http://127.0.0.1:1/x.ts',
  '/dead/404/index.m3u8',
  `x${'y'.repeat(3_000)}.ts`,
];

const { server, redis } = useRedis();

describe('playlists and video, however odd', () => {
  let origin: HlsOrigin;
  let service: FuzzedService;

  beforeAll(async () => {
    origin = await HlsOrigin.start(await HlsMedia.make([CLIP]));
    service = await FuzzedService.start({
      REDIS_URL: server.url,
      REDIS_MAX_RETRY: '0',
      MAX_CONCURRENCY: '4',
      CAMERA_DOWN_AFTER_FAILURES: '1000',
      OUTBOUND_ALLOW: `127.0.0.1:${origin.port}`,
    });
  });
  afterAll(async () => {
    await service.stop();
    await origin.stop();
    await origin.media.remove();
  });

  const read = (file: string): Promise<Buffer> => readFile(join(origin.media.folder, CLIP, file));

  /** Serves each at a path of its own and has a job watch it. */
  async function watch(playlists: readonly string[], prefix: string): Promise<string[]> {
    const ids: string[] = [];
    for (const [i, text] of playlists.entries()) {
      origin.serve(`/${CLIP}/${prefix}${i}.m3u8`, text);
      const hls = origin.url(`/${CLIP}/${prefix}${i}.m3u8`);
      ids.push(String(await redis.xadd(INSPECTIONS.stream, '*', 'cctvId', `${prefix}${i}`, 'hls', hls, 'sec', '1')));
    }
    const ended = await endingsOf(redis, INSPECTIONS, ids, WITHIN_MS);
    return ids.flatMap((id, i) => {
      const how = ended.get(id) ?? '';
      return how === 'NOT ENDED' || how === 'UNEXPECTED' ? [`${how}: ${JSON.stringify(playlists[i])}`] : [];
    });
  }

  it('end as jobs done or set aside with a code that says why', async () => {
    const sound = (await read('index.m3u8')).toString();
    const segment = await read('index0.ts');
    const texts = fc.oneof(
      mutatedLines(sound, ODD_LINES),
      mutated(Buffer.from(sound)).map((bytes) => bytes.toString()),
    );
    const playlists = examplesOf(texts, PLAYLISTS);
    // The first segment of some is damaged as well.
    for (const [i, bytes] of examplesOf(mutated(segment, 20), PLAYLISTS / 3).entries()) {
      origin.on(`/${CLIP}/damaged${i}.ts`, (_request, response) => response.end(bytes));
      playlists.push(sound.replace('index0.ts', `damaged${i}.ts`));
    }
    const first = await watch(playlists.slice(0, WARM_UP), 'first');
    await service.markHeap();
    expect([...first, ...(await watch(playlists.slice(WARM_UP), 'odd'))]).toEqual([]);
    expect(await service.harm()).toEqual([]);
  });
});
