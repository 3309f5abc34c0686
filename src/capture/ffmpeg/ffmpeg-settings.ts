/**
 * All that a capture needs besides its request. Plain data, so that it can be posted to a worker thread.
 * `FFMPEG_DEFAULTS` gives the bounds; `probeFfmpeg` the rest.
 */
export interface FfmpegSettings extends FfmpegBounds {
  readonly ffmpeg: FfmpegBuild;
  /** The guarded proxy of this capture, with its token: `http://job:token@127.0.0.1:port`. Null: straight to the network. */
  readonly proxyUrl: string | null;
  /** PEM file of the certificate authorities to trust; null leaves it to ffmpeg's TLS library. */
  readonly caFile: string | null;
}

/** What no stream can exceed, whatever it does. */
export interface FfmpegBounds {
  /** Pairs of neighbouring frames to take; no capture returns more than twice as many frames. */
  readonly pairs: number;
  /** Largest coded picture that is decoded at all, px. */
  readonly maxPixels: number;
  /** Larger pictures are scaled down to this height (and to twice as much width), px. */
  readonly maxHeight: number;
  /** Longest silence on a socket, ms. */
  readonly rwTimeoutMs: number;
  /** Wall-clock time a capture may take beyond the video time it was asked for, ms. */
  readonly graceMs: number;
  /** CPU time of the child, s; null for no limit. */
  readonly cpuSeconds: number | null;
  /** Address space of the child, bytes; null for no limit. Libraries alone map some 100 MB. */
  readonly memoryBytes: number | null;
}

/** Bounds that suit road cameras: 60 frames of 1080p are 188 MB. */
export const FFMPEG_DEFAULTS: FfmpegBounds = {
  pairs: 30,
  maxPixels: 4096 * 2304,
  maxHeight: 1080,
  rwTimeoutMs: 8_000,
  graceMs: 20_000,
  cpuSeconds: 600,
  memoryBytes: 4 * 1024 ** 3,
};

/** An ffmpeg as it was found at start. */
export interface FfmpegBuild {
  /** Absolute when found by `probeFfmpeg`: the child runs with an empty environment, so there is no PATH. */
  readonly path: string;
  /** As printed: `5.1.6-0+deb12u1`, `8.0`, `N-118000-g…`. */
  readonly version: string;
  /** Null for builds that are named after a commit. */
  readonly majorVersion: number | null;
  /** Names of options of the HLS demuxer, without the dash. */
  readonly hlsOptions: readonly string[];
  /** False before 5.1, which calls it `-vsync`. */
  readonly hasFpsMode: boolean;
}
