import { BoundedChild, type ChildEnd, type ChildLimits } from '../ffmpeg/child-process.js';
import { endOf } from '../ffmpeg/end-of.js';
import { FfmpegWords } from '../ffmpeg/ffmpeg-words.js';
import { segmentError } from './segment-errors.js';

/** One ffmpeg child, what it says and how many pictures it wrote. */
export class FfmpegRun {
  readonly words = new FfmpegWords();
  /** Written so far, by `-progress`. */
  frames = 0;
  private readonly child: BoundedChild;
  private line = '';

  constructor(ffmpeg: string, args: readonly string[], limits: ChildLimits) {
    this.child = new BoundedChild(ffmpeg, args, limits);
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => this.words.push(text));
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => this.readProgress(text));
  }

  /**
   * Waits until the child is gone.
   * @throws TransientStepError SEGMENT_TIMEOUT; signal.reason when aborted
   */
  async finish(deadlineMs: number, signal: AbortSignal): Promise<ChildEnd> {
    const end = await endOf(this.child, deadlineMs, signal);
    if (end.ranOutOfTime) throw segmentError('SEGMENT_TIMEOUT', `${deadlineMs / 1000} s`);
    return end;
  }

  private readProgress(text: string): void {
    const lines = (this.line + text).split('\n');
    this.line = lines.pop() ?? '';
    const frames = lines.findLast((line) => line.startsWith('frame='));
    if (frames !== undefined) this.frames = Number(frames.slice('frame='.length));
  }
}
