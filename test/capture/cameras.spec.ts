import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { CaptureBench, ffmpegChildren } from '../support/capture-bench.js';
import { HlsMedia } from '../support/hls-media.js';
import { HlsOrigin } from '../support/hls-origin.js';

const CLIPS = ['vod', 'low', 'high', 'odd', 'slow', 'short', 'huge', 'hd709', 'full', 'fmp4', 'hevc', 'audio', 'aes'];

let media: HlsMedia;
let origin: HlsOrigin;
let bench: CaptureBench;

beforeAll(async () => {
  media = await HlsMedia.make(CLIPS);
  origin = await HlsOrigin.start(media);
  bench = await CaptureBench.open({ allow: `127.0.0.1:${origin.port}` });
}, 60_000);

afterAll(async () => {
  await bench.close();
  await origin.stop();
  await media.remove();
});

afterEach(() => expect(ffmpegChildren()).toEqual([]));

/** A playlist of segments of any clip, by path. */
function playlist(...segments: string[]): string {
  const lines = segments.map((segment) => `#EXTINF:1,\n${segment}\n`).join('');
  return `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n${lines}#EXT-X-ENDLIST\n`;
}

/** The encrypted clip with another URL for its key. */
function encrypted(key: string, method = 'AES-128'): string {
  const segments = ['/aes/index0.ts', '/aes/index1.ts', '/aes/index2.ts'];
  return playlist(...segments).replace('#EXTINF', `#EXT-X-KEY:METHOD=${method},URI="${key}"\n#EXTINF`);
}

describe('a camera that works', () => {
  it.each([
    ['a recorded stream', '/vod/index.m3u8'],
    ['a live stream', '/live/index.m3u8'],
    ['segments called .php?', '/php/index.m3u8'],
    ['segments without extension', '/bare/index.m3u8'],
    ['a token in every URL', '/token/index.m3u8?token=secret'],
    ['a redirect', '/redirect/index.m3u8?/vod/index.m3u8'],
    ['AES-128', '/aes/index.m3u8'],
    ['fMP4', '/fmp4/index.m3u8'],
    ['HEVC', '/hevc/index.m3u8'],
  ])('is watched: %s', async (_name, path) => {
    const captured = await bench.watch(origin.url(path));
    expect(captured).toMatchObject({ width: 320, height: 180, sourceFps: 25, fullRange: false });
    expect(captured.frames).toHaveLength(60);
    expect(captured.frames.every((frame) => frame.length === (320 * 180 * 3) / 2)).toBe(true);
  });

  it('is watched with user and password in the URL', async () => {
    const captured = await bench.watch(origin.url('/basic/index.m3u8', 'cam:pw@127.0.0.1'));
    expect(captured.frames).toHaveLength(60);
  });

  it('gives pairs of neighbours, spread over the time asked for', async () => {
    const { timesSeconds } = await bench.watch(origin.url('/vod/index.m3u8'), 12);
    const gaps = timesSeconds.flatMap((time, i) => (i % 2 === 1 ? [time - (timesSeconds[i - 1] ?? 0)] : []));
    expect(gaps.every((gap) => Math.abs(gap - 0.04) < 0.001)).toBe(true);
    const firsts = timesSeconds.filter((_, i) => i % 2 === 0);
    firsts.forEach((time, k) => expect(Math.abs(time - k * 0.4)).toBeLessThan(0.05));
  });

  it('gives neighbours even at one frame a second', async () => {
    const { timesSeconds } = await bench.watch(origin.url('/slow/index.m3u8'), 20);
    expect(timesSeconds).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it('may have one dead segment', async () => {
    origin.serve('/gap.m3u8', playlist('/vod/index0.ts', '/vod/nothing.ts', '/vod/index2.ts', '/vod/index3.ts'));
    expect((await bench.watch(origin.url('/gap.m3u8'))).frames.length).toBeGreaterThan(30);
  });

  it.each([
    ['freezes', '/frozen/index.m3u8'],
    ['goes away', '/ends/index.m3u8'],
  ])('counts by the frames that came when it %s half way', async (_name, path) => {
    const { frames } = await bench.watch(origin.url(path), 6);
    expect(frames.length).toBeGreaterThan(10);
    expect(frames.length).toBeLessThan(60);
  });

  it('loses only the frames after its picture changed size', async () => {
    const segments = ['/low/index0.ts', '/low/index1.ts', '/vod/index2.ts', '/vod/index3.ts'];
    origin.serve('/resize.m3u8', playlist(...segments));
    const captured = await bench.watch(origin.url('/resize.m3u8'));
    expect(captured).toMatchObject({ width: 160, height: 90 });
    expect(captured.frames).toHaveLength(30);
  });

  it('says which colours it uses', async () => {
    expect(await bench.watch(origin.url('/hd709/index.m3u8'))).toMatchObject({ height: 720, colorMatrix: 'bt709' });
    expect(await bench.watch(origin.url('/vod/index.m3u8'))).toMatchObject({ colorMatrix: 'bt601' });
  });

  it('is brought to limited range when it sends full range', async () => {
    expect(await bench.watch(origin.url('/full/index.m3u8'))).toMatchObject({ fullRange: false });
  });
});

describe('a master playlist', () => {
  it('is watched in its largest variant', async () => {
    expect(await bench.watch(origin.url('/master/index.m3u8'))).toMatchObject({ width: 640, height: 360 });
  });

  it('is watched in its largest variant up to the height allowed', async () => {
    const small = await CaptureBench.open({ allow: '127.0.0.1', bounds: { maxHeight: 200 } });
    expect(await small.watch(origin.url('/master/index.m3u8'))).toMatchObject({ width: 320, height: 180 });
    await small.close();
  });

  it('is scaled down when no variant fits', async () => {
    const small = await CaptureBench.open({ allow: '127.0.0.1', bounds: { maxHeight: 60 } });
    expect(await small.watch(origin.url('/vod/index.m3u8'))).toMatchObject({ width: 106, height: 60 });
    await small.close();
  });

  it('is watched in a smaller variant when the largest cannot be decoded', async () => {
    const variants = ['/huge', '/low'].map((clip) => `#EXT-X-STREAM-INF:BANDWIDTH=1000\n${clip}/index.m3u8\n`);
    origin.serve('/mixed.m3u8', `#EXTM3U\n${variants.join('')}`);
    expect(await bench.watch(origin.url('/mixed.m3u8'))).toMatchObject({ width: 160, height: 90 });
  });
});

describe('a camera that fails', () => {
  it.each([
    ['/status/400/index.m3u8', 'doubtful HLS_BAD_REQUEST'],
    ['/status/401/index.m3u8', 'doubtful HLS_FORBIDDEN'],
    ['/status/403/index.m3u8', 'doubtful HLS_FORBIDDEN'],
    ['/status/404/index.m3u8', 'doubtful HLS_NOT_FOUND'],
    ['/status/410/index.m3u8', 'doubtful HLS_GONE'],
    ['/status/408/index.m3u8', 'transient HLS_TIMEOUT'],
    ['/status/429/index.m3u8', 'rate_limited HLS_RATE_LIMITED'],
    ['/status/500/index.m3u8', 'transient HLS_SERVER_ERROR'],
    ['/status/503/index.m3u8', 'transient HLS_SERVER_ERROR'],
    ['/token/index.m3u8', 'doubtful HLS_FORBIDDEN'],
    ['/html/index.m3u8', 'doubtful HLS_NOT_A_PLAYLIST'],
    ['/empty/index.m3u8', 'doubtful HLS_NOT_A_PLAYLIST'],
    ['/audio/index.m3u8', 'permanent HLS_NO_VIDEO'],
    ['/huge/index.m3u8', 'permanent HLS_TOO_LARGE'],
    ['/hang/index.m3u8', 'transient HLS_TIMEOUT'],
    ['/drip/index.m3u8', 'transient HLS_TIMEOUT'],
    ['/dead/404/index.m3u8', 'transient HLS_SEGMENTS_MISSING'],
    ['/dead/503/index.m3u8', 'transient HLS_SEGMENTS_MISSING'],
    ['/many/index.m3u8', 'transient HLS_SEGMENTS_MISSING'],
    ['/short/index.m3u8', 'transient HLS_TOO_FEW_FRAMES'],
  ])('%s ends as %s', async (path, expected) => {
    expect(await bench.codeOf(origin.url(path))).toBe(expected);
  });

  it.each([
    ['a key that is refused', '/status/403/key', 'permanent HLS_ENCRYPTED'],
    ['a key server that is down', '/status/503/key', 'transient HLS_SEGMENTS_MISSING'],
    ['a wrong key', '/low/index0.ts', 'permanent HLS_NO_VIDEO'],
  ])('with %s', async (_name, key, expected) => {
    origin.serve('/encrypted.m3u8', encrypted(key));
    expect(await bench.codeOf(origin.url('/encrypted.m3u8'))).toBe(expected);
  });

  it('with sample encryption', async () => {
    origin.serve('/drm.m3u8', encrypted('/aes/clip.key', 'SAMPLE-AES'));
    expect(await bench.codeOf(origin.url('/drm.m3u8'))).toBe('permanent HLS_ENCRYPTED');
  });

  it('with a master playlist that names itself', async () => {
    const thrifty = await CaptureBench.open({ allow: '127.0.0.1', budget: { maxRequests: 100 } });
    expect(await thrifty.codeOf(origin.url('/loop/index.m3u8'))).toBe('permanent HLS_LIMIT_EXCEEDED');
    await thrifty.close();
  });

  it('with a variant that is missing', async () => {
    origin.serve('/lost.m3u8', '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000\n/status/404/index.m3u8\n');
    expect(await bench.codeOf(origin.url('/lost.m3u8'))).toBe('doubtful HLS_NOT_FOUND');
  });

  it('with a live playlist that froze before it gave enough', async () => {
    const frozen = '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n/short/index0.ts\n';
    origin.serve('/stuck.m3u8', frozen);
    expect(await bench.codeOf(origin.url('/stuck.m3u8'))).toBe('transient HLS_FROZEN');
  });

  it('with nobody listening', async () => {
    const other = await HlsOrigin.start(media);
    const url = other.url('/vod/index.m3u8');
    await other.stop();
    const open = await CaptureBench.open({ allow: '127.0.0.1' });
    expect(await open.codeOf(url)).toBe('transient HLS_UNREACHABLE');
    await open.close();
  });

  it('with a name that nobody knows', async () => {
    const unknown = Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
    const open = await CaptureBench.open({ resolver: () => Promise.reject(unknown) });
    expect(await open.codeOf('http://camera.example/index.m3u8')).toBe('transient HLS_UNREACHABLE');
    await open.close();
  });

  it('never shows a token in its error', async () => {
    const url = origin.url('/status/404/index.m3u8?token=hush', 'cam:hush@127.0.0.1');
    const error = await bench.watch(url).catch((reason: unknown) => reason);
    expect(String(error)).toContain('404');
    expect(String((error as Error).cause)).not.toContain('hush');
    expect(String(error)).not.toContain('hush');
  });
});
