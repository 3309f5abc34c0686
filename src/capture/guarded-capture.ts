import { captureError } from './ending/capture-errors.js';
import { explain } from './ending/explain.js';
import type { FfmpegBounds, FfmpegBuild, FfmpegSettings } from './ffmpeg/ffmpeg-settings.js';
import type { CaptureRequest } from './frame-source.js';
import type { GuardedProxy } from './proxy/guarded-proxy.js';
import { OutboundRefusedError, type OutboundPolicy } from '../outbound/outbound-policy.js';
import type { OwnHeaders } from './web/own-headers.js';
import type { ProxyReport, SessionLimits } from './proxy/proxy-report.js';

/** How much a capture may use up. */
export interface CaptureBudget {
  /** Bytes per second of video that was asked for; the start of a live stream comes on top. */
  readonly bytesPerSecond: number;
  readonly maxRequests: number;
  readonly maxConcurrent: number;
}

/** Twice the rate of a good 4K stream. */
export const CAPTURE_BUDGET: CaptureBudget = { bytesPerSecond: 5_000_000, maxRequests: 3_000, maxConcurrent: 64 };

/** Seconds of video that ffmpeg reads beyond those asked for: whole segments, and all variants while it looks at them. */
const READ_AHEAD_SECONDS = 60;

/** How often work without an end is granted its budget anew, s. */
const RENEW_SECONDS = 60;

/**
 * The main thread's side of a capture: gives each one a session of the guarded proxy for as long as it runs, and
 * explains its failure by what the proxy saw. The capture itself happens wherever `work` takes the settings.
 */
export class GuardedCapture {
  /**
   * @param onReport told about every session, successful or not, for logs and metrics
   */
  constructor(
    private readonly proxy: GuardedProxy,
    private readonly policy: OutboundPolicy,
    private readonly build: FfmpegBuild,
    private readonly bounds: FfmpegBounds,
    private readonly budget: CaptureBudget = CAPTURE_BUDGET,
    private readonly onReport: (report: ProxyReport) => void = () => {},
  ) {}

  /**
   * Runs `work` with settings that lead its ffmpeg through the proxy.
   * @param work must reject as `FrameSource.capture` does, also when it runs in another thread
   * @param own headers that the operator gave to the camera; they go from here, never to `work`
   * @throws what `work` throws, explained
   */
  async run<T>(request: CaptureRequest, work: (settings: FfmpegSettings) => Promise<T>, own?: OwnHeaders): Promise<T> {
    this.checkUrl(request.url);
    const session = this.proxy.openSession(this.limits(request.seconds), own);
    try {
      return await work({ ...this.bounds, ffmpeg: this.build, proxyUrl: session.proxyUrl, caFile: null });
    } catch (error) {
      throw explain(error, session.report());
    } finally {
      session.close();
      this.onReport(session.report());
    }
  }

  /**
   * As `run`, for work that has no end of its own: it is granted the budget of a minute anew every minute, and reports
   * as often what came since.
   * @param work is given the count of bytes that the camera sent so far, too
   * @throws what `work` throws, explained; URL_NOT_ALLOWED
   */
  async runOn<T>(
    url: string,
    work: (settings: FfmpegSettings, bytes: () => number) => Promise<T>,
    own?: OwnHeaders,
  ): Promise<T> {
    this.checkUrl(url);
    const session = this.proxy.openSession(this.limits(RENEW_SECONDS), own);
    let reported = session.report();
    const report = (): void => {
      const now = session.report();
      this.onReport(since(reported, now));
      reported = now;
    };
    const renewal = setInterval(() => {
      report();
      session.renew();
      reported = session.report();
    }, RENEW_SECONDS * 1000);
    try {
      const settings = { ...this.bounds, ffmpeg: this.build, proxyUrl: session.proxyUrl, caFile: null };
      return await work(settings, () => session.witness.bytes);
    } catch (error) {
      throw explain(error, session.report());
    } finally {
      clearInterval(renewal);
      session.close();
      report();
    }
  }

  /** The ffmpeg that works without a network need not be found again. */
  get ffmpeg(): FfmpegBuild {
    return this.build;
  }

  private checkUrl(url: string): void {
    try {
      this.policy.checkUrl(url);
    } catch (error) {
      if (error instanceof OutboundRefusedError) throw captureError('URL_NOT_ALLOWED', error.message, error);
      throw error;
    }
  }

  private limits(seconds: number): SessionLimits {
    const { bytesPerSecond, maxRequests, maxConcurrent } = this.budget;
    return { maxBytes: bytesPerSecond * (seconds + READ_AHEAD_SECONDS), maxRequests, maxConcurrent };
  }
}

/** What a session used up between two reports of it. */
function since(before: ProxyReport, now: ProxyReport): ProxyReport {
  return {
    ...now,
    bytes: now.bytes - before.bytes,
    requests: now.requests - before.requests,
    refusals: now.refusals.slice(before.refusals.length),
  };
}
