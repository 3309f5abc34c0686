import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Metrics } from '../metrics/metrics.js';
import { probeFfmpeg } from './ffmpeg/ffmpeg-probe.js';
import { FFMPEG_DEFAULTS, type FfmpegBounds, type FfmpegBuild } from './ffmpeg/ffmpeg-settings.js';
import { CAPTURE_BUDGET, GuardedCapture } from './guarded-capture.js';
import { GuardedProxy } from './proxy/guarded-proxy.js';
import { OutboundPolicy } from '../outbound/outbound-policy.js';
import type { ProxyReport } from './proxy/proxy-report.js';
import { SEGMENT_BOUNDS } from './segment/segment-bounds.js';
import { SegmentTools } from './segment/segment-tools.js';

const CONNECT_TIMEOUT_MS = 5_000;
const FFMPEG = Symbol('FFMPEG');

/** How cameras are watched and recorded videos read: ffmpeg behind the guarded proxy. */
@Module({
  providers: [
    { provide: OutboundPolicy, inject: [Config], useFactory: outboundPolicy },
    { provide: GuardedProxy, inject: [OutboundPolicy], useFactory: openProxy },
    { provide: FFMPEG, inject: [Config], useFactory: ({ capture }: Config) => probeFfmpeg(capture.ffmpegPath) },
    {
      provide: GuardedCapture,
      inject: [Config, FFMPEG, GuardedProxy, OutboundPolicy, Metrics],
      useFactory: guardCapture,
    },
    {
      provide: SegmentTools,
      inject: [Config, FFMPEG, GuardedProxy, OutboundPolicy, Metrics],
      useFactory: segmentTools,
    },
  ],
  exports: [GuardedCapture, OutboundPolicy, SegmentTools],
})
export class CaptureModule implements OnApplicationShutdown {
  constructor(private readonly proxy: GuardedProxy) {}

  async onApplicationShutdown(): Promise<void> {
    await this.proxy.close();
  }
}

function outboundPolicy({ outbound }: Config): OutboundPolicy {
  return new OutboundPolicy(outbound.allow, outbound.deny);
}

async function openProxy(policy: OutboundPolicy): Promise<GuardedProxy> {
  const proxy = new GuardedProxy(policy, { connectTimeoutMs: CONNECT_TIMEOUT_MS });
  await proxy.listen();
  return proxy;
}

function guardCapture(
  { capture }: Config,
  build: FfmpegBuild,
  proxy: GuardedProxy,
  policy: OutboundPolicy,
  metrics: Metrics,
): GuardedCapture {
  const bounds: FfmpegBounds = { ...FFMPEG_DEFAULTS, maxHeight: capture.maxHeight };
  return new GuardedCapture(proxy, policy, build, bounds, CAPTURE_BUDGET, (report) => count(report, metrics));
}

function segmentTools(
  { segments }: Config,
  build: FfmpegBuild,
  proxy: GuardedProxy,
  policy: OutboundPolicy,
  metrics: Metrics,
): SegmentTools {
  const bounds = { ...SEGMENT_BOUNDS, maxBytes: segments.maxBytes };
  return new SegmentTools(proxy, policy, build.path, bounds, (report) => count(report, metrics));
}

function count({ bytes, requests, refusals }: ProxyReport, metrics: Metrics): void {
  metrics.captureBytes.inc(bytes);
  metrics.captureRequests.inc(requests);
  metrics.captureRefusals.inc(refusals.length);
}
