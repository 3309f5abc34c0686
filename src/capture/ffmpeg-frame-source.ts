import { setTimeout as after } from 'node:timers/promises';
import { captureError } from './ending/capture-errors.js';
import { classify } from './ending/classify.js';
import { Reel } from './decoding/reel.js';
import { CaptureRun } from './decoding/capture-run.js';
import type { FfmpegSettings } from './ffmpeg/ffmpeg-settings.js';
import type { FrameRoom } from './decoding/frame-assembler.js';
import { FrameSource, type CapturedFrames, type CaptureRequest, type Look } from './frame-source.js';

export type { FfmpegSettings } from './ffmpeg/ffmpeg-settings.js';

/** A background needs to see a place more than once; with fewer frames than this there is nothing to work on. */
export const FEWEST_FRAMES = 5;

/** Pictures at least this high are taken for BT.709 when the stream does not say, as players do. px */
const HD_HEIGHT = 720;

/** A stream that gave less than this share of what was asked for broke off, and is taken up again. */
const WHOLE_SHARE = 0.95;

/** A session that its server ends every few seconds gives one segment each time: so often it is worth it. */
const MOST_RECONNECTS = 8;

/** A stream that gives nothing new so often in a row has ended. */
const MOST_IN_VAIN = 2;

/** Servers that restart need a moment. ms */
const PAUSE_MS = 1_000;

/** With fewer whole frames than this, damaged ones are shown rather than nothing; the background says so. */
const FEWEST_SOUND_FRAMES = 10;

/**
 * Captures with one ffmpeg child at a time. Stateless and free of the framework, so that it can live in a worker thread;
 * abort before terminating the thread, since a thread that is killed cannot take its child along.
 */
export class FfmpegFrameSource extends FrameSource {
  /** @param roomFor makes room for so many frames of so many bytes; by default every frame is an array of its own */
  constructor(
    private readonly settings: FfmpegSettings,
    private readonly roomFor: (frameBytes: number, most: number) => FrameRoom = roomOnTheHeap,
  ) {
    super();
  }

  /**
   * Settles only after the child is gone. Success is judged by the frames that came, never by the exit code: ffmpeg
   * reports success for streams that broke off, and failure for streams that gave enough. A live stream that breaks off
   * is taken up again, from its URL on, while there is time: sessions and tokens end, packagers restart.
   */
  override async capture(request: CaptureRequest, signal: AbortSignal): Promise<CapturedFrames> {
    signal.throwIfAborted();
    // Of its own protocols ffmpeg would open some past the proxy: tcp, httpproxy.
    if (!/^https?:\/\//i.test(request.url)) throw captureError('URL_NOT_ALLOWED', 'only http and https are allowed');
    const deadline = AbortSignal.timeout(request.seconds * 1000 + this.settings.graceMs);
    const { pairs } = this.settings;
    const reel = new Reel(request, pairs, (frameBytes) => this.roomFor(frameBytes, pairs * 2));
    const { take, streamIndex } = await this.begin(request, reel, signal, deadline);
    reel.add(take);
    if (reel.shown.length < FEWEST_FRAMES) throw classify(take.evidence);
    const reconnects = isLive(take) ? await this.goOn(request, reel, streamIndex, signal, deadline) : 0;
    return developed(request, reel, take, reconnects);
  }

  /** The first take, or the second if ffmpeg chose the wrong variant. */
  private async begin(request: CaptureRequest, reel: Reel, signal: AbortSignal, deadline: AbortSignal) {
    const first = await new CaptureRun(request, this.settings, {}, reel.roomFor).run(signal, deadline);
    const streamIndex = first.variant;
    if (streamIndex === null) return { take: first, streamIndex };
    const second = new CaptureRun(request, this.settings, { streamIndex }, reel.roomFor);
    return { take: await second.run(signal, deadline), streamIndex };
  }

  /** Takes a stream up again as often as it breaks off and is worth it; says how often anything new came. */
  private async goOn(
    request: CaptureRequest,
    reel: Reel,
    streamIndex: number | null,
    signal: AbortSignal,
    deadline: AbortSignal,
  ): Promise<number> {
    let [reconnects, inVain] = [0, 0];
    while (isCutShort(request, reel) && reconnects + inVain < MOST_RECONNECTS && inVain < MOST_IN_VAIN) {
      if (inVain > 0) await after(PAUSE_MS, undefined, { signal }).catch(() => undefined);
      signal.throwIfAborted();
      if (deadline.aborted) break;
      const { seconds, pairs } = reel.rest;
      const start = { streamIndex, fromNewest: true };
      const take = new CaptureRun({ ...request, seconds }, { ...this.settings, pairs }, start, reel.roomFor);
      if (reel.add(await take.run(signal, deadline))) [reconnects, inVain] = [reconnects + 1, 0];
      else inVain += 1;
    }
    return reconnects;
  }
}

/** A recording says how long it is. */
function isLive({ words }: CaptureRun): boolean {
  return words.inputSeconds === null;
}

function isCutShort({ seconds }: CaptureRequest, reel: Reel): boolean {
  return reel.rest.pairs > 0 && reel.watchedSeconds < WHOLE_SHARE * seconds;
}

function developed(request: CaptureRequest, reel: Reel, take: CaptureRun, reconnects: number): CapturedFrames {
  const { stream, frames } = take.words;
  const { width, height } = frames[0]!;
  const whole = wholePairs(reel.shown);
  const showsDamaged = whole.length < Math.min(FEWEST_SOUND_FRAMES, reel.shown.length);
  const shown = showsDamaged ? reel.shown : whole;
  return {
    width,
    height,
    frames: shown.map(({ frame }) => frame.bytes),
    timesSeconds: shown.map(({ time }) => time - shown[0]!.time),
    groups: shown.map(({ group }) => group),
    look: { ...lookOf(request, reel, take), reconnects, showsDamaged },
    sourceFps: stream.fps,
    colorMatrix: colorMatrixOf(stream.colorSpace, height),
    fullRange: stream.colorRange === 'pc',
  };
}

/** Without those pairs of which a frame is damaged. */
function wholePairs(shown: Reel['shown']): Reel['shown'] {
  return shown.filter((_, i) => shown[i - (i % 2)]!.frame.isSound && shown[i - (i % 2) + 1]!.frame.isSound);
}

function lookOf(
  { seconds }: CaptureRequest,
  reel: Reel,
  { words }: CaptureRun,
): Omit<Look, 'reconnects' | 'showsDamaged'> {
  const { frames, inputSeconds } = words;
  return {
    askedSeconds: seconds,
    watchedSeconds: Math.round(100 * reel.watchedSeconds) / 100,
    endedByItself: typeof inputSeconds === 'number' && inputSeconds < seconds,
    framesTaken: reel.shown.length,
    framesDamaged: reel.shown.filter(({ frame }) => !frame.isSound).length,
    source: words.source ?? { width: frames[0]!.width, height: frames[0]!.height, sampleAspectRatio: '0:1' },
  };
}

function colorMatrixOf(colorSpace: string, height: number): CapturedFrames['colorMatrix'] {
  if (colorSpace === 'bt709') return 'bt709';
  if (colorSpace !== 'unknown') return 'bt601';
  return height >= HD_HEIGHT ? 'bt709' : 'bt601';
}

function roomOnTheHeap(frameBytes: number): FrameRoom {
  const frames: Uint8Array<ArrayBuffer>[] = [];
  return { frame: (index) => (frames[index] ??= new Uint8Array(frameBytes)) };
}
