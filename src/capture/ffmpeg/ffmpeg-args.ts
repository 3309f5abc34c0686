import type { CaptureRequest } from '../frame-source.js';
import type { FfmpegSettings } from './ffmpeg-settings.js';
import { withAsciiHost } from '../web/ascii-host.js';

/** What a playlist may lead to: no file, no pipe, no protocol that reads another URL in disguise. */
const PROTOCOLS = 'http,https,tcp,tls,httpproxy,crypto';

/** What a segment may be; ffmpeg would otherwise try every format it knows on bytes that somebody else chose. */
const FORMATS = 'hls,mpegts,mov,aac,ac3,eac3,mp3,webvtt';

/** Reloads without a new segment before a live playlist counts as frozen; at one per target duration or half of it. */
const FROZEN_AFTER_RELOADS = '5';

/** Where a capture begins. */
export interface CaptureStart {
  /** Which stream of a master playlist to take; null lets ffmpeg take the largest video. */
  readonly streamIndex?: number | null;
  /** At the newest segment of a live playlist, for the others were watched before. */
  readonly fromNewest?: boolean;
}

/**
 * Arguments of one capture: raw yuv420p frames come out of stdout, words about them (`showinfo`) out of stderr.
 */
export function captureArgs(
  request: CaptureRequest,
  settings: FfmpegSettings,
  { streamIndex = null, fromNewest = false }: CaptureStart = {},
): string[] {
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+info'],
    ...networkArgs(request.url, settings, FORMATS),
    // Decoding by one thread costs a tenth less than by two, and slots run side by side anyway.
    ...['-max_pixels', String(settings.maxPixels), '-threads', '1'],
    ...hlsArgs(settings),
    ...(fromNewest ? ['-live_start_index', '-1'] : []),
    ...['-t', String(request.seconds), '-f', 'hls', '-i', withAsciiHost(request.url)],
    ...(streamIndex === null ? [] : ['-map', `0:${streamIndex}`]),
    ...['-an', '-sn', '-dn', '-vf', frameFilters(request.seconds, settings)],
    ...(settings.ffmpeg.hasFpsMode ? ['-fps_mode', 'passthrough'] : ['-vsync', 'passthrough']),
    ...['-frames:v', String(settings.pairs * 2), '-pix_fmt', 'yuv420p', '-f', 'rawvideo', 'pipe:1'],
  ];
}

/**
 * Arguments in front of an input that comes over the network: the protocols it may lead to, and the way there.
 * @param formats what it may be, by the names of ffmpeg's demuxers, comma-separated
 */
export function networkArgs(
  url: string,
  settings: Pick<FfmpegSettings, 'proxyUrl' | 'caFile' | 'rwTimeoutMs'>,
  formats: string,
): string[] {
  return [
    ...['-protocol_whitelist', PROTOCOLS, '-format_whitelist', formats],
    ...(settings.proxyUrl === null ? certificateArgs(url, settings) : proxyArgs(settings.proxyUrl)),
    ...['-rw_timeout', String(settings.rwTimeoutMs * 1000)],
  ];
}

/**
 * By itself ffmpeg shows its credentials only when asked, at the price of a connection for each request, and forgets meanwhile
 * which part of a file it wanted: so plain requests bring them along. The proxy hands them on to nobody.
 */
function proxyArgs(proxyUrl: string): string[] {
  const { username, password } = new URL(proxyUrl);
  const credentials = Buffer.from(`${username}:${password}`).toString('base64');
  return ['-http_proxy', proxyUrl, '-headers', `Proxy-Authorization: Basic ${credentials}\r\n`];
}

/**
 * Without the proxy ffmpeg has to check certificates itself. It knows how only while the playlist's own URL is https (it
 * refuses the option for http) and does not for segments: one reason why the proxy does it for every request.
 */
function certificateArgs(url: string, settings: Pick<FfmpegSettings, 'caFile'>): string[] {
  if (!url.toLowerCase().startsWith('https:')) return [];
  return ['-tls_verify', '1', ...(settings.caFile === null ? [] : ['-ca_file', settings.caFile])];
}

/** Arguments that open an HLS URL and read it as it comes; output arguments follow. */
export function hlsInputArgs(url: string, settings: FfmpegSettings): string[] {
  return [...networkArgs(url, settings, FORMATS), ...hlsArgs(settings), '-f', 'hls', '-i', withAsciiHost(url)];
}

/** Options that not every ffmpeg has: distributions patch them in, releases add them. */
function hlsArgs(settings: FfmpegSettings): string[] {
  const wanted = {
    allowed_extensions: 'ALL',
    allowed_segment_extensions: 'ALL',
    extension_picky: '0',
    m3u8_hold_counters: FROZEN_AFTER_RELOADS,
    max_reload: FROZEN_AFTER_RELOADS,
  };
  return Object.entries(wanted).flatMap(([name, value]) =>
    settings.ffmpeg.hlsOptions.includes(name) ? [`-${name}`, value] : [],
  );
}

/** What turns a decoded clip into pairs of frames, in ffmpeg's language. */
export function frameFilters(seconds: number, settings: Pick<FfmpegSettings, 'pairs' | 'maxHeight'>): string {
  return [
    // Of every frame: whether it is a key frame, and what size it has before it is scaled.
    'showinfo=checksum=0',
    `select='${pairSelection(seconds, settings.pairs)}'`,
    `scale=${squarePixels(settings.maxHeight)}:out_range=tv`,
    'format=yuv420p',
    'showinfo=checksum=0',
  ].join(',');
}

/** No camera has pixels further from square than this, in either direction: whoever claims so is not believed. */
const MOST_ASPECT = 4;

/**
 * The size of a picture with square pixels, even and within bounds: as wide as players show it, so that circles stay
 * circles and what is measured in px holds in both directions.
 */
function squarePixels(maxHeight: number): string {
  const wide = `iw*if(between(sar,1/${MOST_ASPECT},${MOST_ASPECT}),sar,1)`;
  const shrunk = `min(1,min(${maxHeight * 2}/(${wide}),${maxHeight}/ih))`;
  // A hair more, so that 319.99999 does not become 318.
  return `w='max(2,2*trunc(${wide}*${shrunk}/2+0.001))':h='max(2,2*trunc(ih*${shrunk}/2+0.001))'`;
}

/**
 * Takes the first frame at or after each of `pairs` times spread over the clip, and the frame that follows it, at any
 * frame rate. Register 0 counts the times that have passed, register 1 says that a partner is due: so frames leave
 * strictly as first, partner, first, partner.
 */
export function pairSelection(seconds: number, pairs: number): string {
  const interval = (seconds / pairs).toFixed(6);
  const isDue = `gte(t,start_t+ld(0)*${interval})`;
  const takeFirst = `1+0*(st(1,1)+st(0,floor((t-start_t)/${interval})+1))`;
  return `if(ld(1),1+0*st(1,0),if(${isDue},${takeFirst},0))`;
}
