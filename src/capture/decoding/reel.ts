import type { FrameRoom } from './frame-assembler.js';
import type { CaptureRequest } from '../frame-source.js';
import type { CaptureRun, CapturedFrame } from './capture-run.js';

/** Pairs come by the clock of the selection; a gap of more than so many of its steps, or of the stream's, is one. */
const STEPS_IN_A_GAP = 2.5;

/** Cameras stutter: a gap shorter than this was watched. s */
const LEAST_GAP = 0.5;

/** A stream whose clock is within this of where it stood goes on by it. s */
const CLOCK_SLACK = 0.5;

/** Frames with the time at which they were seen. */
interface Shown {
  readonly frame: CapturedFrame;
  /** s from the first */
  readonly time: number;
  readonly group: number;
}

/** What the takes of one capture gave, one behind the other, in one room. */
export class Reel {
  readonly shown: Shown[] = [];
  /** s of video, without gaps */
  watchedSeconds = 0;
  private size: { width: number; height: number } | null = null;
  private room: FrameRoom | null = null;
  /** The stream's own clock: where the first take began, and where the last one ended. s */
  private clock: { from: number; until: number } | null = null;

  /** @param makeRoom for as many frames as there will be at most, of so many bytes */
  constructor(
    private readonly request: CaptureRequest,
    private readonly pairs: number,
    private readonly makeRoom: (frameBytes: number) => FrameRoom,
  ) {}

  /** Where the next take writes; null for pictures of another size than those that are there. */
  readonly roomFor = (width: number, height: number): FrameRoom | null => {
    this.size ??= { width, height };
    if (this.size.width !== width || this.size.height !== height) return null;
    const room = (this.room ??= this.makeRoom((width * height * 3) / 2));
    const used = this.shown.length;
    return { frame: (index) => room.frame(used + index) };
  };

  /** Frames are asked for at this distance, s. */
  get interval(): number {
    return this.request.seconds / this.pairs;
  }

  /** What is still to be watched, s, and the pairs to take of it. */
  get rest(): { seconds: number; pairs: number } {
    const pairs = this.pairs - this.shown.length / 2;
    return { seconds: this.request.seconds - this.watchedSeconds, pairs };
  }

  /** Adds what a take gave, but not what was seen before. Says whether anything was new. */
  add(take: CaptureRun): boolean {
    const { startSeconds } = take.words;
    const fresh = take.frames.filter((_, i, frames) => {
      const first = frames[i - (i % 2)]!;
      return startSeconds === null || !this.wasSeen(startSeconds, startSeconds + first.time);
    });
    this.setClock(startSeconds, take.frames.at(-1)?.time ?? 0);
    if (fresh.length === 0) return false;
    this.append(fresh);
    this.watchedSeconds += this.secondsOf(fresh, take.words.stream.fps);
    this.watchedSeconds = Math.min(this.watchedSeconds, this.request.seconds);
    return true;
  }

  /** A live stream that is opened again begins a little before its end. One whose clock began anew shows something new. */
  private wasSeen(start: number, at: number): boolean {
    if (this.clock === null) return false;
    const goesOn = start >= this.clock.from - CLOCK_SLACK && start <= this.clock.until + CLOCK_SLACK;
    return goesOn && at <= this.clock.until;
  }

  private setClock(start: number | null, lasted: number): void {
    if (start === null) return;
    const until = start + lasted;
    const goesOn = this.clock !== null && start >= this.clock.from - CLOCK_SLACK;
    this.clock = goesOn
      ? { from: this.clock!.from, until: Math.max(this.clock!.until, until) }
      : { from: start, until };
  }

  /** Frames that are left out of the middle leave their room: what follows is moved up into it. */
  private append(fresh: readonly CapturedFrame[]): void {
    const [begin, groups] = [this.watchedSeconds, this.shown.at(-1)?.group ?? 0];
    const first = fresh[0]!;
    for (const frame of fresh) {
      const bytes = this.room!.frame(this.shown.length);
      if (bytes.buffer !== frame.bytes.buffer || bytes.byteOffset !== frame.bytes.byteOffset) bytes.set(frame.bytes);
      const time = begin + frame.time - first.time;
      this.shown.push({ frame: { ...frame, bytes }, time, group: groups + frame.group });
    }
  }

  private secondsOf(frames: readonly CapturedFrame[], fps: number | null): number {
    const longest = Math.max(STEPS_IN_A_GAP * this.interval, fps === null ? 0 : STEPS_IN_A_GAP / fps, LEAST_GAP);
    const gaps = frames.slice(1).map(({ time }, i) => Math.max(0, time - frames[i]!.time));
    return gaps.reduce((sum, gap) => sum + Math.min(gap, longest), this.interval);
  }
}
