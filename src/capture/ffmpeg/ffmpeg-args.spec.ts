import { describe, expect, it } from '@jest/globals';
import { captureArgs, pairSelection } from './ffmpeg-args.js';
import { FFMPEG_DEFAULTS, type FfmpegSettings } from './ffmpeg-settings.js';

const SETTINGS: FfmpegSettings = {
  ...FFMPEG_DEFAULTS,
  ffmpeg: { path: '/usr/bin/ffmpeg', version: '5.1', majorVersion: 5, hlsOptions: [], hasFpsMode: true },
  proxyUrl: 'http://job:token@127.0.0.1:1234',
  caFile: '/ca.pem',
};
const REQUEST = { url: 'https://cam.example/a.m3u8?token=x', seconds: 20 };

/** The value that follows an option. */
function valueOf(args: string[], option: string): string | undefined {
  return args.includes(option) ? args[args.indexOf(option) + 1] : undefined;
}

describe('captureArgs', () => {
  it('leads ffmpeg through the proxy and nowhere else', () => {
    const args = captureArgs(REQUEST, SETTINGS);
    expect(valueOf(args, '-http_proxy')).toBe(SETTINGS.proxyUrl);
    expect(valueOf(args, '-protocol_whitelist')).toBe('http,https,tcp,tls,httpproxy,crypto');
    expect(valueOf(args, '-format_whitelist')?.split(',')).toContain('hls');
  });

  it('leaves certificates to the proxy when there is one', () => {
    expect(captureArgs(REQUEST, SETTINGS)).not.toContain('-tls_verify');
    expect(valueOf(captureArgs(REQUEST, { ...SETTINGS, proxyUrl: null }), '-tls_verify')).toBe('1');
  });

  it('does not check certificates of an http URL, which ffmpeg refuses to be told', () => {
    const request = { ...REQUEST, url: 'http://cam.example/a.m3u8' };
    expect(captureArgs(request, { ...SETTINGS, proxyUrl: null })).not.toContain('-tls_verify');
  });

  it('hands the URL over as one argument after -i', () => {
    const url = 'http://cam.example/a.m3u8?-f=null&x=$(id)';
    expect(valueOf(captureArgs({ ...REQUEST, url }, SETTINGS), '-i')).toBe(url);
  });

  it('gives time-outs in µs', () => {
    expect(valueOf(captureArgs(REQUEST, { ...SETTINGS, rwTimeoutMs: 8_000 }), '-rw_timeout')).toBe('8000000');
  });

  it('never uses -reconnect, which outlasts every time-out', () => {
    expect(captureArgs(REQUEST, SETTINGS).join(' ')).not.toContain('-reconnect');
  });

  it('uses only those HLS options that this ffmpeg has', () => {
    const ffmpeg = { ...SETTINGS.ffmpeg, hlsOptions: ['extension_picky', 'live_start_index'] };
    const args = captureArgs(REQUEST, { ...SETTINGS, ffmpeg });
    expect(valueOf(args, '-extension_picky')).toBe('0');
    expect(args).not.toContain('-m3u8_hold_counters');
    expect(args).not.toContain('-live_start_index');
  });

  it('calls the frame rate mode as the release does', () => {
    const old = { ...SETTINGS, ffmpeg: { ...SETTINGS.ffmpeg, hasFpsMode: false } };
    expect(valueOf(captureArgs(REQUEST, SETTINGS), '-fps_mode')).toBe('passthrough');
    expect(valueOf(captureArgs(REQUEST, old), '-vsync')).toBe('passthrough');
  });

  it('takes the largest video unless it is told which stream', () => {
    expect(captureArgs(REQUEST, SETTINGS)).not.toContain('-map');
    expect(valueOf(captureArgs(REQUEST, SETTINGS, { streamIndex: 3 }), '-map')).toBe('0:3');
  });

  it('bounds the number of frames', () => {
    expect(valueOf(captureArgs(REQUEST, { ...SETTINGS, pairs: 12 }), '-frames:v')).toBe('24');
  });
});

describe('pairSelection', () => {
  it('spreads the pairs evenly over the seconds', () => {
    expect(pairSelection(20, 40)).toContain('start_t+ld(0)*0.500000');
  });
});
