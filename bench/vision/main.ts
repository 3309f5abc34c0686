import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { cut, drawClip, makeMemoryClips } from './clips.js';
import { cpuRounds } from './cpu.js';
import { peakMemory } from './memory.js';
import { serveFolder } from './origin.js';
import { print, summaryOf } from './report.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    'no-memory': { type: 'boolean', default: false },
  },
});

/** The clip to measure with: a folder's `clip.mp4`, as `eval:background` takes them, or one of our own. */
async function clip(): Promise<string> {
  const [folder] = positionals;
  return folder === undefined ? drawClip() : join(resolve(process.env['INIT_CWD'] ?? '.', folder), 'clip.mp4');
}

async function main(): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'roadstream-bench-'));
  const video = await clip();
  await cut(video, join(work, 'clip'));
  const { url, server } = await serveFolder(work);
  const rounds = await cpuRounds(`${url}/clip/index.m3u8`, Number(values.rounds));
  const memory = values['no-memory'] ? [] : await peakMemory(await makeMemoryClips(video, work), url);
  server.close();
  await rm(work, { recursive: true });
  const summary = summaryOf(rounds, memory);
  if (values.json) console.log(JSON.stringify(summary));
  else print(summary);
}

await main();
