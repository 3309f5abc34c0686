/** What no recorded video can exceed, whatever it is. */
export interface SegmentBounds {
  /** Largest coded picture that is decoded at all, px. */
  readonly maxPixels: number;
  /** More than this is not read of a URL, bytes. */
  readonly maxBytes: number;
  /** Longer videos are refused, s. */
  readonly maxSeconds: number;
  /** Longest silence on a socket, ms. */
  readonly rwTimeoutMs: number;
  /** Longest look at what a video is, by the wall clock, ms. */
  readonly probeMs: number;
  /** Making a video smaller may take as long as the video, and so much more, ms. */
  readonly graceMs: number;
  /** Address space of the child, bytes; null for no limit. */
  readonly memoryBytes: number | null;
}

const MB = 1024 * 1024;

/** Bounds that suit an hour of 4K, which is the most that a question to Gemini holds. */
export const SEGMENT_BOUNDS: SegmentBounds = {
  maxPixels: 4096 * 2304,
  maxBytes: 2000 * MB,
  maxSeconds: 3900,
  rwTimeoutMs: 10_000,
  probeMs: 30_000,
  graceMs: 60_000,
  memoryBytes: 4 * 1024 * MB,
};
