import type { ContentRefusal } from '../web/content-refused.error.js';

/** No honest playlist is larger; a day of 2 s segments has 43,200 lines of some 60 bytes. Bytes. */
export const MAX_PLAYLIST_BYTES = 4 * 1024 * 1024;

/** What every playlist begins with; ffmpeg reads nothing else as one. */
export const PLAYLIST_MARK = '#EXTM3U';

/** Why a playlist must not reach ffmpeg: a code of `capture-errors.ts`, and what was seen. */
export type Objection = readonly [code: ContentRefusal, reason: string];

/** What is worth knowing about a playlist before ffmpeg reads it. */
export interface PlaylistFindings {
  /** Why it must not reach ffmpeg, or null. */
  readonly objection: Objection | null;
  /** More may follow: neither a master playlist nor ended. */
  readonly isLive: boolean;
  readonly hasSampleEncryption: boolean;
}

/**
 * Protocols that ffmpeg needs for https, keys and the proxy, and so would also follow in a playlist: straight to
 * `tcp://10.0.0.1:6379`, past the proxy. Not as the end of a longer word, so that `?via=rtsptcp:1` stays allowed.
 */
const WAYS_AROUND = /(?<![a-z0-9+.-])(httpproxy|tcp|tls|crypto)[:+]/i;

/**
 * Looks through a playlist without parsing it: two parsers never agree, so this one only refuses whole playlists that
 * no honest server writes. Backslashes go first, because ffmpeg drops them from quoted attributes.
 */
export function inspectPlaylist(text: string): PlaylistFindings {
  const hasSampleEncryption = /METHOD=\s*"?SAMPLE-AES/.test(text);
  return {
    objection: objectionTo(text) ?? (hasSampleEncryption ? ['HLS_ENCRYPTED', 'its samples are encrypted'] : null),
    isLive: !text.includes('#EXT-X-ENDLIST') && text.includes('#EXTINF'),
    hasSampleEncryption,
  };
}

function objectionTo(text: string): Objection | null {
  const way = WAYS_AROUND.exec(text.replaceAll('\\', ''))?.[0];
  return way === undefined ? null : ['HLS_PLAYLIST_UNSAFE', way.toLowerCase()];
}
