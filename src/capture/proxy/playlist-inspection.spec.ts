import { describe, expect, it } from '@jest/globals';
import { inspectPlaylist } from './playlist-inspection.js';

describe('inspectPlaylist', () => {
  it.each([
    'tcp://10.0.0.1:6379',
    'httpproxy://10.0.0.1/',
    'crypto+http://a/b',
    'crypto:tls://a',
    '#EXT-X-KEY:METHOD=AES-128,URI="tcp://a"',
    '#EXT-X-KEY:METHOD=AES-128,URI="t\\cp://a"',
    '#EXT-X-KEY:METHOD=AES-128,URI=http\\proxy:a',
    '#EXT-X-MEDIA:TYPE=AUDIO,URI=tls:a',
    '#EXTINF:1,\0tcp://a',
  ])('objects to %j', (line) => {
    expect(inspectPlaylist(`#EXTM3U\n${line}\n`).objection).not.toBeNull();
  });

  it.each([
    'segment.ts',
    'https://cam.example/tcp/1.ts',
    'https://cam.example/a.ts?via=rtsptcp:1&tls=1',
    '#EXT-X-KEY:METHOD=AES-128,URI="https://cam.example/crypto.key"',
    '#EXTINF:1,crypto',
  ])('has nothing against %j', (line) => {
    expect(inspectPlaylist(`#EXTM3U\n${line}\n`).objection).toBeNull();
  });

  it('knows sample encryption, which no frame can be decoded from', () => {
    const findings = inspectPlaylist('#EXTM3U\n#EXT-X-KEY:METHOD=SAMPLE-AES,URI="a"\n');
    expect(findings).toMatchObject({ hasSampleEncryption: true, objection: ['HLS_ENCRYPTED', expect.any(String)] });
  });

  it('knows a live playlist from a recording and from a master', () => {
    expect(inspectPlaylist('#EXTM3U\n#EXTINF:1,\na.ts\n').isLive).toBe(true);
    expect(inspectPlaylist('#EXTM3U\n#EXTINF:1,\na.ts\n#EXT-X-ENDLIST\n').isLive).toBe(false);
    expect(inspectPlaylist('#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\na.m3u8\n').isLive).toBe(false);
  });
});
