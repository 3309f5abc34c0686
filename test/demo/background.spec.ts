import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CAMERAS } from '../../demo/cameras.js';
import { clipFolder, readClip, renderClip } from '../../demo/clip.js';
import { LiveOrigin } from '../../demo/live-origin.js';
import { greyOf, readGrey, readMask, type Grey } from '../../eval/background/grey.js';
import { errorShareWithin, scoreOf } from '../../eval/background/sbmnet.js';
import { BackgroundExtractor } from '../../src/background/background-extractor.js';
import { probeFfmpeg } from '../../src/capture/ffmpeg/ffmpeg-probe.js';
import { FFMPEG_DEFAULTS } from '../../src/capture/ffmpeg/ffmpeg-settings.js';
import { GuardedCapture } from '../../src/capture/guarded-capture.js';
import { GuardedProxy } from '../../src/capture/proxy/guarded-proxy.js';
import { OutboundPolicy } from '../../src/outbound/outbound-policy.js';
import { parseOutboundRules } from '../../src/outbound/outbound-rules.js';
import { useFolder } from '../support/use-folder.js';

const CAMERA = 'cctv_001';
/** s, as the demo's jobs watch */
const SECONDS = 10;
/** Rows just below the horizon, where the road is 100 m and farther away and a car is 9 to 18 px high. */
const FAR = { from: 95, until: 160 };

const cache = useFolder('clips', 'suite');
let origin: LiveOrigin;
let background: Grey;
let truth: Grey;
let road: Uint8Array;

/** The demo's way of a job as far as the background: live HLS, the guarded proxy, ffmpeg in the thread that computes. */
async function watchLive(): Promise<Grey> {
  const policy = new OutboundPolicy(parseOutboundRules(origin.host));
  const proxy = new GuardedProxy(policy, { connectTimeoutMs: 5_000 });
  await proxy.listen();
  const capture = new GuardedCapture(proxy, policy, await probeFfmpeg('ffmpeg'), FFMPEG_DEFAULTS);
  const request = { url: origin.url(CAMERA), seconds: SECONDS };
  const { signal } = new AbortController();
  const found = capture.run(request, (ffmpeg) => new BackgroundExtractor().extract({ ...request, ffmpeg }, { signal }));
  const { picture } = await found.finally(() => proxy.close());
  return greyOf(picture.rgb, picture.width, picture.height);
}

beforeAll(async () => {
  const scene = CAMERAS.get(CAMERA)!;
  await renderClip(cache.path, scene);
  const folder = clipFolder(cache.path, scene);
  truth = await readGrey(join(folder, 'empty.png'));
  road = (await readMask(join(folder, 'road.png'))).data;
  origin = await LiveOrigin.start(new Map([[CAMERA, await readClip(cache.path, scene)]]));
  background = await watchLive();
}, 180_000);

afterAll(() => origin.close());

describe('the background of the demo', () => {
  it('is the empty road that the renderer drew', () => {
    const { age, pEPs, msSsim } = scoreOf(background, truth);
    expect(age).toBeLessThan(2.2);
    expect(pEPs).toBeLessThan(0.0005);
    expect(msSsim).toBeGreaterThan(0.99);
  });

  it('has no vehicle on the road, but for specks just below the horizon, where vehicles follow so closely that they hide it', () => {
    const far = road.map((value, i) => (isFar(i) ? value : 0));
    const near = road.map((value, i) => (isFar(i) ? 0 : value));
    expect(errorShareWithin(near, background, truth)).toBeLessThan(0.0001);
    expect(errorShareWithin(far, background, truth)).toBeLessThan(0.04);
  });
});

function isFar(pixel: number): boolean {
  const row = Math.floor(pixel / truth.width);
  return row >= FAR.from && row < FAR.until;
}
