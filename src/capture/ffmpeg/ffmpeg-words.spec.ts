import { describe, expect, it } from '@jest/globals';
import { FfmpegWords } from './ffmpeg-words.js';

const FILTER = '[Parsed_showinfo_3 @ 0x55775ab84380] [info] ';
const CONFIG = `${FILTER}config in time_base: 1/90000, frame_rate: 25/1\n`;
const FRAME = 'pts:   3600 pts_time:0.04    pos:     4700 fmt:yuv420p sar:1/1 s:320x180 i:P iskey:0 type:B \n';

function listen(...texts: string[]): FfmpegWords {
  const words = new FfmpegWords(() => {});
  for (const text of texts) words.push(text);
  return words;
}

describe('FfmpegWords', () => {
  it('reads a frame however its line is cut', () => {
    const words = listen(CONFIG, `${FILTER}n:   1 pts: `, FRAME.slice(5));
    expect(words.frames).toEqual([{ time: 0.04, width: 320, height: 180, isSound: true, group: 0 }]);
    expect(words.stream.fps).toBe(25);
  });

  it('reads the line as ffmpeg 7 writes it', () => {
    const line = `${FILTER}n:   0 pts:      0 pts_time:0       duration:   3600 duration_time:0.04    fmt:yuv420p cl:left sar:1/1 s:1920x1080 i:P iskey:1 type:I \n`;
    expect(listen(line).frames).toEqual([{ time: 0, width: 1920, height: 1080, isSound: true, group: 0 }]);
  });

  it('reads range and matrix', () => {
    const words = listen(`${FILTER}color_range:tv color_space:bt709 color_primaries:bt709 color_trc:bt709\n`);
    expect(words.stream).toMatchObject({ colorRange: 'tv', colorSpace: 'bt709' });
  });

  it('notices that the filters were set up anew after frames had come', () => {
    expect(listen(CONFIG, `${FILTER}n: 0 ${FRAME}`, `${FILTER}n: 1 ${FRAME}`).framesBeforeChange).toBeNull();
    expect(listen(CONFIG, `${FILTER}n: 0 ${FRAME}`, CONFIG, `${FILTER}n: 0 ${FRAME}`).framesBeforeChange).toBe(1);
  });

  it('lists the variants of a master playlist, and not the output', () => {
    const words = listen(
      '[info]   Stream #0:0: Video: h264 (High) ([27][0][0][0] / 0x001B), yuv420p, 640x360 [SAR 1:1], 25 fps\n',
      '[info]   Stream #0:1(und): Audio: aac (LC), 48000 Hz\n',
      '[info]   Stream #0:2[0x100](und): Video: h264 (High), yuv420p(tv, bt709), 1920x1080, 25 fps\n',
      '[info]   Stream #0:0: Video: rawvideo (I420 / 0x30323449), yuv420p, 640x360\n',
    );
    expect(words.videoStreams).toEqual([
      { index: 0, width: 640, height: 360 },
      { index: 2, width: 1920, height: 1080 },
    ]);
  });

  it('keeps a bounded, redacted tail', () => {
    const words = listen('[error] http://u:p@cam/a.m3u8?token=x: no\n'.repeat(10_000));
    expect(words.lastWords.length).toBeLessThanOrEqual(16 * 1024);
    expect(words.lastWords).toContain('http://cam/a.m3u8');
    expect(words.lastWords).not.toMatch(/token|u:p/);
  });

  it('does not let one endless line fill the memory', () => {
    const words = listen(...Array.from({ length: 100 }, () => 'x'.repeat(65_536)));
    expect(words.lastWords.length).toBeLessThanOrEqual(16 * 1024);
  });

  it('takes no announcement from the middle of a line', () => {
    expect(listen(`[info]     title : ${FILTER}n: 0 ${FRAME}`).frames).toEqual([]);
  });
});
