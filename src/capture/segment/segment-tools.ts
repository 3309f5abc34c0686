import { stat } from 'node:fs/promises';
import { saysDiskFull } from '../ffmpeg/disk-full.js';
import type { GuardedProxy } from '../proxy/guarded-proxy.js';
import { OutboundRefusedError, type OutboundPolicy } from '../../outbound/outbound-policy.js';
import type { ProxyReport, SessionLimits } from '../proxy/proxy-report.js';
import { explainSegment } from './explain-segment.js';
import { FfmpegRun } from './ffmpeg-run.js';
import { probeArgs, shrinkArgs, type InputSettings } from './segment-args.js';
import type { SegmentBounds } from './segment-bounds.js';
import { segmentError, whatTheProxySaw } from './segment-errors.js';
import type { SegmentSource } from './segment-source.js';

/** What a video says of itself. */
export interface SegmentFacts {
  /** null when it does not say: a recording that was broken off. */
  readonly seconds: number | null;
  /** px */
  readonly width: number;
  readonly height: number;
}

/** A video made small. */
export interface ShrunkSegment {
  /** As many seconds as there are pictures in it. */
  readonly seconds: number;
  readonly bytes: number;
  /** What was read for it over the network; undefined for a file. */
  readonly fetchedBytes: number | undefined;
}

/** Headers and indices are read twice, and what ffmpeg reads ahead of a jump for nothing: so much comes on top. bytes */
const READ_TWICE_BYTES = 32 * 1024 * 1024;
/** A file with its index at the end takes a request for each jump. */
const MAX_REQUESTS = 2_000;
const MAX_CONCURRENT = 8;

/** Judging waits for a camera's next frames longer than for a processor: preprocess jobs and HTTP go first. */
const NICENESS = 10;

/** Of a whole video this much comes out as pictures, even when its last second is not a whole one. */
const LEAST_SHARE = 0.9;
const SLACK_SECONDS = 2;

/**
 * Looks at recorded videos and makes them small, with one ffmpeg child at a time that opens nothing but what it is told
 * to: a file, or a URL through the guarded proxy.
 */
export class SegmentTools {
  /**
   * @param ffmpeg absolute path
   * @param onReport told what went over the network, successful or not
   */
  constructor(
    private readonly proxy: GuardedProxy,
    private readonly policy: OutboundPolicy,
    private readonly ffmpeg: string,
    private readonly bounds: SegmentBounds,
    private readonly onReport: (report: ProxyReport) => void = () => {},
  ) {}

  /**
   * Looks at a video's first bytes and its index.
   * @throws PermanentStepError, TransientStepError, RateLimitedError by `segment-errors.ts`; signal.reason when aborted
   */
  probe(source: SegmentSource, signal: AbortSignal): Promise<SegmentFacts> {
    return this.open(source, async (settings) => {
      const run = new FfmpegRun(this.ffmpeg, probeArgs(source, settings), this.limits(this.bounds.probeMs));
      const end = await run.finish(this.bounds.probeMs, signal);
      const { inputSeconds: seconds, videoStreams, lastWords } = run.words;
      if (seconds === undefined) throw explainSegment(end, lastWords);
      const [video] = videoStreams;
      if (video === undefined) throw segmentError('SEGMENT_NO_VIDEO');
      if (seconds === 0) throw segmentError('SEGMENT_UNREADABLE', 'it lasts no time at all');
      if (seconds !== null && seconds > this.bounds.maxSeconds) throw segmentError('SEGMENT_TOO_LONG', `${seconds} s`);
      return { seconds, width: video.width, height: video.height };
    });
  }

  /**
   * Writes a small version of a video: one frame a second, at most 640 px wide, without sound. What can be decoded of a
   * damaged file counts.
   * @param facts of {@link probe}
   * @param target where to, an absolute path
   * @throws as {@link probe}; SEGMENT_CUT when only a part of a URL's video came
   */
  shrink(source: SegmentSource, facts: SegmentFacts, target: string, signal: AbortSignal): Promise<ShrunkSegment> {
    const deadlineMs = (facts.seconds ?? this.bounds.maxSeconds) * 1000 + this.bounds.graceMs;
    return this.open(source, async (settings, report) => {
      const run = new FfmpegRun(this.ffmpeg, shrinkArgs(source, target, settings), this.limits(deadlineMs));
      const end = await run.finish(deadlineMs, signal);
      const { lastWords } = run.words;
      if (end.exitCode !== 0 || run.frames === 0 || saysDiskFull(lastWords)) throw explainSegment(end, lastWords);
      if (source.kind === 'url' && isCut(run.frames, facts)) throw segmentError('SEGMENT_CUT', `${run.frames} s`);
      return { seconds: run.frames, bytes: (await stat(target)).size, fetchedBytes: report()?.bytes };
    });
  }

  /** Two processors at most are at work for a child. */
  private limits(deadlineMs: number): { cpuSeconds: number; memoryBytes: number | null; niceness: number } {
    // At least one: a child with no time at all would be killed before its deadline could say why.
    const cpuSeconds = Math.max(1, (2 * deadlineMs) / 1000);
    return { cpuSeconds, memoryBytes: this.bounds.memoryBytes, niceness: NICENESS };
  }

  private open<T>(source: SegmentSource, work: Work<T>): Promise<T> {
    if (source.kind === 'file') return work({ ...this.bounds, proxyUrl: null }, () => undefined);
    return this.openUrl(source.url, work);
  }

  private async openUrl<T>(url: string, work: Work<T>): Promise<T> {
    this.checkUrl(url);
    const session = this.proxy.openSession(this.sessionLimits());
    try {
      return await work({ ...this.bounds, proxyUrl: session.proxyUrl }, () => session.report());
    } catch (error) {
      throw isOwnVerdict(error) ? error : (whatTheProxySaw(session.report()) ?? error);
    } finally {
      session.close();
      this.onReport(session.report());
    }
  }

  private sessionLimits(): SessionLimits {
    const maxBytes = this.bounds.maxBytes + Math.min(this.bounds.maxBytes, READ_TWICE_BYTES);
    return { maxBytes, maxRequests: MAX_REQUESTS, maxConcurrent: MAX_CONCURRENT };
  }

  private checkUrl(url: string): void {
    try {
      this.policy.checkUrl(url);
    } catch (error) {
      if (error instanceof OutboundRefusedError) throw segmentError('URL_NOT_ALLOWED', error.message, error);
      throw error;
    }
  }
}

type Work<T> = (settings: InputSettings, report: () => ProxyReport | undefined) => Promise<T>;

/** What the video itself says counts, whatever happened on the way; so does an abort. */
function isOwnVerdict(error: unknown): boolean {
  const { kind, code } = error as { kind?: string; code?: string };
  const ofTheVideo = ['SEGMENT_NO_VIDEO', 'SEGMENT_TOO_LONG', 'SEGMENT_PICTURE_TOO_LARGE'];
  return (kind !== 'permanent' && kind !== 'transient') || ofTheVideo.includes(code ?? '');
}

function isCut(frames: number, { seconds }: SegmentFacts): boolean {
  return seconds !== null && frames < seconds * LEAST_SHARE - SLACK_SECONDS;
}
