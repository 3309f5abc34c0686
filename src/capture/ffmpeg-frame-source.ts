import { BoundedChild, type ChildEnd } from './child-process.js';
import { captureError } from './capture-errors.js';
import { classify } from './classify.js';
import { captureArgs } from './ffmpeg-args.js';
import type { FfmpegSettings } from './ffmpeg-settings.js';
import { FfmpegWords } from './ffmpeg-words.js';
import { FrameAssembler, type FrameRoom } from './frame-assembler.js';
import { FrameSource, type CapturedFrames, type CaptureRequest } from './frame-source.js';
import { betterVariant } from './variants.js';

export type { FfmpegSettings } from './ffmpeg-settings.js';

/** A background needs to see a place more than once; with fewer frames than this there is nothing to work on. */
export const FEWEST_FRAMES = 5;

/** Pictures at least this high are taken for BT.709 when the stream does not say, as players do. px */
const HD_HEIGHT = 720;

/**
 * Captures with one ffmpeg child at a time. Stateless and free of the framework, so that it can live in a worker thread;
 * abort before terminating the thread, since a thread that is killed cannot take its child along.
 */
export class FfmpegFrameSource extends FrameSource {
  /** @param roomFor makes room for so many frames of so many bytes; by default every frame is an array of its own */
  constructor(
    private readonly settings: FfmpegSettings,
    private readonly roomFor?: (frameBytes: number, most: number) => FrameRoom,
  ) {
    super();
  }

  /**
   * Settles only after the child is gone. Success is judged by the frames that came, never by the exit code: ffmpeg
   * reports success for streams that broke off, and failure for streams that gave enough.
   */
  override async capture(request: CaptureRequest, signal: AbortSignal): Promise<CapturedFrames> {
    signal.throwIfAborted();
    // Of its own protocols ffmpeg would open some past the proxy: tcp, httpproxy.
    if (!/^https?:\/\//i.test(request.url)) throw captureError('URL_NOT_ALLOWED', 'only http and https are allowed');
    const deadline = AbortSignal.timeout(request.seconds * 1000 + this.settings.graceMs);
    const first = await new Take(request, this.settings, null, this.roomFor).run(signal, deadline);
    if (first.variant === null) return first.framesOrThrow();
    const second = await new Take(request, this.settings, first.variant, this.roomFor).run(signal, deadline);
    return second.framesOrThrow();
  }
}

/** One run of ffmpeg: its child, what it says and what it gives. */
class Take {
  /** The stream to take instead, when ffmpeg had chosen a needlessly large one, or one too large to decode. */
  variant: number | null = null;
  private readonly words = new FfmpegWords(() => this.onFrameAnnounced());
  private readonly child: BoundedChild;
  private assembler: FrameAssembler | null = null;
  private end: ChildEnd | null = null;
  private ranOutOfTime = false;

  constructor(
    request: CaptureRequest,
    private readonly settings: FfmpegSettings,
    private readonly streamIndex: number | null,
    private readonly roomFor: ((frameBytes: number, most: number) => FrameRoom) | undefined,
  ) {
    this.child = new BoundedChild(settings.ffmpeg.path, captureArgs(request, settings, streamIndex), settings);
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => this.words.push(text));
  }

  /** @throws signal.reason when aborted, after the child is gone */
  async run(signal: AbortSignal, deadline: AbortSignal): Promise<this> {
    const stop = (): void => this.child.stop();
    const expire = (): void => {
      this.ranOutOfTime = true;
      stop();
    };
    signal.addEventListener('abort', stop);
    deadline.addEventListener('abort', expire);
    if (signal.aborted) stop();
    if (deadline.aborted) expire();
    this.end = await this.child.ended;
    if (this.assembler === null) this.variant = this.smallerVariant();
    signal.removeEventListener('abort', stop);
    deadline.removeEventListener('abort', expire);
    signal.throwIfAborted();
    return this;
  }

  /** @throws PermanentStepError, TransientStepError by `classify` when too few frames came */
  framesOrThrow(): CapturedFrames {
    const frames = this.usableFrames();
    const size = this.words.frames[0];
    if (frames.length < FEWEST_FRAMES || size === undefined) throw this.failure(frames.length);
    // Frames are promised in pairs: a last one without its neighbour is of no use.
    const paired = frames.slice(0, frames.length - (frames.length % 2));
    return {
      width: size.width,
      height: size.height,
      frames: paired,
      timesSeconds: paired.map((_, i) => (this.words.frames[i]?.time ?? size.time) - size.time),
      sourceFps: this.words.stream.fps,
      colorMatrix: this.colorMatrix(size.height),
      fullRange: this.words.stream.colorRange === 'pc',
    };
  }

  /** Only now is the size of a frame known, so only now is stdout read; until then ffmpeg waits at a full pipe. */
  private onFrameAnnounced(): void {
    const size = this.words.frames[0];
    if (this.assembler !== null || size === undefined) return;
    this.variant = this.smallerVariant();
    if (this.variant !== null) return this.child.stop();
    const [frameBytes, most] = [(size.width * size.height * 3) / 2, this.settings.pairs * 2];
    const assembler = new FrameAssembler(frameBytes, most, this.roomFor?.(frameBytes, most));
    this.assembler = assembler;
    this.child.stdout.on('data', (bytes: Buffer) => {
      assembler.push(bytes);
      if (assembler.isFull) this.child.stop();
    });
  }

  private smallerVariant(): number | null {
    return this.streamIndex === null ? betterVariant(this.words.videoStreams, this.settings.maxHeight) : null;
  }

  /** After a change of resolution ffmpeg rescales silently: another picture, so those frames are left out. */
  private usableFrames(): Uint8Array[] {
    return (this.assembler?.frames ?? []).slice(0, this.words.framesBeforeChange ?? undefined);
  }

  private failure(frameCount: number): Error {
    return classify({
      frameCount,
      exitCode: this.end?.exitCode ?? null,
      spawnError: this.end?.spawnError ?? null,
      ranOutOfTime: this.ranOutOfTime,
      changedSize: this.words.framesBeforeChange !== null,
      lastWords: this.words.lastWords,
    });
  }

  private colorMatrix(height: number): CapturedFrames['colorMatrix'] {
    const { colorSpace } = this.words.stream;
    if (colorSpace === 'bt709') return 'bt709';
    if (colorSpace !== 'unknown') return 'bt601';
    return height >= HD_HEIGHT ? 'bt709' : 'bt601';
  }
}
