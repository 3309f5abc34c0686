import { execFile } from 'node:child_process';
import { mkdir, readdir, stat, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { joinPieces } from '../../src/capture/recording/join-pieces.js';
import { RecordingTap } from '../../src/capture/recording/recording-tap.js';
import { SEGMENT_BOUNDS } from '../../src/capture/segment/segment-bounds.js';
import { SegmentTools } from '../../src/capture/segment/segment-tools.js';
import { OutboundPolicy } from '../../src/outbound/outbound-policy.js';
import { SegmentFinisher } from '../../src/recording/pieces/segment-finisher.js';
import { CaptureBench } from '../support/capture-bench.js';
import { eventually } from '../support/eventually.js';
import { HlsMedia } from '../support/hls-media.js';
import { HlsOrigin } from '../support/hls-origin.js';
import { SmallDisk } from '../support/small-disk.js';
import { useFolder } from '../support/use-folder.js';
import { HeardEvents } from './replica.js';

const NEVER = new AbortController().signal;
const LENGTH_MS = 600_000;
const LONG_AGO_S = Math.floor((Date.now() - 10 * LENGTH_MS) / LENGTH_MS) * (LENGTH_MS / 1000);
const PIECE = `${LONG_AGO_S}-aa.ts`;

const probe = SmallDisk.mount(1_000_000);
probe?.unmount();

// Where nothing can be mounted there is no disk to be filled.
const folder = useFolder('full-disk', 'suite');

(probe === undefined ? describe.skip : describe)('on a full disk', () => {
  let bench: CaptureBench;
  let disk: SmallDisk | undefined;

  beforeAll(async () => {
    bench = await CaptureBench.open();
    const picture = [
      '-f',
      'lavfi',
      '-i',
      'testsrc2=s=320x240:r=10:d=20',
      '-c:v',
      'libx264',
      '-g',
      '10',
      '-b:v',
      '600k',
    ];
    await promisify(execFile)('ffmpeg', ['-v', 'error', ...picture, folder.at(PIECE)]);
  }, 60_000);

  afterEach(() => {
    disk?.unmount();
    disk = undefined;
  });

  afterAll(() => bench.close());

  const mount = (bytes: number): string => {
    disk = SmallDisk.mount(bytes);
    return (disk as SmallDisk).folder;
  };

  it('no piece is given up for a file whose end found no room', async () => {
    const whole = folder.at('whole.mp4');
    await joinPieces(bench.build, { pieces: [PIECE], list: folder.at('list.txt'), output: whole }, NEVER);
    const [piece, joined] = [(await stat(folder.at(PIECE))).size, (await stat(whole)).size];
    const directory = mount(piece + joined - 60_000);
    const pieces = join(directory, 'cam_1', '.recording');
    await mkdir(pieces, { recursive: true });
    await copyFile(folder.at(PIECE), join(pieces, PIECE));
    const events = new HeardEvents();
    const finisher = new SegmentFinisher(
      { directory, lengthMs: LENGTH_MS },
      (files, signal) => joinPieces(bench.build, files, signal),
      events,
    );
    for (let n = 1; n <= 5; n++) {
      finisher.finish('cam_1', undefined, NEVER);
      await eventually('it was tried', () => events.count('failed') + events.count('finished') === n);
    }
    expect(events.count('failed')).toBe(5);
    expect(events.heard[0]).toContain('The disk is full');
    expect(await readdir(join(directory, 'cam_1'))).toEqual(['.recording']);
    expect(await readdir(pieces)).toEqual([PIECE]);
  }, 60_000);

  it('a video made small without its end is not sent', async () => {
    const tools = new SegmentTools(bench.proxy, new OutboundPolicy([]), bench.build.path, SEGMENT_BOUNDS);
    const source = { kind: 'file', path: folder.at(PIECE) } as const;
    const target = join(mount(40_000), 'small.mp4');
    const facts = await tools.probe(source, NEVER);
    await expect(tools.shrink(source, facts, target, NEVER)).rejects.toMatchObject({ code: 'SEGMENT_NO_ROOM' });
  }, 60_000);

  it('a recording ends and says why', async () => {
    const media = await HlsMedia.make(['day']);
    const origin = await HlsOrigin.start(media);
    const allowed = await CaptureBench.open({ allow: `127.0.0.1:${origin.port}` });
    const request = { url: origin.url('/day/index.m3u8'), folder: mount(8_192), run: 'aa', pieceMs: 60_000 };
    const recording = new RecordingTap(allowed.guarded).record(request, () => undefined, NEVER);
    await expect(recording).rejects.toMatchObject({ code: 'DISK_FULL' });
    await allowed.close();
    await origin.stop();
    await media.remove();
  }, 60_000);
});
