import { redactText } from '../../lib/redact.js';
import { StreamSoundness } from '../decoding/soundness.js';

/** One frame as `showinfo` announces it. */
export interface FrameWords {
  /** s on the stream's own clock */
  readonly time: number;
  readonly width: number;
  readonly height: number;
  /** Nothing of it was made up by the decoder. */
  readonly isSound: boolean;
  /** The group of pictures it belongs to, a running number. */
  readonly group: number;
}

/** The pictures of the stream as they are coded. */
export interface SourceWords {
  /** px */
  readonly width: number;
  /** px */
  readonly height: number;
  /** Width of a pixel to its height: `1:1`, `16:11`; `0:1` when the stream does not say. */
  readonly sampleAspectRatio: string;
}

/** One video stream of the input as ffmpeg lists it. */
export interface VideoStreamWords {
  /** As `-map 0:index` wants it. */
  readonly index: number;
  readonly width: number;
  readonly height: number;
}

/** How much of stderr is kept for error messages, characters. */
const TAIL_LENGTH = 16 * 1024;

/** A longer line is cut: an encoder can put any text into a stream. */
const LINE_LENGTH = 2_048;

const SHOWINFO_LINE = /^\[Parsed_showinfo_(\d+) @ [0-9a-fx]+\] (?:\[info\] )?(.*)$/i;

/** The first filter announces every frame as decoded, the last those that are taken. */
const OF_DECODED_FRAMES = '0';

/** What a file can inject, a title for example, is indented further. */
const DURATION_LINE = /^(?:\[info\] )? {2}Duration: (?:(\d+):(\d\d):(\d\d\.\d+)|N\/A),(?: start: (-?[\d.]+))?/;

/** Comes once the input was looked at. */
const STARTED_LINE = /^(?:\[info\] )?Stream mapping:/;

/** Stream properties that do not change in a healthy stream. */
interface StreamWords {
  fps: number | null;
  colorSpace: string;
  colorRange: string;
}

/**
 * Listens to ffmpeg's stderr: announcements of frames, the stream's properties and, bounded and redacted, the last words
 * for an error message. What a stream can inject (metadata lines) never looks like an announcement: those are indented.
 */
export class FfmpegWords {
  readonly frames: FrameWords[] = [];
  readonly stream: StreamWords = { fps: null, colorSpace: 'unknown', colorRange: 'unknown' };
  /** Frames that arrived before the picture changed its size; null while it has not. */
  framesBeforeChange: number | null = null;
  /** The video streams of the input: one, or the variants of a master playlist. */
  readonly videoStreams: VideoStreamWords[] = [];
  /** How long the input says it is, s; null when it does not say, undefined when no input was opened. */
  inputSeconds: number | null | undefined;
  /** Where the stream's own clock stood at time 0 of the frames, s; null when it does not say. */
  startSeconds: number | null = null;
  /** Of the first frame; null before it. */
  source: SourceWords | null = null;
  private tail = '';
  private line = '';

  private readonly soundness: StreamSoundness;

  /**
   * @param onFrame called after each announcement
   * @param majorVersion of the ffmpeg that speaks; null when it is not known
   */
  constructor(
    private readonly onFrame: () => void = () => undefined,
    majorVersion: number | null = null,
  ) {
    this.soundness = new StreamSoundness(majorVersion);
  }

  /** Takes the next piece of stderr. */
  push(text: string): void {
    const lines = (this.line + text).split(/[\r\n]/);
    this.line = (lines.pop() ?? '').slice(0, LINE_LENGTH);
    for (const line of lines) this.read(line.slice(0, LINE_LENGTH));
  }

  /** The last words, redacted, without the announcements. */
  get lastWords(): string {
    return redactText(`${this.tail}${this.line}`.trim());
  }

  private read(line: string): void {
    const [, filter, announcement] = SHOWINFO_LINE.exec(line) ?? [];
    if (announcement !== undefined) {
      return filter === OF_DECODED_FRAMES ? this.readDecoded(announcement) : this.readAnnouncement(announcement);
    }
    this.soundness.read(line);
    this.readInput(line);
    if (line.trim() !== '') this.tail = `${this.tail}${line}\n`.slice(-TAIL_LENGTH);
  }

  private readDecoded(text: string): void {
    const frame = /^n: *\d+ .*\bs:(\d+)x(\d+) .*\biskey:(\d)/.exec(text);
    if (frame === null) return;
    this.soundness.sawFrame(frame[3] === '1');
    if (this.source !== null) return;
    const [, numerator = '0', denominator = '1'] = /\bsar:(\d+)\/(\d+)/.exec(text) ?? [];
    const sampleAspectRatio = `${numerator}:${denominator}`;
    this.source = { width: Number(frame[1]), height: Number(frame[2]), sampleAspectRatio };
  }

  private readAnnouncement(text: string): void {
    const frame = /^n: *\d+ .*\bpts_time:(\S+) .*\bs:(\d+)x(\d+)\b/.exec(text);
    if (frame !== null) return this.addFrame(Number(frame[1]), Number(frame[2]), Number(frame[3]));
    const rate = /^config in .*frame_rate: (\d+)\/(\d+)/.exec(text);
    if (rate !== null) return this.configure(Number(rate[1]) / Number(rate[2]));
    const color = /^color_range:(\S+) color_space:(\S+)/.exec(text);
    if (color !== null) Object.assign(this.stream, { colorRange: color[1], colorSpace: color[2] });
  }

  private addFrame(time: number, width: number, height: number): void {
    const { isSound, group } = this.soundness;
    this.frames.push({ time, width, height, isSound, group });
    this.onFrame();
  }

  /** The filters are configured a second time only when the pictures change their size or format. */
  private configure(fps: number): void {
    this.stream.fps = Number.isFinite(fps) && fps > 0 ? fps : null;
    if (this.frames.length > 0) this.framesBeforeChange ??= this.frames.length;
  }

  private readDuration(words: RegExpExecArray): void {
    this.inputSeconds ??= secondsOf(words);
    this.startSeconds ??= words[4] === undefined ? null : Number(words[4]);
  }

  private readInput(line: string): void {
    const duration = DURATION_LINE.exec(line);
    if (duration !== null) this.readDuration(duration);
    if (STARTED_LINE.test(line)) this.soundness.start();
    const video = /^(?:\[info\] )? *Stream #0:(\d+)\S*: Video: .*?, (\d+)x(\d+)/.exec(line);
    if (video === null || line.includes('rawvideo')) return;
    this.videoStreams.push({ index: Number(video[1]), width: Number(video[2]), height: Number(video[3]) });
  }
}

function secondsOf([, hours, minutes, seconds]: RegExpExecArray): number | null {
  return seconds === undefined ? null : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}
