import { hlsInputArgs } from '../ffmpeg/ffmpeg-args.js';
import type { FfmpegSettings } from '../ffmpeg/ffmpeg-settings.js';
import type { OwnHeaders } from '../web/own-headers.js';

/** One run of a recording: where its pieces go. */
export interface RecordingRequest {
  readonly url: string;
  /** The folder that pieces are written to; it has to be there. An absolute path. */
  readonly folder: string;
  /** What follows a piece's start in its name, to tell runs apart: letters and digits. */
  readonly run: string;
  /**
   * A piece ends where the clock passes a whole multiple of this, at the next key frame; whole seconds. ffmpeg sees the
   * clock only when video comes: so it has to be longer than the segments of the stream. ms
   */
  readonly pieceMs: number;
  /** Headers of the camera. */
  readonly own?: OwnHeaders | undefined;
}

/**
 * Arguments that record a stream as it comes, without decoding it: pieces in MPEG-TS called `{start}-{run}.ts`, start in
 * s since the epoch. MPEG-TS because a piece that breaks off can be read up to its last packet. A line comes out of
 * stdout for each piece that is complete. No sound: nobody needs to hear what people on the street say.
 */
export function recordingArgs(request: RecordingRequest, settings: FfmpegSettings): string[] {
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+warning'],
    ...hlsInputArgs(request.url, settings),
    ...['-an', '-sn', '-dn', '-c', 'copy', '-f', 'segment', '-segment_format', 'mpegts'],
    ...['-segment_time', String(request.pieceMs / 1000), '-segment_atclocktime', '1', '-strftime', '1'],
    ...['-segment_list', 'pipe:1', '-segment_list_type', 'flat', `file:${piecePattern(request)}`],
  ];
}

/** A percent sign in the folder's name must not be taken for a part of the time. */
function piecePattern({ folder, run }: RecordingRequest): string {
  return `${folder.replaceAll('%', '%%')}/%s-${run}.ts`;
}

/**
 * Arguments that join pieces to one MP4 that can be played from its first byte on.
 * @param list a file that names the pieces as ffmpeg's `concat` wants it
 */
export function joinArgs(list: string, output: string): string[] {
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+warning'],
    ...['-protocol_whitelist', 'file', '-format_whitelist', 'concat,mpegts', '-f', 'concat', '-i', `file:${list}`],
    ...['-map', '0:v:0', '-c', 'copy', '-movflags', '+faststart', '-f', 'mp4', '-y', `file:${output}`],
  ];
}
