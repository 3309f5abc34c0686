import { FfmpegFrameSource } from '../../src/capture/ffmpeg-frame-source.js';
import { probeFfmpeg } from '../../src/capture/ffmpeg/ffmpeg-probe.js';
import { FFMPEG_DEFAULTS } from '../../src/capture/ffmpeg/ffmpeg-settings.js';
import { GuardedCapture } from '../../src/capture/guarded-capture.js';
import { GuardedProxy } from '../../src/capture/proxy/guarded-proxy.js';
import { OutboundPolicy } from '../../src/outbound/outbound-policy.js';
import { parseOutboundRules } from '../../src/outbound/outbound-rules.js';

/** A process that captures as the service does, proxy and pipe and all. `times` 0 shows what Node itself costs. */
const [url = '', seconds = '', times = ''] = process.argv.slice(2);
const policy = new OutboundPolicy(parseOutboundRules(new URL(url).host));
const proxy = new GuardedProxy(policy, { connectTimeoutMs: 5_000 });
await proxy.listen();
const capture = new GuardedCapture(proxy, policy, await probeFfmpeg('ffmpeg'), FFMPEG_DEFAULTS);
for (let i = 0; i < Number(times); i += 1) {
  const request = { url, seconds: Number(seconds) };
  const signal = new AbortController().signal;
  const { frames } = await capture.run(request, (settings) => new FfmpegFrameSource(settings).capture(request, signal));
  if (frames.length < 60) throw new Error(`Only ${frames.length} frames came.`);
}
await proxy.close();
