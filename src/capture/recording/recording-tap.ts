import { BoundedChild, type ChildEnd } from '../ffmpeg/child-process.js';
import { captureError } from '../ending/capture-errors.js';
import { complaintIn, failureOf } from '../ending/classify.js';
import { saysDiskFull } from '../ffmpeg/disk-full.js';
import type { FfmpegSettings } from '../ffmpeg/ffmpeg-settings.js';
import { FfmpegWords } from '../ffmpeg/ffmpeg-words.js';
import type { GuardedCapture } from '../guarded-capture.js';
import { recordingArgs, type RecordingRequest } from './recording-args.js';

/** When a recording that still runs is taken for dead. */
export interface TapPatience {
  /** The camera sent not one byte for so long. ms */
  readonly silenceMs: number;
  /** No piece was finished for so long beyond its length. ms */
  readonly pieceMs: number;
}

/** 20 s is what Frigate waits. Playlists come all the time, also from a camera without video: so pieces are counted, too. */
export const TAP_PATIENCE: TapPatience = { silenceMs: 20_000, pieceMs: 60_000 };

const LOOKS_PER_PATIENCE = 10;

/** Records cameras as they are, each with one ffmpeg that only copies, behind the guarded proxy. */
export class RecordingTap {
  constructor(
    private readonly capture: GuardedCapture,
    private readonly patience: TapPatience = TAP_PATIENCE,
  ) {}

  /**
   * Records until something ends it; settles only after ffmpeg is gone. What was written stays and can be read.
   * @param onPiece called after each piece that is complete
   * @throws always: signal.reason when aborted, else PermanentStepError or TransientStepError that says why it ended
   */
  async record(request: RecordingRequest, onPiece: () => void, signal: AbortSignal): Promise<never> {
    signal.throwIfAborted();
    const work = (settings: FfmpegSettings, bytes: () => number): Promise<never> =>
      new TapRun(request, settings, this.patience, bytes, onPiece).run(signal);
    return this.capture.runOn(request.url, work, request.own);
  }
}

/** One ffmpeg. Its silence is measured by a clock that nobody sets: else all cameras would end at once when it is. */
class TapRun {
  private readonly words = new FfmpegWords(() => undefined);
  private readonly child: BoundedChild;
  private lastBytes = 0;
  private lastBytesAt = performance.now();
  private lastPieceAt = performance.now();
  private silence: string | undefined;

  constructor(
    private readonly request: RecordingRequest,
    settings: FfmpegSettings,
    private readonly patience: TapPatience,
    private readonly bytes: () => number,
    onPiece: () => void,
  ) {
    // Copying takes little time, but does so for days.
    const limits = { ...settings, cpuSeconds: null };
    this.child = new BoundedChild(settings.ffmpeg.path, recordingArgs(request, settings), limits);
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => this.words.push(text));
    this.child.stdout.on('data', () => {
      this.lastPieceAt = performance.now();
      onPiece();
    });
  }

  async run(signal: AbortSignal): Promise<never> {
    const stop = (): void => this.child.stop();
    const watch = setInterval(() => this.look(), this.patience.silenceMs / LOOKS_PER_PATIENCE);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    const end = await this.child.ended;
    clearInterval(watch);
    signal.removeEventListener('abort', stop);
    signal.throwIfAborted();
    throw this.reason(end);
  }

  private look(): void {
    const now = performance.now();
    const bytes = this.bytes();
    if (bytes !== this.lastBytes) this.lastBytesAt = now;
    this.lastBytes = bytes;
    const { silenceMs, pieceMs } = this.patience;
    if (now - this.lastBytesAt > silenceMs) this.giveUp(`nothing came for ${silenceMs / 1000} s`);
    else if (now - this.lastPieceAt > this.request.pieceMs + pieceMs) this.giveUp('no video came');
  }

  private giveUp(silence: string): void {
    this.silence = silence;
    this.child.stop();
  }

  private reason({ exitCode, spawnError }: ChildEnd): Error {
    const { lastWords } = this.words;
    if (saysDiskFull(lastWords)) return captureError('DISK_FULL');
    if (this.silence !== undefined) return captureError('HLS_TIMEOUT', this.silence);
    const evidence = { frameCount: 0, exitCode, spawnError, ranOutOfTime: false, changedSize: false, lastWords };
    const failure = failureOf(evidence);
    const complaint = complaintIn(lastWords);
    const detail = complaint === undefined ? '' : `ffmpeg: ${complaint}`;
    return captureError(failure === 'HLS_TOO_FEW_FRAMES' ? 'HLS_ENDED' : failure, detail);
  }
}
