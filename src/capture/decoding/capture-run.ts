import { BoundedChild, type ChildEnd } from '../ffmpeg/child-process.js';
import type { CaptureEvidence } from '../ending/classify.js';
import { captureArgs, type CaptureStart } from '../ffmpeg/ffmpeg-args.js';
import type { FfmpegSettings } from '../ffmpeg/ffmpeg-settings.js';
import { FfmpegWords, type FrameWords } from '../ffmpeg/ffmpeg-words.js';
import { FrameAssembler, type FrameRoom } from './frame-assembler.js';
import type { CaptureRequest } from '../frame-source.js';
import { betterVariant } from './variants.js';

/** A frame that a take gave. */
export interface CapturedFrame extends FrameWords {
  readonly bytes: Uint8Array;
}

/** Makes room for frames of a size, px; null when frames of that size are of no use. */
export type RoomFor = (width: number, height: number) => FrameRoom | null;

/** One run of ffmpeg: its child, what it says and what it gives. */
export class CaptureRun {
  /** The stream to take instead, when ffmpeg had chosen a needlessly large one, or one too large to decode. */
  variant: number | null = null;
  readonly words: FfmpegWords;
  private readonly child: BoundedChild;
  private assembler: FrameAssembler | null = null;
  private end: ChildEnd | null = null;
  private ranOutOfTime = false;

  constructor(
    request: CaptureRequest,
    private readonly settings: FfmpegSettings,
    private readonly start: CaptureStart,
    private readonly roomFor: RoomFor,
  ) {
    this.words = new FfmpegWords(() => this.onFrameAnnounced(), settings.ffmpeg.majorVersion);
    this.child = new BoundedChild(settings.ffmpeg.path, captureArgs(request, settings, start), settings);
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

  /**
   * What came, in pairs: a last frame without its neighbour is of no use. After a change of resolution ffmpeg rescales
   * silently: another picture, so those frames are left out.
   */
  get frames(): CapturedFrame[] {
    const complete = (this.assembler?.frames ?? []).slice(0, this.words.framesBeforeChange ?? undefined);
    const frames = complete.flatMap((bytes, i) => {
      const words = this.words.frames[i];
      return words === undefined ? [] : [{ ...words, bytes }];
    });
    return frames.slice(0, frames.length - (frames.length % 2));
  }

  /** All that was asked for came. */
  get isFull(): boolean {
    return this.assembler?.isFull ?? false;
  }

  /** For the reason of a failure. */
  get evidence(): CaptureEvidence {
    return {
      frameCount: this.frames.length,
      exitCode: this.end?.exitCode ?? null,
      spawnError: this.end?.spawnError ?? null,
      ranOutOfTime: this.ranOutOfTime,
      changedSize: this.words.framesBeforeChange !== null,
      lastWords: this.words.lastWords,
    };
  }

  /** Only now is the size of a frame known, so only now is stdout read; until then ffmpeg waits at a full pipe. */
  private onFrameAnnounced(): void {
    const size = this.words.frames[0];
    if (this.assembler !== null || size === undefined) return;
    this.variant = this.smallerVariant();
    const room = this.variant === null ? this.roomFor(size.width, size.height) : null;
    if (room === null) return this.child.stop();
    const assembler = new FrameAssembler((size.width * size.height * 3) / 2, this.settings.pairs * 2, room);
    this.assembler = assembler;
    this.child.stdout.on('data', (bytes: Buffer) => {
      assembler.push(bytes);
      if (assembler.isFull) this.child.stop();
    });
  }

  private smallerVariant(): number | null {
    const isChosen = typeof this.start.streamIndex === 'number';
    return isChosen ? null : betterVariant(this.words.videoStreams, this.settings.maxHeight);
  }
}
