import { getEventListeners } from 'node:events';
import { expect, it } from '@jest/globals';
import { FfmpegFrameSource } from '../../src/capture/ffmpeg-frame-source.js';
import { FFMPEG_DEFAULTS } from '../../src/capture/ffmpeg/ffmpeg-settings.js';
import { withinTime } from '../../src/gemini/within-time.js';

const CALLS = 1_000;
const ABREAST = 4;

/** A signal that lives as long as the process, such as that of a stop. */
const process = new AbortController().signal;

async function often(call: () => Promise<unknown>): Promise<void> {
  const some = async (): Promise<void> => {
    for (let i = 0; i < CALLS / ABREAST; i += 1) await call().catch(() => undefined);
  };
  await Promise.all(Array.from({ length: ABREAST }, some));
}

/** Starts and ends as an ffmpeg does that finds nothing. */
const ffmpeg = { path: '/bin/false', version: '5.1', majorVersion: 5, hlsOptions: [], hasFpsMode: true };

it.each([
  [
    'captures',
    () =>
      new FfmpegFrameSource({ ...FFMPEG_DEFAULTS, ffmpeg, proxyUrl: null, caFile: null }).capture(
        { url: 'http://camera.example/index.m3u8', seconds: 1 },
        process,
      ),
  ],
  ['questions with a time limit', () => withinTime(60_000, process, async () => undefined)],
])(
  'a thousand %s leave nothing registered with a signal that outlives them',
  async (_name, call) => {
    await often(call);
    expect(getEventListeners(process, 'abort')).toHaveLength(0);
    // What AbortSignal.any() registers is no listener.
    const kept = Object.getOwnPropertySymbols(process).find((symbol) => String(symbol).includes('kDependantSignals'));
    expect(kept).toBeUndefined();
  },
  120_000,
);
