import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CaptureBench, ffmpegChildren } from '../support/capture-bench.js';
import { HlsMedia } from '../support/hls-media.js';
import { HlsOrigin } from '../support/hls-origin.js';

let media: HlsMedia;
let origin: HlsOrigin;
let bench: CaptureBench;
let internal: Server;
let reached = 0;

beforeAll(async () => {
  media = await HlsMedia.make(['vod']);
  origin = await HlsOrigin.start(media);
  bench = await CaptureBench.open({ allow: `127.0.0.1:${origin.port}` });
  // It answers everything with good video: an attack that gets through is noticed even where no connection is counted.
  internal = createServer((request, response) => {
    response.end(readFileSync(join(media.folder, 'vod', request.url?.includes('m3u8') ? 'index.m3u8' : 'index0.ts')));
  });
  internal.on('connection', () => (reached += 1));
  await new Promise<void>((resolve) => internal.listen(0, '::', resolve));
}, 60_000);

afterAll(async () => {
  await bench.close();
  await origin.stop();
  internal.closeAllConnections();
  await new Promise((resolve) => internal.close(resolve));
  await media.remove();
});

beforeEach(() => {
  reached = 0;
});

afterEach(() => {
  expect(reached).toBe(0);
  expect(ffmpegChildren()).toEqual([]);
});

/** Ways to write an internal URL; PORT is the internal server's, FILE a video on disk. */
const TARGETS = [
  'http://127.0.0.1:PORT/a.ts',
  'http://localhost:PORT/a.ts',
  'http://2130706433:PORT/a.ts',
  'http://0x7f000001:PORT/a.ts',
  'http://0177.0.0.1:PORT/a.ts',
  'http://127.1:PORT/a.ts',
  'http://0:PORT/a.ts',
  'http://[::1]:PORT/a.ts',
  'http://[::ffff:127.0.0.1]:PORT/a.ts',
  'http://[::ffff:7f00:1]:PORT/a.ts',
  'http://[::]:PORT/a.ts',
  'http://OWN:PORT/a.ts',
  'http://cam:pw@127.0.0.1:PORT/a.ts',
  'http://camera.example\\@127.0.0.1:PORT/a.ts',
  'http://127.0.0.1:PORT#@camera.example/a.ts',
  'http://127%2e0%2e0%2e1:PORT/a.ts',
  'https://127.0.0.1:PORT/a.ts',
  'https://2130706433:PORT/a.ts',
  'https://[::1]:PORT/a.ts',
  'httpproxy://127.0.0.1:PORT/a.ts',
  'httpproxy://127.0.0.1:PORT/camera.example:80',
  'crypto:http://127.0.0.1:PORT/a.ts',
  'crypto+httpproxy://127.0.0.1:PORT/a.ts',
  'tcp://127.0.0.1:PORT',
  'tls://127.0.0.1:PORT',
  'udp://127.0.0.1:PORT',
  'gopher://127.0.0.1:PORT/_GET',
  'ftp://127.0.0.1:PORT/a.ts',
  'rtmp://127.0.0.1:PORT/a',
  'rtsp://127.0.0.1:PORT/a',
  'srt://127.0.0.1:PORT',
  'unix:/run/docker.sock',
  'file://FILE',
  'FILE',
  'concat:http://127.0.0.1:PORT/a.ts|FILE',
  'concatf:http://127.0.0.1:PORT/a.ts',
  'subfile,,start,0,end,0,,:FILE',
  'async:http://127.0.0.1:PORT/a.ts',
  'cache:http://127.0.0.1:PORT/a.ts',
  'tee:http://127.0.0.1:PORT/a.ts',
  'hls+http://127.0.0.1:PORT/a.m3u8',
  'mmsh://127.0.0.1:PORT/a.ts',
  'ffrtmphttp://127.0.0.1:PORT/a',
  'data:application/vnd.apple.mpegurl;base64,I0VYVE0zVQojRVhUSU5GOjEsCmh0dHA6Ly8xMjcuMC4wLjEv',
];

function target(template: string): string {
  const { port } = internal.address() as AddressInfo;
  return template
    .replaceAll('PORT', String(port))
    .replaceAll('FILE', join(media.folder, 'vod', 'index0.ts'))
    .replaceAll('OWN', ownAddress());
}

/** An address of this machine besides loopback, where it has one. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return all.find(({ family, internal: isLoopback }) => family === 'IPv4' && !isLoopback)?.address ?? '127.0.0.2';
}

const HEAD = '#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:1\n';

/** Where a playlist can name a URL. */
const STAGES: Record<string, (url: string) => string> = {
  segment: (url) => `${HEAD}#EXTINF:1,\n${url}\n#EXT-X-ENDLIST\n`,
  'part of a segment': (url) => `${HEAD}#EXTINF:1,\n#EXT-X-BYTERANGE:1000@0\n${url}\n#EXT-X-ENDLIST\n`,
  key: (url) => `${HEAD}#EXT-X-KEY:METHOD=AES-128,URI="${url}"\n#EXTINF:1,\n/vod/index0.ts\n#EXT-X-ENDLIST\n`,
  map: (url) => `${HEAD}#EXT-X-MAP:URI="${url}"\n#EXTINF:1,\n/vod/index0.ts\n#EXT-X-ENDLIST\n`,
  variant: (url) => `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000\n${url}\n`,
  rendition: (url) =>
    `#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="a",URI="${url}"\n` +
    '#EXT-X-STREAM-INF:BANDWIDTH=1000,AUDIO="a"\n/nothing.m3u8\n',
  subtitles: (url) =>
    `#EXTM3U\n#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="s",URI="${url}"\n` +
    '#EXT-X-STREAM-INF:BANDWIDTH=1000,SUBTITLES="s"\n/nothing.m3u8\n',
};

const EVERY_WAY = Object.keys(STAGES).flatMap((stage) => TARGETS.map((template) => [stage, template] as const));

/** What a redirect may name. */
const REDIRECTS = TARGETS.filter((template) => template.includes('://'));

describe('a URL in a message', () => {
  it.each(TARGETS)('is refused before ffmpeg starts: %s', async (template) => {
    expect(await bench.codeOf(target(template))).toBe('permanent URL_NOT_ALLOWED');
  });

  it.each(TARGETS)('leads nowhere even when ffmpeg gets it: %s', async (template) => {
    expect(await bench.codeUnchecked(target(template))).not.toBe('frames');
  });
});

describe('a playlist', () => {
  it.each(EVERY_WAY)('cannot lead inside as %s: %s', async (stage, template) => {
    origin.serve('/attack.m3u8', STAGES[stage]?.(target(template)) ?? '');
    // A map that cannot be had does not keep ffmpeg from decoding the segments of the camera itself.
    const outcome = await bench.codeOf(origin.url('/attack.m3u8'), 1);
    if (stage !== 'map') expect(outcome).not.toBe('frames');
  });

  it('cannot lead inside while it is live', async () => {
    origin.serve('/attack.m3u8', `${HEAD}#EXTINF:1,\n${target('http://127.0.0.1:PORT/a.ts')}\n`);
    expect(await bench.codeOf(origin.url('/attack.m3u8'), 1)).toBe('permanent URL_NOT_ALLOWED');
  });

  it.each([
    ['an escaped letter', (url: string) => STAGES.key?.(url.replace('tcp', 't\\cp'))],
    ['an unquoted attribute', (url: string) => STAGES.key?.(url).replaceAll('"', '')],
    ['a line that ends in a zero byte', (url: string) => `${HEAD}#EXT-X-STREAM-INF:BANDWIDTH=1\0${url}\0`],
    ['a line that ends in a carriage return', (url: string) => STAGES.variant?.(url).replaceAll('\n', '\r')],
    ['a second playlist inside a segment', (url: string) => `${HEAD}#EXTINF:1,\n${nested(url)}\n#EXT-X-ENDLIST\n`],
    ['a playlist of playlists', (url: string) => `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${nested(url)}\n`],
  ])('cannot lead inside by %s', async (_name, write) => {
    for (const template of ['tcp://127.0.0.1:PORT', 'httpproxy://127.0.0.1:PORT/a', 'http://127.0.0.1:PORT/a']) {
      origin.serve('/attack.m3u8', write(target(template)) ?? '');
      expect(await bench.codeOf(origin.url('/attack.m3u8'), 1)).not.toBe('frames');
    }
  });

  it('cannot hide behind compression', async () => {
    const body = gzipSync(STAGES.variant?.(target('tcp://127.0.0.1:PORT')) ?? '');
    origin.on('/packed.m3u8', (_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(body);
    });
    expect(await bench.codeOf(origin.url('/packed.m3u8'))).toBe('permanent HLS_PLAYLIST_UNSAFE');
  });

  it('cannot hide behind bytes that ffmpeg drops as radio metadata', async () => {
    const text = STAGES.variant?.(target('tcp://127.0.0.1:PORT')) ?? '';
    const body = text.replace(/(.{9})/gs, '$1\0');
    origin.on('/radio.m3u8', (_request, response) => response.writeHead(200, { 'icy-metaint': '9' }).end(body));
    expect(await bench.codeOf(origin.url('/radio.m3u8'))).not.toBe('frames');
  });

  it('cannot fill the memory', async () => {
    origin.serve('/endless.m3u8', `${HEAD}${'#EXTINF:1,\n/vod/index0.ts\n'.repeat(300_000)}`);
    expect(await bench.codeOf(origin.url('/endless.m3u8'))).toBe('permanent HLS_PLAYLIST_TOO_LARGE');
  });
});

/** A path of the origin that serves a playlist naming `url`. */
function nested(url: string): string {
  origin.serve('/nested.ts', STAGES.segment?.(url) ?? '');
  return '/nested.ts';
}

describe('a redirect', () => {
  it.each(REDIRECTS)('of the playlist leads nowhere inside: %s', async (template) => {
    const url = origin.url(`/redirect/index.m3u8?${encodeURIComponent(target(template))}`);
    expect(await bench.codeOf(url, 1)).not.toBe('frames');
  });

  it.each(['segment', 'key', 'map', 'variant', 'rendition'])('of a %s leads nowhere inside', async (stage) => {
    for (const template of ['http://127.0.0.1:PORT/a.ts', 'https://[::1]:PORT/a.ts', 'tcp://127.0.0.1:PORT']) {
      const hop = `/redirect/hop?${encodeURIComponent(target(template))}`;
      origin.serve('/attack.m3u8', STAGES[stage]?.(hop) ?? '');
      const outcome = await bench.codeOf(origin.url('/attack.m3u8'), 1);
      if (stage !== 'map') expect(outcome).not.toBe('frames');
    }
  });

  it('that goes in circles ends', async () => {
    const loop = origin.url(`/redirect/index.m3u8?${encodeURIComponent('/redirect/index.m3u8')}`);
    expect(await bench.codeOf(loop)).not.toBe('frames');
  });
});

describe('a name', () => {
  it('that turns from a public address to an internal one between two requests is refused', async () => {
    const answers = [['127.0.0.1'], ['127.0.0.2']];
    const asked: string[] = [];
    const rebinding = await CaptureBench.open({
      allow: `127.0.0.1:${origin.port}`,
      resolver: async (name) => answers[Math.min(asked.push(name), answers.length) - 1] ?? [],
    });
    expect(await rebinding.codeOf(origin.url('/vod/index.m3u8', 'camera.example'))).toBe('permanent URL_NOT_ALLOWED');
    expect(origin.requests.filter((url) => url === '/vod/index.m3u8')).toHaveLength(1);
    await rebinding.close();
  });

  it('is looked up once for each request, by the policy alone', async () => {
    const asked: string[] = [];
    const counting = await CaptureBench.open({
      allow: `camera.example:${origin.port}`,
      resolver: async (name) => (asked.push(name), ['127.0.0.1']),
    });
    expect(await counting.codeOf(origin.url('/vod/index.m3u8', 'camera.example'))).toBe('frames');
    expect(asked).toHaveLength(counting.report?.requests ?? -1);
    await counting.close();
  });

  it.each([
    'http://bücher.example:PORT/a.m3u8',
    'http://１２７.０.０.１:PORT/a.m3u8',
    'http://127。0。0。1:PORT/a.m3u8',
  ])('in letters of any script is refused when it leads inside: %s', async (template) => {
    const unicode = await CaptureBench.open({
      allow: `127.0.0.1:${origin.port}`,
      resolver: async () => ['127.0.0.1'],
    });
    expect(await unicode.codeOf(target(template))).toBe('permanent URL_NOT_ALLOWED');
    const hop = origin.url(`/redirect/index.m3u8?${encodeURIComponent(encodeURI(target(template)))}`);
    expect(await unicode.codeOf(hop)).not.toBe('frames');
    await unicode.close();
  });

  it('with one internal address among public ones is refused', async () => {
    const mixed = await CaptureBench.open({ resolver: async () => ['203.0.114.7', '127.0.0.1'] });
    const { port } = internal.address() as AddressInfo;
    expect(await mixed.codeOf(`http://camera.example:${port}/a.m3u8`)).toBe('permanent URL_NOT_ALLOWED');
    await mixed.close();
  });
});
