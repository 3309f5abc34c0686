import { BackgroundExtractor } from '../../src/background/background-extractor.js';
import { probeFfmpeg } from '../../src/capture/ffmpeg/ffmpeg-probe.js';
import { FFMPEG_DEFAULTS } from '../../src/capture/ffmpeg/ffmpeg-settings.js';
import { GuardedCapture } from '../../src/capture/guarded-capture.js';
import { GuardedProxy } from '../../src/capture/proxy/guarded-proxy.js';
import { OutboundPolicy } from '../../src/outbound/outbound-policy.js';
import { parseOutboundRules } from '../../src/outbound/outbound-rules.js';

/**
 * A process that finds the empty road `times` times, as the service does: proxy, ffmpeg, thread and all. Prints its largest
 * resident memory, kB; ffmpeg's is not in it.
 */
const [url = '', seconds = '', times = ''] = process.argv.slice(2);
const policy = new OutboundPolicy(parseOutboundRules(new URL(url).host));
const proxy = new GuardedProxy(policy, { connectTimeoutMs: 5_000 });
await proxy.listen();
const capture = new GuardedCapture(proxy, policy, await probeFfmpeg('ffmpeg'), FFMPEG_DEFAULTS);
const extractor = new BackgroundExtractor();
for (let i = 0; i < Number(times); i += 1) {
  const request = { url, seconds: Number(seconds) };
  const { signal } = new AbortController();
  const { meta } = await capture.run(request, (ffmpeg) => extractor.extract({ ...request, ffmpeg }, { signal }));
  if (meta.framesUsed < 60) throw new Error(`Only ${meta.framesUsed} frames came.`);
}
await proxy.close();
console.log(process.resourceUsage().maxRSS);
