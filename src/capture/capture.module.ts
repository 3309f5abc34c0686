import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Metrics } from '../metrics/metrics.js';
import { probeFfmpeg } from './ffmpeg-probe.js';
import { FFMPEG_DEFAULTS, type FfmpegBounds } from './ffmpeg-settings.js';
import { CAPTURE_BUDGET, GuardedCapture } from './guarded-capture.js';
import { GuardedProxy } from './guarded-proxy.js';
import { OutboundPolicy } from './outbound-policy.js';
import type { ProxyReport } from './proxy-report.js';

const CONNECT_TIMEOUT_MS = 5_000;

/** How cameras are watched: ffmpeg behind the guarded proxy. */
@Module({
  providers: [
    { provide: OutboundPolicy, inject: [Config], useFactory: outboundPolicy },
    { provide: GuardedProxy, inject: [OutboundPolicy], useFactory: openProxy },
    { provide: GuardedCapture, inject: [Config, GuardedProxy, OutboundPolicy, Metrics], useFactory: guardCapture },
  ],
  exports: [GuardedCapture, OutboundPolicy],
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

async function guardCapture(
  { capture }: Config,
  proxy: GuardedProxy,
  policy: OutboundPolicy,
  metrics: Metrics,
): Promise<GuardedCapture> {
  const bounds: FfmpegBounds = { ...FFMPEG_DEFAULTS, pairs: capture.framePairs, maxHeight: capture.maxHeight };
  const build = await probeFfmpeg(capture.ffmpegPath);
  return new GuardedCapture(proxy, policy, build, bounds, CAPTURE_BUDGET, (report) => count(report, metrics));
}

function count({ bytes, requests, refusals }: ProxyReport, metrics: Metrics): void {
  metrics.captureBytes.inc(bytes);
  metrics.captureRequests.inc(requests);
  metrics.captureRefusals.inc(refusals.length);
}
