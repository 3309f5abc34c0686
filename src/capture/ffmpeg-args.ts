import type { CaptureRequest } from './frame-source.js';
import type { FfmpegSettings } from './ffmpeg-settings.js';

/** What a playlist may lead to: no file, no pipe, no protocol that reads another URL in disguise. */
const PROTOCOLS = 'http,https,tcp,tls,httpproxy,crypto';

/** What a segment may be; ffmpeg would otherwise try every format it knows on bytes that somebody else chose. */
const FORMATS = 'hls,mpegts,mov,aac,ac3,eac3,mp3,webvtt';

/** Reloads without a new segment before a live playlist counts as frozen; at one per target duration or half of it. */
const FROZEN_AFTER_RELOADS = '5';

/**
 * Arguments of one capture: raw yuv420p frames come out of stdout, words about them (`showinfo`) out of stderr.
 * @param streamIndex which stream of a master playlist to take; null lets ffmpeg take the largest video
 */
export function captureArgs(request: CaptureRequest, settings: FfmpegSettings, streamIndex: number | null): string[] {
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+info'],
    ...networkArgs(request.url, settings, FORMATS),
    // Decoding by one thread costs a tenth less than by two, and slots run side by side anyway.
    ...['-max_pixels', String(settings.maxPixels), '-threads', '1'],
    ...hlsArgs(settings),
    ...['-t', String(request.seconds), '-f', 'hls', '-i', request.url],
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
  return [...networkArgs(url, settings, FORMATS), ...hlsArgs(settings), '-f', 'hls', '-i', url];
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
  const [width, height] = [settings.maxHeight * 2, settings.maxHeight];
  return [
    `select='${pairSelection(seconds, settings.pairs)}'`,
    `scale=w='min(iw,${width})':h='min(ih,${height})':force_original_aspect_ratio=decrease:force_divisible_by=2:out_range=tv`,
    'format=yuv420p',
    'showinfo=checksum=0',
  ].join(',');
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
