import { readdirSync, readFileSync } from 'node:fs';
import { FfmpegFrameSource } from '../../src/capture/ffmpeg-frame-source.js';
import { probeFfmpeg } from '../../src/capture/ffmpeg-probe.js';
import { FFMPEG_DEFAULTS, type FfmpegBounds } from '../../src/capture/ffmpeg-settings.js';
import type { CapturedFrames } from '../../src/capture/frame-source.js';
import { CAPTURE_BUDGET, GuardedCapture, type CaptureBudget } from '../../src/capture/guarded-capture.js';
import { GuardedProxy } from '../../src/capture/guarded-proxy.js';
import { OutboundPolicy, type Resolver } from '../../src/capture/outbound-policy.js';
import { parseOutboundRules } from '../../src/capture/outbound-rules.js';
import type { ProxyReport } from '../../src/capture/proxy-report.js';

/** What a test may change about a bench. */
export interface BenchOptions {
  /** As OUTBOUND_ALLOW. */
  readonly allow?: string;
  readonly resolver?: Resolver;
  readonly ca?: string;
  readonly bounds?: Partial<FfmpegBounds>;
  readonly budget?: Partial<CaptureBudget>;
}

/** Short enough for tests, long enough for a busy machine. */
const TEST_BOUNDS: FfmpegBounds = { ...FFMPEG_DEFAULTS, rwTimeoutMs: 2_000, graceMs: 12_000 };

/** Captures as the service does, proxy and all, but in this thread. */
export class CaptureBench {
  /** Of the last capture. */
  report: ProxyReport | null = null;

  private constructor(
    readonly proxy: GuardedProxy,
    private readonly capture: GuardedCapture,
  ) {}

  static async open(options: BenchOptions = {}): Promise<CaptureBench> {
    const policy = new OutboundPolicy(parseOutboundRules(options.allow ?? ''), [], options.resolver);
    const proxy = new GuardedProxy(policy, { connectTimeoutMs: 2_000, ca: options.ca });
    await proxy.listen();
    const bounds = { ...TEST_BOUNDS, ...options.bounds };
    const budget = { ...CAPTURE_BUDGET, ...options.budget };
    const bench: CaptureBench = new CaptureBench(
      proxy,
      new GuardedCapture(
        proxy,
        policy,
        await probeFfmpeg('ffmpeg'),
        bounds,
        budget,
        (report) => (bench.report = report),
      ),
    );
    return bench;
  }

  async close(): Promise<void> {
    await this.proxy.close();
  }

  watch(url: string, seconds = 4, signal: AbortSignal = new AbortController().signal): Promise<CapturedFrames> {
    const request = { url, seconds };
    return this.capture.run(request, (settings) => new FfmpegFrameSource(settings).capture(request, signal));
  }

  /** The code of the error that a capture ends with; `frames` when it succeeds. */
  async codeOf(url: string, seconds = 4): Promise<string> {
    return this.watch(url, seconds).then(
      () => 'frames',
      (error: { code?: string; kind?: string }) => `${error.kind} ${error.code}`,
    );
  }
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
