import { networkArgs } from '../ffmpeg/ffmpeg-args.js';
import type { SegmentBounds } from './segment-bounds.js';
import type { SegmentSource } from './segment-source.js';
import { withAsciiHost } from '../web/ascii-host.js';

/** How an input is opened: within which bounds and, for a URL, through which proxy. */
export interface InputSettings extends Pick<SegmentBounds, 'maxPixels' | 'maxSeconds' | 'rwTimeoutMs'> {
  /** The guarded proxy with its token; null for a file. */
  readonly proxyUrl: string | null;
}

/**
 * What a recording may be: MP4 and its kin, Matroska and WebM, MPEG-TS. None of these leads to other files or URLs, as
 * playlists and `ffconcat` scripts do, whatever the file is called.
 */
const FORMATS = 'mov,matroska,mpegts';

/** The model looks at one frame a second; more would be thrown away there. */
const FRAMES_PER_SECOND = 1;
const WIDEST_PX = 640;
/** Of a picture on end; one that is as high as it likes would make a file without bounds. */
const HIGHEST_PX = 1280;
const SCALE = `scale=w='min(iw,${WIDEST_PX})':h='min(ih,${HIGHEST_PX})':force_original_aspect_ratio=decrease:force_divisible_by=2`;
/** Of x264: cracks and number plates need not survive, people and cars do. */
const QUALITY = '28';

/** Arguments of a look at what a video is: ffmpeg describes the input and ends for want of an output. */
export function probeArgs(source: SegmentSource, settings: InputSettings): string[] {
  return ['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+info', ...inputArgs(source, settings)];
}

/**
 * Arguments that make a video small: one frame a second, at most 640 px wide and 1280 px high, H.264, without sound, and without what else
 * is written in it (titles, places, chapters). Progress comes out of stdout.
 * @param target an absolute path
 */
export function shrinkArgs(source: SegmentSource, target: string, settings: InputSettings): string[] {
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+warning', '-progress', 'pipe:1'],
    ...inputArgs(source, settings),
    // A capital V: no cover pictures.
    ...['-map', '0:V:0', '-an', '-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1'],
    ...['-vf', `fps=${FRAMES_PER_SECOND},${SCALE}`],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', QUALITY, '-pix_fmt', 'yuv420p', '-threads', '2'],
    ...['-movflags', '+faststart', '-f', 'mp4', '-y', `file:${target}`],
  ];
}

function inputArgs(source: SegmentSource, settings: InputSettings): string[] {
  return [
    ...(source.kind === 'url'
      ? networkArgs(source.url, { ...settings, caFile: null }, FORMATS)
      : ['-protocol_whitelist', 'file', '-format_whitelist', FORMATS]),
    ...['-max_pixels', String(settings.maxPixels), '-threads', '2', '-t', String(settings.maxSeconds)],
    // The scheme keeps a file called `http:…` a file.
    ...['-i', source.kind === 'url' ? withAsciiHost(source.url) : `file:${source.path}`],
  ];
}
