import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CaptureBench } from '../support/capture-bench.js';
import { HlsMedia } from '../support/hls-media.js';
import { HlsOrigin } from '../support/hls-origin.js';

let media: HlsMedia;
let origin: HlsOrigin;
let bench: CaptureBench;

beforeAll(async () => {
  media = await HlsMedia.make(['vod', 'audio', 'soundFirst', 'oneFile']);
  origin = await HlsOrigin.start(media);
  bench = await CaptureBench.open({ allow: `127.0.0.1:${origin.port}` });
}, 60_000);

afterAll(async () => {
  await bench.close();
  await origin.stop();
  await media.remove();
});

const read = (path: string): Buffer => readFileSync(join(media.folder, path));
const playlist = (segment = (n: number) => `/vod/index${n}.ts`): string =>
  `#EXTM3U\n#EXT-X-VERSION:4\n#EXT-X-TARGETDURATION:1\n${[0, 1, 2, 3, 4].map((n) => `#EXTINF:1,\n${segment(n)}\n`).join('')}#EXT-X-ENDLIST\n`;

/** Sends a playlist of `vod` in some coding. */
function packed(path: string, coding: string, body: Buffer | string): string {
  origin.on(path, (_request, response) => response.writeHead(200, { 'content-encoding': coding }).end(body));
  return origin.url(path);
}

/** Whether ffmpeg alone, without anything of ours, gets pictures. */
function playsInFfmpeg(url: string): Promise<boolean> {
  const args = ['-v', 'error', '-i', url, '-an', '-frames:v', '5', '-f', 'null', '-'];
  return new Promise((resolve) => execFile('ffmpeg', args, (error) => resolve(error === null)));
}

async function playsLikeInFfmpeg(url: string): Promise<void> {
  expect(await playsInFfmpeg(url)).toBe(true);
  expect(await bench.codeOf(url)).toBe('frames');
}

describe('a packed playlist', () => {
  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['GZIP', gzipSync],
    ['identity', Buffer.from],
    ['identity, gzip', gzipSync],
  ])('is unpacked: %s', async (coding, pack) => {
    expect(await bench.codeOf(packed('/packed.m3u8', coding, pack(Buffer.from(playlist()))))).toBe('frames');
  });

  it('is unpacked as a variant, and so are packed segments', async () => {
    packed('/packed.m3u8', 'gzip', gzipSync(playlist((n) => `/packed/${n}.ts`)));
    for (const n of [0, 1, 2, 3, 4]) packed(`/packed/${n}.ts`, 'gzip', gzipSync(read(`vod/index${n}.ts`)));
    origin.serve('/master.m3u8', '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000\n/packed.m3u8\n');
    expect(await bench.codeOf(origin.url('/master.m3u8'))).toBe('frames');
  });

  it('is not asked for', async () => {
    let asked: string | undefined;
    origin.on('/asked.m3u8', ({ headers }, response) => {
      asked = headers['accept-encoding'];
      response.end(playlist());
    });
    expect(await bench.codeOf(origin.url('/asked.m3u8'))).toBe('frames');
    expect(asked).toBeUndefined();
  });

  it.each([
    ['packed twice', 'gzip, gzip', gzipSync(gzipSync('#EXTM3U\n')), 'permanent HLS_ENCODING'],
    ['in a coding nobody knows', 'zstd', Buffer.from('?'), 'permanent HLS_ENCODING'],
    ['that is none', 'gzip', Buffer.from('#EXTM3U\n'), 'permanent HLS_ENCODING'],
    ['a bomb', 'gzip', gzipSync(`#EXTM3U\n${'\n'.repeat(50_000_000)}`), 'permanent HLS_UNPACKS_TOO_LARGE'],
    [
      'a bomb of brotli',
      'br',
      brotliCompressSync(`#EXTM3U\n${'\n'.repeat(50_000_000)}`),
      'permanent HLS_UNPACKS_TOO_LARGE',
    ],
    ['packed, and not said to be', 'identity', gzipSync('#EXTM3U\n'), 'doubtful HLS_NOT_A_PLAYLIST'],
  ])('is refused with a code of its own: %s', async (_name, coding, body, expected) => {
    expect(await bench.codeOf(packed('/odd.m3u8', coding, body))).toBe(expected);
  });
});

describe('a camera that plays in ffmpeg', () => {
  it('plays here: parts of one file, from any of them on', async () => {
    origin.on('/oneFile/index.ts', (request, response) => sendPart(read('oneFile/index.ts'), request, response));
    const text = read('oneFile/index.m3u8').toString();
    await playsLikeInFfmpeg(origin.url('/oneFile/index.m3u8'));
    const later = text
      .replace(/#EXTINF:\S+\n#EXT-X-BYTERANGE:\S+\n\S+\n/, '')
      .replaceAll('\nindex.ts', '\n/oneFile/index.ts');
    origin.serve('/later.m3u8', later);
    await playsLikeInFfmpeg(origin.url('/later.m3u8'));
  });

  it('plays here: sound first in its segments, its variants, its renditions', async () => {
    await playsLikeInFfmpeg(origin.url('/soundFirst/index.m3u8'));
    const video = '#EXT-X-STREAM-INF:BANDWIDTH=500000,RESOLUTION=320x180';
    origin.serve(
      '/first.m3u8',
      `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=64000\n/audio/index.m3u8\n${video}\n/vod/index.m3u8\n`,
    );
    await playsLikeInFfmpeg(origin.url('/first.m3u8'));
    const sound = '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="a",DEFAULT=YES,URI="/audio/index.m3u8"';
    origin.serve('/group.m3u8', `#EXTM3U\n${sound}\n${video},AUDIO="a"\n/vod/index.m3u8\n`);
    await playsLikeInFfmpeg(origin.url('/group.m3u8'));
  });

  it('plays here: segments behind a cookie, with a path, over http', async () => {
    const cookies = ['sid=abc; Path=/guarded/; HttpOnly', 'else=1; Path=/elsewhere', 'far=1; Domain=camera.example'];
    origin.on('/guarded/index.m3u8', (_request, response) => {
      response.writeHead(200, { 'set-cookie': cookies }).end(playlist((n) => `/guarded/${n}.ts`));
    });
    const seen = new Set<string | undefined>();
    for (const n of [0, 1, 2, 3, 4]) {
      origin.on(`/guarded/${n}.ts`, ({ headers }, response) => {
        seen.add(headers.cookie);
        response.writeHead(headers.cookie === undefined ? 403 : 200).end(read(`vod/index${n}.ts`));
      });
    }
    await playsLikeInFfmpeg(origin.url('/guarded/index.m3u8'));
    expect([...seen]).toEqual(['sid=abc']);
  });

  it('plays here: a host written in letters of any script, also behind a redirect', async () => {
    const open = await CaptureBench.open({
      allow: `127.0.0.1:${origin.port}`,
      resolver: async (name) => (name === 'xn--bcher-kva.example' ? ['127.0.0.1'] : []),
    });
    const url = origin.url('/vod/index.m3u8', 'bücher.example');
    expect(await open.codeOf(url)).toBe('frames');
    origin.on('/hop.m3u8', (_request, response) => {
      response.writeHead(302, { location: Buffer.from(url).toString('latin1') }).end();
    });
    expect(await open.codeOf(origin.url('/hop.m3u8', 'bücher.example'))).toBe('frames');
    await open.close();
  });

  it('needs one connection, not one more for each request', async () => {
    await bench.codeOf(origin.url('/vod/index.m3u8'));
    expect(bench.report?.statuses).toEqual({ 200: bench.report?.requests });
  });
});

describe('pictures instead of video', () => {
  it('are told from an address that is not allowed', async () => {
    const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex');
    origin.on('/a.png', (_request, response) => response.end(png));
    origin.serve(
      '/pictures.m3u8',
      playlist(() => '/a.png'),
    );
    expect(await bench.codeOf(origin.url('/pictures.m3u8'))).not.toContain('URL_NOT_ALLOWED');
  });
});

/** Answers as a server of files does. */
function sendPart(file: Buffer, { headers }: IncomingMessage, response: ServerResponse): void {
  const [, first = '0', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? [];
  const end = last === '' ? file.length : Math.min(file.length, Number(last) + 1);
  const range = `bytes ${first}-${end - 1}/${file.length}`;
  response.writeHead(206, { 'content-range': range, 'accept-ranges': 'bytes' }).end(file.subarray(Number(first), end));
}
