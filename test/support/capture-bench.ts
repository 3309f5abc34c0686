import { readdirSync, readFileSync } from 'node:fs';
import { FfmpegFrameSource } from '../../src/capture/ffmpeg-frame-source.js';
import { probeFfmpeg } from '../../src/capture/ffmpeg/ffmpeg-probe.js';
import { FFMPEG_DEFAULTS, type FfmpegBounds, type FfmpegBuild } from '../../src/capture/ffmpeg/ffmpeg-settings.js';
import type { CapturedFrames } from '../../src/capture/frame-source.js';
import { CAPTURE_BUDGET, GuardedCapture, type CaptureBudget } from '../../src/capture/guarded-capture.js';
import { GuardedProxy } from '../../src/capture/proxy/guarded-proxy.js';
import { OutboundPolicy, type Resolver } from '../../src/outbound/outbound-policy.js';
import { parseOutboundRules } from '../../src/outbound/outbound-rules.js';
import { DoubtfulStepError } from '../../src/job/errors.js';
import type { ProxyReport } from '../../src/capture/proxy/proxy-report.js';

/** What a test may change about a bench. */
export interface BenchOptions {
  /** As OUTBOUND_ALLOW. */
  readonly allow?: string;
  readonly resolver?: Resolver;
  readonly ca?: string;
  readonly bounds?: Partial<FfmpegBounds>;
  readonly budget?: Partial<CaptureBudget>;
  readonly build?: FfmpegBuild;
}

/** Short enough for tests, long enough for a busy machine. */
const TEST_BOUNDS: FfmpegBounds = { ...FFMPEG_DEFAULTS, rwTimeoutMs: 2_000, graceMs: 12_000 };

/** Captures as the service does, proxy and all, but in this thread. */
export class CaptureBench {
  /** Of the last capture. */
  report: ProxyReport | null = null;
  private readonly capture: GuardedCapture;

  private constructor(
    readonly proxy: GuardedProxy,
    readonly build: FfmpegBuild,
    readonly bounds: FfmpegBounds,
    policy: OutboundPolicy,
    budget: CaptureBudget,
  ) {
    this.capture = new GuardedCapture(proxy, policy, build, bounds, budget, (report) => (this.report = report));
  }

  static async open(options: BenchOptions = {}): Promise<CaptureBench> {
    const policy = new OutboundPolicy(parseOutboundRules(options.allow ?? ''), [], options.resolver);
    const proxy = new GuardedProxy(policy, { connectTimeoutMs: 2_000, ca: options.ca });
    await proxy.listen();
    const bounds = { ...TEST_BOUNDS, ...options.bounds };
    const budget = { ...CAPTURE_BUDGET, ...options.budget };
    return new CaptureBench(proxy, options.build ?? (await probeFfmpeg('ffmpeg')), bounds, policy, budget);
  }

  /** What captures go through, for other work behind the proxy. */
  get guarded(): GuardedCapture {
    return this.capture;
  }

  async close(): Promise<void> {
    await this.proxy.close();
  }

  watch(url: string, seconds = 4, signal: AbortSignal = new AbortController().signal): Promise<CapturedFrames> {
    const request = { url, seconds };
    return this.capture.run(request, (settings) => new FfmpegFrameSource(settings).capture(request, signal));
  }

  /** As `codeOf`, but with the URL handed straight to ffmpeg, as if the first check had been forgotten. */
  async codeUnchecked(url: string, seconds = 4): Promise<string> {
    const session = this.proxy.openSession({ maxBytes: 1e9, maxRequests: 1_000, maxConcurrent: 64 });
    const settings = { ...this.bounds, ffmpeg: this.build, proxyUrl: session.proxyUrl, caFile: null };
    const capture = new FfmpegFrameSource(settings).capture({ url, seconds }, new AbortController().signal);
    return capture.then(() => 'frames', outcomeOf).finally(() => session.close());
  }

  /** The code of the error that a capture ends with; `frames` when it succeeds. */
  async codeOf(url: string, seconds = 4): Promise<string> {
    return this.watch(url, seconds).then(() => 'frames', outcomeOf);
  }
}

function outcomeOf(error: { code?: string; kind?: string }): string {
  return `${error instanceof DoubtfulStepError ? 'doubtful' : error.kind} ${error.code}`;
}

/** Pids of the ffmpeg children of this process, by the process table. */
export function ffmpegChildren(): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      const [, name, parent] = /\((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
      return name === 'ffmpeg' && Number(parent) === process.pid;
    } catch {
      return false;
    }
  });
}
