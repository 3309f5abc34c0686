import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FfmpegRun } from '../../src/capture/segment/ffmpeg-run.js';

/** Nothing here takes longer than a moment; what hangs ends after this. ms */
const FAR_TOO_LONG_MS = 5_000;

describe('a child with a deadline', () => {
  let collecting: NodeJS.Timeout;
  beforeAll(() => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    collecting = setInterval(collect, 20);
  });
  afterAll(() => clearInterval(collecting));

  it('is ended by it, however often memory is collected in between', async () => {
    const hung = new AbortController();
    const giveUp = setTimeout(() => hung.abort(new Error('it never ended')), FAR_TOO_LONG_MS);
    const run = new FfmpegRun('/bin/sleep', ['60'], { cpuSeconds: null, memoryBytes: null });
    await expect(run.finish(500, hung.signal)).rejects.toMatchObject({ code: 'SEGMENT_TIMEOUT' });
    clearTimeout(giveUp);
  }, 20_000);
});
