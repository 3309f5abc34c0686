import { appendFile, stat, utimes, writeFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { FileState } from '../../src/capture/segment/segment-folder.js';
import { steady } from '../../src/assessment/segment/steady-file.js';
import { useFolder } from '../support/use-folder.js';

const NEVER = new AbortController().signal;
const HOUR_MS = 3_600_000;

const folder = useFolder('steady');
let file: string;
let looks = 0;
beforeEach(async () => {
  file = folder.at('a.mp4');
  looks = 0;
});

const look = async (): Promise<FileState> => {
  looks += 1;
  const { size, mtimeMs } = await stat(file);
  return { bytes: size, changedAt: mtimeMs };
};
const growing = async (): Promise<FileState> => {
  await appendFile(file, 'more');
  return look();
};
const settings = { stableMs: 100, limitMs: 400, giveUpAfterMs: HOUR_MS };

describe('a file that is waited for', () => {
  it('is steady when nothing was written for a while', async () => {
    await writeFile(file, '123');
    expect(await steady(look, Date.now(), settings, NEVER)).toMatchObject({ bytes: 3 });
    expect(looks).toBeGreaterThan(1);
  });

  it('is not watched when it was written long ago', async () => {
    await writeFile(file, '123');
    const longAgo = new Date(Date.now() - HOUR_MS);
    await utimes(file, longAgo, longAgo);
    await steady(look, Date.now(), { ...settings, stableMs: 60_000 }, NEVER);
    expect(looks).toBe(1);
  });

  it('is waited for while it grows, then found', async () => {
    await writeFile(file, '1');
    let pieces = 5;
    const soon = () => (pieces-- > 0 ? growing() : look());
    const state = await steady(soon, Date.now(), { ...settings, limitMs: 60_000 }, NEVER);
    expect(state.bytes).toBe(1 + 5 * 4);
  });

  it('gives the slot back while it goes on growing, at no cost', async () => {
    await writeFile(file, '1');
    await expect(steady(growing, Date.now(), settings, NEVER)).rejects.toMatchObject({
      kind: 'rate_limited',
      code: 'SEGMENT_GROWING',
      retryAfterMs: 1_000,
    });
  });

  it('takes an empty file for one that is still to be written', async () => {
    await writeFile(file, '');
    await expect(steady(look, Date.now(), settings, NEVER)).rejects.toMatchObject({ code: 'SEGMENT_GROWING' });
  });

  it('is given up when it never ends', async () => {
    await writeFile(file, '1');
    await expect(steady(growing, Date.now() - HOUR_MS, settings, NEVER)).rejects.toMatchObject({
      kind: 'permanent',
      code: 'SEGMENT_NEVER_STEADY',
    });
  });

  it('is left at once when the job is told to end', async () => {
    await writeFile(file, '1');
    const controller = new AbortController();
    const reason = new Error('stop');
    const waiting = steady(growing, Date.now(), { ...settings, limitMs: HOUR_MS }, controller.signal);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });
});
