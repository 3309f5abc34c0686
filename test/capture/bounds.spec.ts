import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StoppingError } from '../../src/job/errors.js';
import { CaptureBench, ffmpegChildren } from '../support/capture-bench.js';
import { HlsMedia } from '../support/hls-media.js';
import { HlsOrigin } from '../support/hls-origin.js';

let media: HlsMedia;
let origin: HlsOrigin;
let bench: CaptureBench;

beforeAll(async () => {
  media = await HlsMedia.make(['vod']);
  origin = await HlsOrigin.start(media);
  bench = await CaptureBench.open({ allow: '127.0.0.1' });
}, 60_000);

afterAll(async () => {
  await bench.close();
  await origin.stop();
  await media.remove();
});

/** A path that never answers, and the moment at which it was asked for. */
function silence(path: string): Promise<void> {
  return new Promise((resolve) => origin.on(path, () => resolve()));
}

describe('an abort', () => {
  it.each(['/silent.m3u8', '/silent.ts'])('ends a capture that hangs at %s, with its reason', async (path) => {
    const asked = silence(path);
    origin.serve('/hangs.m3u8', `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n/silent.ts\n#EXT-X-ENDLIST\n`);
    const url = origin.url(path === '/silent.ts' ? '/hangs.m3u8' : path);
    const abort = new AbortController();
    const patient = await CaptureBench.open({ allow: '127.0.0.1', bounds: { rwTimeoutMs: 60_000 } });
    const capture = patient.watch(url, 60, abort.signal);
    await asked;
    expect(ffmpegChildren()).toHaveLength(1);
    const reason = new StoppingError();
    abort.abort(reason);
    await expect(capture).rejects.toBe(reason);
    expect(ffmpegChildren()).toEqual([]);
    await patient.close();
  });

  it('before the start starts nothing', async () => {
    const before = origin.requests.length;
    const reason = new StoppingError();
    await expect(bench.watch(origin.url('/vod/index.m3u8'), 4, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(origin.requests).toHaveLength(before);
  });
});

describe('a capture', () => {
  it('ends at its deadline when the stream never does', async () => {
    const asked = silence('/silent.m3u8');
    const hasty = await CaptureBench.open({ allow: '127.0.0.1', bounds: { rwTimeoutMs: 60_000, graceMs: 500 } });
    const code = hasty.codeOf(origin.url('/silent.m3u8'), 1);
    await asked;
    expect(await code).toBe('transient HLS_TIMEOUT');
    expect(ffmpegChildren()).toEqual([]);
    await hasty.close();
  });

  it('ends when it has used up its bytes', async () => {
    const thrifty = await CaptureBench.open({ allow: '127.0.0.1', budget: { bytesPerSecond: 100 } });
    expect(await thrifty.codeOf(origin.url('/vod/index.m3u8'))).toBe('permanent HLS_LIMIT_EXCEEDED');
    expect(thrifty.report?.exceeded).toBe('maxBytes');
    await thrifty.close();
  });

  it('ends when it has used up its requests', async () => {
    const thrifty = await CaptureBench.open({ allow: '127.0.0.1', budget: { maxRequests: 2 } });
    await thrifty.codeOf(origin.url('/vod/index.m3u8'));
    expect(thrifty.report?.exceeded).toBe('maxRequests');
    await thrifty.close();
  });

  it('never takes more frames than it was told to', async () => {
    const few = await CaptureBench.open({ allow: '127.0.0.1', bounds: { pairs: 4 } });
    expect((await few.watch(origin.url('/vod/index.m3u8'))).frames).toHaveLength(8);
    await few.close();
  });

  it('leaves no connection behind', async () => {
    await bench.watch(origin.url('/vod/index.m3u8'));
    await eventuallyQuiet();
    expect(origin.connections).toBe(0);
  });

  it('says when ffmpeg is missing', async () => {
    const settings = { ...bench.bounds, ffmpeg: { ...bench.build, path: '/nowhere/ffmpeg' } };
    const other = await CaptureBench.open({ allow: '127.0.0.1', build: settings.ffmpeg });
    expect(await other.codeOf(origin.url('/vod/index.m3u8'))).toBe('transient FFMPEG_MISSING');
    await other.close();
  });
});

/** Sockets that were destroyed on one side take a turn of the event loop or two to be gone on the other. */
async function eventuallyQuiet(): Promise<void> {
  while (origin.connections > 0) await new Promise((resolve) => setImmediate(resolve));
}
