import { readdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { probeFfmpeg } from '../../src/capture/ffmpeg/ffmpeg-probe.js';
import { GuardedProxy } from '../../src/capture/proxy/guarded-proxy.js';
import { OutboundPolicy } from '../../src/outbound/outbound-policy.js';
import { parseOutboundRules } from '../../src/outbound/outbound-rules.js';
import { SEGMENT_BOUNDS, type SegmentBounds } from '../../src/capture/segment/segment-bounds.js';
import type { SegmentSource } from '../../src/capture/segment/segment-source.js';
import { SegmentTools, type ShrunkSegment } from '../../src/capture/segment/segment-tools.js';
import { ffmpegChildren } from '../support/capture-bench.js';
import { FileServer } from '../support/file-server.js';
import { SegmentMedia, streamsOf } from '../support/segment-media.js';
import { useFolder } from '../support/use-folder.js';

const NEVER = new AbortController().signal;

let media: SegmentMedia;
let server: FileServer;
let internal: Server;
let reached = 0;
let proxy: GuardedProxy;
let policy: OutboundPolicy;
let target: string;
const folder = useFolder('shrunk', 'suite');
let ffmpeg: string;

beforeAll(async () => {
  media = await SegmentMedia.make();
  await media.makeFast();
  await Promise.all([media.makeShortened(), media.makeBroken(), media.makeSound(), media.makeSmall(), media.makeTs()]);
  target = folder.at('small.mp4');
  server = await FileServer.start(media.folder);
  internal = createServer((_request, response) => {
    reached += 1;
    response.end('secret');
  });
  await new Promise<void>((resolve) => internal.listen(0, '127.0.0.1', resolve));
  policy = new OutboundPolicy(parseOutboundRules(`127.0.0.1:${server.port}`));
  proxy = new GuardedProxy(policy, { connectTimeoutMs: 2_000 });
  await proxy.listen();
  ffmpeg = (await probeFfmpeg('ffmpeg')).path;
}, 60_000);

afterAll(async () => {
  expect(reached).toBe(0);
  expect(ffmpegChildren()).toEqual([]);
  await proxy.close();
  await server.stop();
  internal.close();
  await media.remove();
});

const tools = (bounds: Partial<SegmentBounds> = {}): SegmentTools =>
  new SegmentTools(proxy, policy, ffmpeg, { ...SEGMENT_BOUNDS, rwTimeoutMs: 2_000, ...bounds });

const file = (name: string): SegmentSource => ({ kind: 'file', path: media.path(name) });
const at = (path: string): SegmentSource => ({ kind: 'url', url: server.url(path) });

async function shrink(source: SegmentSource, bounds: Partial<SegmentBounds> = {}): Promise<ShrunkSegment> {
  const facts = await tools(bounds).probe(source, NEVER);
  return tools(bounds).shrink(source, facts, target, NEVER);
}

/** How a video fails: the kind and code of its error. */
async function failureOf(source: SegmentSource, bounds: Partial<SegmentBounds> = {}): Promise<string> {
  const error: unknown = await shrink(source, bounds).catch((reason: unknown) => reason);
  const { kind, code } = error as { kind?: string; code?: string };
  return `${kind} ${code}`;
}

describe('a recorded segment', () => {
  it('tells how long and how large it is', async () => {
    expect(await tools().probe(file('ok.mp4'), NEVER)).toEqual({ seconds: 12, width: 1280, height: 720 });
  });

  it('becomes one small picture a second, without sound and without what was written in it', async () => {
    expect(await shrink(file('ok.mp4'))).toMatchObject({ seconds: 12, fetchedBytes: undefined });
    const [video, format] = await streamsOf(target);
    expect(video).toMatchObject({ codec_name: 'h264', width: 640, height: 360, r_frame_rate: '1/1', nb_frames: '12' });
    expect(JSON.stringify(format)).not.toContain('instructions');
    expect(await streamsOf(target)).toHaveLength(2);
  });

  it('is not made larger', async () => {
    expect(await shrink(file('small.mp4'))).toMatchObject({ seconds: 3 });
    expect((await streamsOf(target))[0]).toMatchObject({ width: 160, height: 90 });
  });

  it('is made smaller where it is high, not wide', async () => {
    await media.makeTower();
    await shrink(file('tower.mp4'));
    expect((await streamsOf(target))[0]).toMatchObject({ width: 204, height: 1280 });
  });

  it('may be of another container', async () => {
    expect(await shrink(file('ok.ts'))).toMatchObject({ seconds: 12 });
  });

  it('counts as far as it can be decoded', async () => {
    const { seconds } = await shrink(file('shortened.mp4'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThan(12);
  });

  it.each([
    ['broken.mp4', 'permanent SEGMENT_UNREADABLE'],
    ['sound.mp4', 'permanent SEGMENT_NO_VIDEO'],
    ['not-there.mp4', 'transient SEGMENT_MISSING'],
  ])('%s fails as %s', async (name, failure) => {
    expect(await failureOf(file(name))).toBe(failure);
  });

  it('is refused when it is too long, or its pictures are too large', async () => {
    expect(await failureOf(file('ok.mp4'), { maxSeconds: 11 })).toBe('permanent SEGMENT_TOO_LONG');
    expect(await failureOf(file('ok.mp4'), { maxPixels: 10_000 })).toBe('permanent SEGMENT_PICTURE_TOO_LARGE');
  });

  it('is given up after its time, and its ffmpeg is gone', async () => {
    expect(await failureOf(file('ok.mp4'), { probeMs: 0 })).toBe('transient SEGMENT_TIMEOUT');
    expect(ffmpegChildren()).toEqual([]);
  });

  it('is left when the job is told to end', async () => {
    const reason = new Error('stop');
    const shrunk = tools().shrink(
      file('ok.mp4'),
      { seconds: 12, width: 1, height: 1 },
      target,
      AbortSignal.abort(reason),
    );
    await expect(shrunk).rejects.toBe(reason);
    expect(ffmpegChildren()).toEqual([]);
  });

  it('says no path of this machine in an error', async () => {
    const error = (await shrink(file('broken.mp4')).catch((reason: unknown) => reason)) as Error;
    expect(error.message).toContain('ffmpeg:');
    expect(error.message).not.toContain(media.folder);
  });
});

describe('a script with the name of a video', () => {
  const secret = (): string => `http://127.0.0.1:${(internal.address() as AddressInfo).port}/a.ts`;

  it.each(['playlist.mp4', 'concat.mp4', 'dash.mp4'])('opens neither a file nor the network: %s', async (name) => {
    for (const inside of [media.path('ok.mp4'), `file://${media.path('ok.mp4')}`, secret(), server.url('/fast.mp4')]) {
      const before = server.requests.length;
      await media.makeScripts(inside);
      expect(await failureOf(file(name))).toBe('permanent SEGMENT_UNREADABLE');
      expect(server.requests).toHaveLength(before);
    }
  });

  it.each(['/playlist.mp4', '/concat.mp4'])('nor behind a URL: %s', async (path) => {
    for (const inside of [`file://${media.path('ok.mp4')}`, secret()]) {
      await media.makeScripts(inside);
      expect(await failureOf(at(path))).toMatch(/^permanent (SEGMENT_UNREADABLE|URL_NOT_ALLOWED)$/);
    }
  });
});

describe('a segment behind a URL', () => {
  it.each(['/fast.mp4', '/ok.mp4?token=secret', '/ok.ts'])('is read through the proxy: %s', async (path) => {
    const { seconds, fetchedBytes } = await shrink(at(path));
    expect(seconds).toBe(12);
    expect(fetchedBytes).toBeGreaterThan(100_000);
  });

  it.each([
    ['/status/403/a.mp4', 'permanent SEGMENT_FORBIDDEN'],
    ['/status/404/a.mp4', 'transient SEGMENT_MISSING'],
    ['/status/410/a.mp4', 'permanent SEGMENT_GONE'],
    ['/status/429/a.mp4', 'rate_limited SEGMENT_RATE_LIMITED'],
    ['/status/503/a.mp4', 'transient SEGMENT_SERVER_ERROR'],
    ['/cut/fast.mp4', 'transient SEGMENT_CUT'],
    ['/sound.mp4', 'permanent SEGMENT_NO_VIDEO'],
    ['/broken.mp4', 'permanent SEGMENT_UNREADABLE'],
    ['/redirect?file:///etc/passwd', 'permanent SEGMENT_CONTENT_REFUSED'],
  ])('%s fails as %s', async (path, failure) => expect(await failureOf(at(path))).toBe(failure));

  it('is not read beyond its bytes', async () => {
    expect(await failureOf(at('/ok.mp4'), { maxBytes: 50_000 })).toBe('permanent SEGMENT_TOO_LARGE');
  });

  it('does not lead into the network of the worker', async () => {
    const { port } = internal.address() as AddressInfo;
    const redirect = at(`/redirect?http://127.0.0.1:${port}/a.mp4`);
    expect(await failureOf(redirect)).toBe('permanent URL_NOT_ALLOWED');
    for (const url of [`http://127.0.0.1:${port}/a.mp4`, `http://localhost:${port}/a.mp4`, 'file:///etc/passwd']) {
      expect(await failureOf({ kind: 'url', url })).toBe('permanent URL_NOT_ALLOWED');
    }
  });

  it('leaves nothing but the small one', async () => expect(await readdir(folder.path)).toEqual(['small.mp4']));
});
