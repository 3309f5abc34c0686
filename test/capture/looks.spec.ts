import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { extractBackground } from '../../src/background/extract.js';
import { withoutRepeats } from '../../src/background/view/repeats.js';
import { CaptureBench } from '../support/capture-bench.js';
import { HlsMedia } from '../support/hls-media.js';
import { HlsOrigin } from '../support/hls-origin.js';

const STILL = ['still', 'still-clock', 'still-coarse', 'slate', 'bars'];
const QUIET = ['quiet-day', 'quiet-night', 'quiet-coarse'];

let media: HlsMedia;
let origin: HlsOrigin;
let bench: CaptureBench;
const never = new AbortController().signal;

beforeAll(async () => {
  media = await HlsMedia.make(['vod', 'wide', 'doubled', ...STILL, ...QUIET]);
  origin = await HlsOrigin.start(media);
  bench = await CaptureBench.open({ allow: `127.0.0.1:${origin.port}` });
}, 120_000);

afterAll(async () => {
  await bench.close();
  await origin.stop();
  await media.remove();
});

function sendPlaylist(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'application/vnd.apple.mpegurl' }).end(text);
}

/** Segments `from` to `until` of the clip `vod`, as a live playlist shows them. */
function window(from: number, until: number, sequence = from): string {
  const names = Array.from({ length: until - from }, (_, i) => `#EXTINF:1,\n/vod/index${from + i}.ts\n`);
  return `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:${sequence}\n${names.join('')}`;
}

/** A live playlist in which a further segment is ready with every answer. */
function grows(path: string, sequence: (answers: number) => string | number): void {
  let answers = 0;
  origin.on(path, (_request, response) => {
    const answer = sequence(answers++);
    if (typeof answer === 'number') response.writeHead(answer).end();
    else sendPlaylist(response, answer);
  });
}

describe('a stream that breaks off is taken up again', () => {
  it('when the packager restarts, and its numbers begin anew', async () => {
    // First segments 2 to 5 as 102 to 105; then 6, 7, … from number 0 on.
    grows('/restarts.m3u8', (n) => {
      return n < 2 ? window(2 + n, 5 + n, 102 + n) : window(Math.min(6 + n - 2, 9), Math.min(9 + n - 2, 12), n - 2);
    });
    const { look } = await bench.watch(origin.url('/restarts.m3u8'), 5);
    expect(look.watchedSeconds).toBeGreaterThan(4.7);
    expect(look.reconnects).toBeGreaterThan(0);
  });

  it.each([403, 404])('when its session ends in %i, from the URL of the job on', async (status) => {
    let [session, shown] = [0, 0];
    origin.on(`/master-${status}.m3u8`, (_request, response) => {
      session += 1;
      const [own, until] = [session, shown + 3];
      grows(`/session-${status}-${own}.m3u8`, (n) => {
        if (n > 2) return status;
        shown = Math.min(until + n, 12);
        return window(Math.max(0, shown - 3), shown);
      });
      sendPlaylist(response, `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000\n/session-${status}-${own}.m3u8\n`);
    });
    const { look, timesSeconds } = await bench.watch(origin.url(`/master-${status}.m3u8`), 7);
    expect(look.watchedSeconds).toBeGreaterThan(6.6);
    expect(look.reconnects).toBeGreaterThan(0);
    expect(timesSeconds).toEqual(timesSeconds.toSorted((a, b) => a - b));
  });

  it('when the token that a redirect gave has run out', async () => {
    let [tokens, shown] = [0, 0];
    origin.on('/redirects.m3u8', (_request, response) => {
      const [own, until] = [++tokens, shown + 3];
      grows(`/tokens-${own}.m3u8`, (n) => {
        if (n > 1) return 403;
        shown = Math.min(until + n, 12);
        return window(Math.max(0, shown - 3), shown);
      });
      response.writeHead(302, { location: `/tokens-${own}.m3u8?token=${own}` }).end();
    });
    const { look } = await bench.watch(origin.url('/redirects.m3u8'), 6);
    expect(look.watchedSeconds).toBeGreaterThan(5.7);
  });
});

describe('a stream that ends for good', () => {
  it('is said to be short, and what was seen twice does not count', async () => {
    grows('/over.m3u8', (n) => (n < 2 ? window(0 + n, 3 + n) : 404));
    const captured = await bench.watch(origin.url('/over.m3u8'), 20);
    expect(captured.look).toMatchObject({ askedSeconds: 20, endedByItself: false });
    expect(captured.look.watchedSeconds).toBeLessThan(6);
    const { meta } = await extractBackground(captured, never);
    expect(meta).toMatchObject({ verdict: 'inconclusive', look: { askedSeconds: 20 } });
    expect(meta.doubts).toContain('short_look');
  });

  it('is not asked for again when it is a recording', async () => {
    const before = origin.requests.length;
    const { look } = await bench.watch(origin.url('/vod/index.m3u8'), 20);
    expect(look).toMatchObject({ endedByItself: true, reconnects: 0 });
    expect(look.watchedSeconds).toBeCloseTo(12, 0);
    expect(origin.requests.slice(before).filter((url) => url.endsWith('.m3u8'))).toHaveLength(1);
  });
});

describe('pixels that are not square', () => {
  it('are made square, and the source is named', async () => {
    const captured = await bench.watch(origin.url('/wide/index.m3u8'), 2);
    expect(captured).toMatchObject({ width: 512, height: 288 });
    expect(captured.look.source).toEqual({ width: 352, height: 288, sampleAspectRatio: '16:11' });
    const { meta } = await extractBackground(captured, never);
    expect(meta).toMatchObject({ width: 512, height: 288, source: { sampleAspectRatio: '16:11' } });
  });
});

/** A segment with so many bytes of every tenth packet of video overwritten, from the packet `from` on. */
function damaged(name: string, from: number, every: number): Buffer {
  const bytes = Buffer.from(readFileSync(join(media.folder, 'vod', name)));
  for (let packet = from; packet * 188 < bytes.length; packet += every) {
    const pid = bytes.readUInt16BE(packet * 188 + 1) & 0x1fff;
    if (pid === 256) bytes.fill(0xa5, packet * 188 + 90, packet * 188 + 188);
  }
  return bytes;
}

function serveDamaged(path: string, isDamaged: (segment: number) => boolean): void {
  const names = Array.from({ length: 4 }, (_, i) => `${path}-${i}.ts`);
  names.forEach((name, i) => {
    const whole = readFileSync(join(media.folder, 'vod', `index${i}.ts`));
    const bytes = isDamaged(i) ? damaged(`index${i}.ts`, 8, 7) : whole;
    origin.on(name, (_request, response) => response.writeHead(200).end(bytes));
  });
  const lines = names.map((name) => `#EXTINF:1,\n${name}\n`).join('');
  origin.serve(`${path}.m3u8`, `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n${lines}#EXT-X-ENDLIST\n`);
}

describe('damaged packets', () => {
  it('cost only the frames that they damage, and those predicted from these', async () => {
    serveDamaged('/a-second', (segment) => segment === 1);
    const { look, frames } = await bench.watch(origin.url('/a-second.m3u8'));
    expect(look.showsDamaged).toBe(false);
    expect(look.framesDamaged).toBeGreaterThan(8);
    expect(look.framesDamaged).toBeLessThan(20);
    expect(frames.length).toBeLessThanOrEqual(look.framesTaken - look.framesDamaged);
  });

  it('all over the stream make it inconclusive, told as what it is', async () => {
    serveDamaged('/all', () => true);
    const captured = await bench.watch(origin.url('/all.m3u8'));
    const { meta } = await extractBackground(captured, never);
    expect(meta.verdict).toBe('inconclusive');
    expect(meta.doubts).toContain('damaged_frames');
    expect(meta.look.framesDamaged).toBeGreaterThan(45);
  });

  it('are not found in a stream that is whole', async () => {
    expect((await bench.watch(origin.url('/vod/index.m3u8'))).look.framesDamaged).toBe(0);
  });
});

describe('frames that are sent twice', () => {
  it('count once', async () => {
    const captured = await bench.watch(origin.url('/doubled/index.m3u8'), 3);
    const { repeated } = withoutRepeats(captured, 6);
    expect(repeated).toBeGreaterThan(5);
    const { meta, picture } = await extractBackground(captured, never);
    expect(meta.look).toMatchObject({ framesRepeated: repeated, showsRepeats: false });
    // The road is grey, and the car that passed is white.
    expect(picture.rgb.filter((value) => value > 200)).toHaveLength(0);
  });
});

describe('what a stream shows', () => {
  it.each([
    ['still', 'frozen'],
    ['still-clock', 'frozen'],
    ['still-coarse', 'frozen'],
    ['slate', 'slate'],
    ['bars', 'color_bars'],
  ])('is told of %s', async (clip, doubt) => {
    const captured = await bench.watch(origin.url(`/${clip}/index.m3u8`), clip.endsWith('coarse') ? 10 : 6);
    const { meta } = await extractBackground(captured, never);
    expect(meta.verdict).toBe('inconclusive');
    expect(meta.doubts).toContain(doubt);
  });

  it.each(QUIET)('is live where nothing moves but the noise of the sensor: %s', async (clip) => {
    const captured = await bench.watch(origin.url(`/${clip}/index.m3u8`), clip.endsWith('coarse') ? 10 : 6);
    const { meta } = await extractBackground(captured, never);
    expect(meta).toMatchObject({ verdict: 'clear', doubts: [] });
    expect(meta.quality.view.showing).toBe('live');
  });
});
