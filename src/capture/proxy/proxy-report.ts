import type { ContentRefusal } from '../web/content-refused.error.js';

/** What may be used up by one session of the guarded proxy. */
export interface SessionLimits {
  /** Bytes of answers. */
  readonly maxBytes: number;
  readonly maxRequests: number;
  /** Requests in flight at once. */
  readonly maxConcurrent: number;
}

/** A target that the policy refused, or an answer that must not reach ffmpeg. */
export interface Refusal {
  readonly code: 'URL_NOT_ALLOWED' | ContentRefusal;
  readonly host: string;
  readonly reason: string;
}

/**
 * What the proxy saw of a capture: a better witness than ffmpeg's words, since it knows every status and every refusal.
 * Plain data; hosts only, no paths and no queries.
 */
export interface ProxyReport {
  readonly requests: number;
  /** Of answers, passed on to ffmpeg. */
  readonly bytes: number;
  /** Answers by HTTP status. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Of the last answer that was no success and no redirect. */
  readonly lastErrorStatus: number | null;
  /** Of the last 429 or 503 that named it, s. */
  readonly retryAfterSeconds: number | null;
  /** The first few. */
  readonly refusals: readonly Refusal[];
  /** Targets that could not be reached, the first few; `code` is Node's, for example `ECONNREFUSED`. */
  readonly failures: readonly { readonly host: string; readonly code: string; readonly isTls: boolean }[];
  /** Requests that got no answer, not even a refusal: given up by ffmpeg, or still waiting. */
  readonly unanswered: number;
  /** Answers that were a playlist. */
  readonly playlists: number;
  /** Live playlists that came again without a change, the longest row of them. */
  readonly unchangedReloads: number;
  /** A playlist asked for sample encryption (DRM), which cannot be decoded. */
  readonly hasSampleEncryption: boolean;
  /** The limit that ended the session. */
  readonly exceeded: keyof SessionLimits | null;
}
