import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clipFolder, readClip, renderClip } from '../../demo/clip.js';
import { LiveOrigin } from '../../demo/live-origin.js';
import { sceneOf } from '../../demo/renderer/index.js';
import { useFolder } from '../support/use-folder.js';

/** Short, so that the first playlist already holds two rounds of it. */
const scene = sceneOf({ width: 160, height: 90, seconds: 4, traffic: 0.5 });

const cache = useFolder('clips', 'suite');
let origin: LiveOrigin;

beforeAll(async () => {
  await renderClip(cache.path, scene);
  origin = await LiveOrigin.start(new Map([['cam', await readClip(cache.path, scene)]]));
});

afterAll(() => origin.close());

async function ffmpeg(args: string[]): Promise<{ code: number | null; out: string; complaints: string }> {
  const child = spawn('ffmpeg', ['-hide_banner', '-nostdin', '-loglevel', 'warning', ...args]);
  let [out, complaints] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out, complaints };
}

async function sequenceOf(url: string): Promise<number> {
  const playlist = await (await fetch(url)).text();
  return Number(/#EXT-X-MEDIA-SEQUENCE:(\d+)/.exec(playlist)?.[1]);
}

describe('the live origin of the demo', () => {
  it('is read by ffmpeg over the loop of its clip without a complaint and without a gap', async () => {
    const { code, out, complaints } = await ffmpeg([
      '-i',
      origin.url('cam'),
      '-map',
      '0:v:0',
      '-c',
      'copy',
      '-frames:v',
      '150',
      '-f',
      'framecrc',
      '-',
    ]);
    const stamps = out.match(/^0,.*$/gm)?.map((line) => Number(line.split(',')[2])) ?? [];
    const steps = new Set(stamps.slice(1).map((stamp, i) => stamp - stamps[i]!));
    expect({ code, complaints }).toEqual({ code: 0, complaints: '' });
    expect(stamps.length).toBe(150);
    // 1/25 s in units of 1/90000 s
    expect([...steps]).toEqual([3_600]);
  });

  it('decodes to pictures', async () => {
    const { code, complaints } = await ffmpeg(['-i', origin.url('cam'), '-frames:v', '100', '-f', 'null', '-']);
    expect({ code, complaints }).toEqual({ code: 0, complaints: '' });
  });

  it('moves its window on with the clock and drops what is old', async () => {
    const before = await sequenceOf(origin.url('cam'));
    let now = before;
    while (now === before) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      now = await sequenceOf(origin.url('cam'));
    }
    expect(now).toBe(before + 1);
    expect((await fetch(`http://${origin.host}/cam/${now + 1}.ts`)).status).toBe(200);
    expect((await fetch(`http://${origin.host}/cam/${now + 50}.ts`)).status).toBe(404);
    expect((await fetch(`http://${origin.host}/other/live.m3u8`)).status).toBe(404);
  });

  it('keeps the truth beside the clip, and draws it once only', async () => {
    const { segments, folder } = await readClip(cache.path, scene);
    expect(segments.length).toBe(2);
    expect(folder).toBe(clipFolder(cache.path, scene));
    expect(clipFolder(cache.path, { ...scene, seed: 2 })).not.toBe(folder);
  });
});
