/** No honest playlist is larger; a day of 2 s segments has 43,200 lines of some 60 bytes. Bytes. */
export const MAX_PLAYLIST_BYTES = 4 * 1024 * 1024;

/** What every playlist begins with; ffmpeg reads nothing else as one. */
export const PLAYLIST_MARK = '#EXTM3U';

/** What is worth knowing about a playlist before ffmpeg reads it. */
export interface PlaylistFindings {
  /** Why it must not reach ffmpeg, or null. */
  readonly objection: string | null;
  /** More may follow: neither a master playlist nor ended. */
  readonly isLive: boolean;
  readonly hasSampleEncryption: boolean;
}

/**
 * Looks through a playlist without parsing it: two parsers never agree, so this one only refuses whole playlists.
 *
 * ffmpeg needs its `httpproxy` protocol to reach https through a proxy, and then also follows `httpproxy://10.0.0.1:6379/`
 * in a playlist, straight to that address and past the proxy. No honest playlist holds the word. Backslashes go first,
 * because ffmpeg drops them from quoted attributes.
 */
export function inspectPlaylist(text: string): PlaylistFindings {
  const isForbidden = text.replaceAll('\\', '').toLowerCase().includes('httpproxy');
  return {
    objection: isForbidden ? 'its playlist leads around the proxy' : null,
    isLive: !text.includes('#EXT-X-ENDLIST') && text.includes('#EXTINF'),
    hasSampleEncryption: /METHOD=\s*SAMPLE-AES/.test(text),
  };
}
