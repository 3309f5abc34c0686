import type { IncomingMessage } from 'node:http';
import { Transform, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, type BrotliDecompress, type Gunzip } from 'node:zlib';
import { ContentRefusedError } from './content-refused.error.js';

/** No honest text shrinks to less than a two-hundredth; what a bomb is made of shrinks to a thousandth. */
const MOST_RATIO = 200;
/** So much may come out of anything, however small. Bytes. */
const SMALL_BYTES = 256 * 1024;

const UNPACKERS: Readonly<Record<string, () => Gunzip | BrotliDecompress>> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  deflate: () => createInflate(),
  br: () => createBrotliDecompress(),
};

/** The codings of an answer, without `identity`, which means none. */
export function codingsOf({ headers }: Pick<IncomingMessage, 'headers'>): string[] {
  const named = (headers['content-encoding'] ?? '').toLowerCase().split(',');
  return named.map((coding) => coding.trim()).filter((coding) => coding !== '' && coding !== 'identity');
}

/**
 * The body of an answer as it was before it was packed, read no faster than it is asked for. ffmpeg gets plain bytes: it would
 * unpack some codings itself, behind the back of whoever inspects playlists. Destroy it to let go of the answer.
 * @throws ContentRefusedError HLS_ENCODING: packed twice, in parts, or in a way that is not known. HLS_UNPACKS_TOO_LARGE is
 *   what the stream itself fails with
 */
export function unpacked(answer: IncomingMessage, host: string): Readable {
  const codings = codingsOf(answer);
  if (codings.length === 0) return answer;
  const make = codings.length === 1 ? UNPACKERS[codings[0] ?? ''] : undefined;
  if (make === undefined) throw new ContentRefusedError('HLS_ENCODING', host, `Content-Encoding: ${shown(codings)}`);
  if (answer.statusCode === 206) throw new ContentRefusedError('HLS_ENCODING', host, 'a part of a packed answer');
  return joined(answer, make(), host);
}

/** What goes wrong in one of the streams ends all of them with its reason. */
function joined(answer: IncomingMessage, unpacker: Gunzip | BrotliDecompress, host: string): Readable {
  const guard = new Transform({
    transform: (bytes: Buffer, _encoding, done) => {
      came += bytes.length;
      if (came <= SMALL_BYTES || came <= unpacker.bytesWritten * MOST_RATIO) return done(null, bytes);
      return done(
        new ContentRefusedError('HLS_UNPACKS_TOO_LARGE', host, `${unpacker.bytesWritten} bytes become ${came}`),
      );
    },
  });
  let came = 0;
  answer.once('error', (error) => guard.destroy(error)).once('aborted', () => guard.destroy(new Error('aborted')));
  unpacker.once('error', () =>
    guard.destroy(new ContentRefusedError('HLS_ENCODING', host, 'what says to be packed cannot be unpacked')),
  );
  guard.once('close', () => {
    unpacker.destroy();
    if (!answer.complete) answer.destroy();
  });
  return answer.pipe(unpacker).pipe(guard);
}

/** What a server writes goes into an error message: only what looks like a coding. */
function shown(codings: readonly string[]): string {
  return codings
    .slice(0, 3)
    .map((coding) => coding.replace(/[^a-z0-9-]/g, '?').slice(0, 20))
    .join(', ');
}
