/** What can be wrong with an answer itself, wherever it comes from. Each is a code of `capture-errors.ts`, with a cure of its own. */
export type ContentRefusal =
  | 'HLS_PLAYLIST_TOO_LARGE'
  | 'HLS_PLAYLIST_UNSAFE'
  | 'HLS_REDIRECT_UNSAFE'
  | 'HLS_ENCODING'
  | 'HLS_UNPACKS_TOO_LARGE'
  | 'HLS_ENCRYPTED';

/** An answer must not reach ffmpeg for what it is. The message names the host and the reason, never a path or a query. */
export class ContentRefusedError extends Error {
  constructor(
    readonly code: ContentRefusal,
    readonly host: string,
    readonly reason: string,
  ) {
    super(`${host}: ${reason}`);
    this.name = 'ContentRefusedError';
  }
}
