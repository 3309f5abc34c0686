import type { Readable } from 'node:stream';
import { MAX_PLAYLIST_BYTES, PLAYLIST_MARK } from '../proxy/playlist-inspection.js';
import { ContentRefusedError } from './content-refused.error.js';

const MARK = Buffer.from(PLAYLIST_MARK, 'latin1');

/** The beginning of a body. */
export interface Head {
  readonly bytes: Buffer;
  /** Then it is all of the body. */
  readonly isPlaylist: boolean;
}

/**
 * Reads enough of a body to tell a playlist, and all of it when it is one.
 * @param hold is told the size of each piece that is kept, before it is
 * @throws ContentRefusedError when a playlist is larger than any honest one; what `hold` throws
 */
export async function readHead(body: Readable, host: string, hold: (bytes: number) => void): Promise<Head> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    hold(chunk.length);
    pieces.push(chunk);
    length += chunk.length;
    if (length >= MARK.length && !beginsWithMark(pieces)) break;
    if (length > MAX_PLAYLIST_BYTES) {
      throw new ContentRefusedError('HLS_PLAYLIST_TOO_LARGE', host, `more than ${MAX_PLAYLIST_BYTES} bytes`);
    }
  }
  return { bytes: Buffer.concat(pieces), isPlaylist: beginsWithMark(pieces) };
}

/** The first piece is enough, but for a server that sends byte by byte. */
function beginsWithMark(pieces: Buffer[]): boolean {
  const [first] = pieces;
  if (first !== undefined && first.length < MARK.length) pieces.splice(0, pieces.length, Buffer.concat(pieces));
  return pieces[0]?.subarray(0, MARK.length).equals(MARK) === true;
}
