import { describe, expect, it } from '@jest/globals';
import { parseHlsOptions, parseVersion } from './ffmpeg-probe.js';

describe('parseVersion', () => {
  it.each([
    ['ffmpeg version 5.0.1 Copyright (c) 2000-2022', { version: '5.0.1', majorVersion: 5, hasFpsMode: false }],
    ['ffmpeg version 5.1.6-0+deb12u1 Copyright', { version: '5.1.6-0+deb12u1', majorVersion: 5, hasFpsMode: true }],
    ['ffmpeg version 6.1.1-3ubuntu5 Copyright', { version: '6.1.1-3ubuntu5', majorVersion: 6, hasFpsMode: true }],
    ['ffmpeg version n7.1 Copyright', { version: 'n7.1', majorVersion: 7, hasFpsMode: true }],
    ['ffmpeg version 8.0 Copyright', { version: '8.0', majorVersion: 8, hasFpsMode: true }],
    ['ffmpeg version N-118000-gabc Copyright', { version: 'N-118000-gabc', majorVersion: null, hasFpsMode: true }],
    ['something else', { version: 'unknown', majorVersion: null, hasFpsMode: true }],
  ])('reads "%s"', (output, expected) => {
    expect(parseVersion(output)).toEqual(expected);
  });
});

describe('parseHlsOptions', () => {
  it('reads the names of the options', () => {
    const help = [
      'Demuxer hls [Apple HTTP Live Streaming]:',
      'hls demuxer AVOptions:',
      '  -live_start_index  <int>        .D......... segment index (default -3)',
      '  -extension_picky   <boolean>    .D......... Be picky (default true)',
      '     none            0            .D......... a value, not an option',
    ].join('\n');
    expect(parseHlsOptions(help)).toEqual(['live_start_index', 'extension_picky']);
  });

  it('finds nothing when the demuxer is missing', () => {
    expect(parseHlsOptions("Unknown format 'hls'.")).toEqual([]);
  });
});
