import type { IncomingMessage } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CameraHeaders } from '../../src/cameras/camera-headers.js';
import { FfmpegFrameSource } from '../../src/capture/ffmpeg-frame-source.js';
import { RecordingTap } from '../../src/capture/recording/recording-tap.js';
import { CaptureBench } from '../support/capture-bench.js';
import { HlsMedia } from '../support/hls-media.js';
import { HlsOrigin } from '../support/hls-origin.js';
import { useFolder } from '../support/use-folder.js';

const SECRET = 'Bearer hunter2';

let media: HlsMedia;
let camera: HlsOrigin;
let other: HlsOrigin;
let bench: CaptureBench;
let headers: CameraHeaders;
const folder = useFolder('own-headers', 'suite');

beforeAll(async () => {
  media = await HlsMedia.make(['vod']);
});

beforeEach(async () => {
  camera = await HlsOrigin.start(media);
  other = await HlsOrigin.start(media);
  bench = await CaptureBench.open({ allow: '127.0.0.1' });
  headers = new CameraHeaders([camera.url('')], {
    authorization: SECRET,
    cookie: 'key=k',
    referer: 'https://city.example/',
  });
});

afterEach(async () => {
  await bench.close();
  await camera.stop();
  await other.stop();
});

afterAll(() => media.remove());

/** What requests brought along that this origin got at a path. */
function heard(origin: HlsOrigin, path: string, file: string): IncomingMessage['headers'][] {
  const all: IncomingMessage['headers'][] = [];
  origin.on(path, (request, response) => {
    all.push(request.headers);
    response.writeHead(302, { location: file }).end();
  });
  return all;
}

const playlist = (...urls: string[]): string =>
  `#EXTM3U\n#EXT-X-TARGETDURATION:1\n${urls.map((url) => `#EXTINF:1,\n${url}\n`).join('')}#EXT-X-ENDLIST\n`;

async function watch(url: string, own = headers): Promise<string> {
  const request = { url, seconds: 2 };
  const { signal } = new AbortController();
  const capture = bench.guarded.run(
    request,
    (settings) => new FfmpegFrameSource(settings).capture(request, signal),
    own,
  );
  return capture.then(
    () => 'frames',
    (error: unknown) => `${String(error)} ${String((error as Error).cause)}`,
  );
}

const OWN = { authorization: SECRET, cookie: 'key=k', referer: 'https://city.example/' };

describe('the headers of a camera', () => {
  it('go with every request to the camera, and to the servers named', async () => {
    const own = heard(camera, '/own.ts', '/vod/index0.ts');
    const named = heard(other, '/named.ts', '/vod/index1.ts');
    camera.serve('/index.m3u8', playlist('/own.ts', other.url('/named.ts')));
    const both = new CameraHeaders([camera.url(''), other.url('')], OWN);
    expect(await watch(camera.url('/index.m3u8'), both)).toBe('frames');
    expect(own[0]).toMatchObject(OWN);
    expect(named[0]).toMatchObject(OWN);
  });

  it.each(['a playlist', 'a redirect', 'a redirect of the playlist'])('stay away from where %s leads', async (way) => {
    const stranger = heard(other, '/stranger.ts', '/vod/index0.ts');
    const strangePlaylist: IncomingMessage['headers'][] = [];
    other.on('/index.m3u8', (request, response) => {
      strangePlaylist.push(request.headers);
      response.end(playlist('/stranger.ts', '/vod/index1.ts'));
    });
    camera.on('/hop.ts', (_request, response) =>
      response.writeHead(302, { location: other.url('/stranger.ts') }).end(),
    );
    camera.serve('/direct.m3u8', playlist(other.url('/stranger.ts'), '/vod/index1.ts'));
    camera.serve('/hops.m3u8', playlist('/hop.ts', '/vod/index1.ts'));
    const start = {
      'a playlist': '/direct.m3u8',
      'a redirect': '/hops.m3u8',
      'a redirect of the playlist': `/redirect/a.m3u8?${encodeURIComponent(other.url('/index.m3u8'))}`,
    }[way];
    expect(await watch(camera.url(start ?? ''))).toBe('frames');
    expect(stranger.length).toBeGreaterThan(0);
    expect(JSON.stringify([stranger, strangePlaylist])).not.toMatch(/hunter2|key=k|city/);
  });

  it('stay away from a URL on another server that a job names under the name of the camera', async () => {
    const stranger = heard(other, '/index.m3u8', '/vod/index.m3u8');
    expect(await watch(other.url('/index.m3u8'))).toBe('frames');
    expect(JSON.stringify(stranger)).not.toMatch(/hunter2|key=k|city/);
  });

  it('are joined by cookies of the server', async () => {
    const own = heard(camera, '/own.ts', '/vod/index0.ts');
    camera.on('/index.m3u8', (_request, response) =>
      response.writeHead(200, { 'set-cookie': 'sid=s; Path=/' }).end(playlist('/own.ts', '/vod/index1.ts')),
    );
    expect(await watch(camera.url('/index.m3u8'))).toBe('frames');
    expect(own[0]?.cookie).toBe('key=k; sid=s');
  });

  it('go with recordings, too', async () => {
    const asked = new Promise<IncomingMessage['headers']>((resolve) =>
      camera.on('/index.m3u8', (request, response) => {
        resolve(request.headers);
        response.writeHead(404).end();
      }),
    );
    const request = { url: camera.url('/index.m3u8'), folder: folder.path, run: 'a', pieceMs: 1_000, own: headers };
    const recording = new RecordingTap(bench.guarded).record(request, () => undefined, new AbortController().signal);
    await expect(recording).rejects.toMatchObject({ code: 'HLS_NOT_FOUND' });
    expect(await asked).toMatchObject(OWN);
  });

  it('are in no argument of ffmpeg and no error', async () => {
    let settings = '';
    const request = { url: camera.url('/status/403/index.m3u8'), seconds: 2 };
    const capture = bench.guarded.run(
      request,
      (given) => {
        settings = JSON.stringify(given);
        return new FfmpegFrameSource(given).capture(request, new AbortController().signal);
      },
      headers,
    );
    const error: unknown = await capture.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'HLS_FORBIDDEN' });
    expect(settings + String(error) + String((error as Error).cause) + JSON.stringify(bench.report)).not.toContain(
      'hunter2',
    );
  });
});
