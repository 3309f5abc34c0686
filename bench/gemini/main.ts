import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SdkGeminiApi } from '../../src/gemini/sdk/sdk-gemini-api.js';

const MB = 1_000_000;
const NS_PER_MS = 1e6;
const RESOLUTION_MS = 1;
const SAMPLE_EVERY_MS = 20;

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    mb: { type: 'string', default: '150' },
    'inline-mb': { type: 'string', default: '10' },
  },
});

const KEY = { id: 'bench', project: 'test-project', key: 'test-key' };
const SCHEMA = { type: 'object', properties: { score: { type: 'integer' } }, required: ['score'] };
const never = new AbortController().signal;

/** How the process fared while some work ran. */
interface Measure {
  readonly work: string;
  readonly seconds: number;
  /** How late the event loop was, ms. */
  readonly delayP50Ms: number;
  readonly delayP99Ms: number;
  readonly delayMaxMs: number;
  /** Resident memory beyond what it was before, MB. */
  readonly memoryMb: number;
}

async function measure(name: string, work: () => Promise<unknown>): Promise<Measure> {
  const monitor = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const stop = new AbortController();
  const memory = mostMemory(stop.signal);
  monitor.enable();
  // It counts from its second tick on.
  await after(SAMPLE_EVERY_MS);
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1000;
  await after(SAMPLE_EVERY_MS);
  monitor.disable();
  stop.abort();
  const late = (ns: number): number => round(Math.max(0, ns / NS_PER_MS - RESOLUTION_MS));
  return {
    work: name,
    seconds: round(seconds),
    delayP50Ms: late(monitor.percentile(50)),
    delayP99Ms: late(monitor.percentile(99)),
    delayMaxMs: late(monitor.max),
    memoryMb: round((await memory) / MB),
  };
}

/** How far memory rises until the signal aborts, bytes. */
async function mostMemory(signal: AbortSignal): Promise<number> {
  const before = process.memoryUsage.rss();
  let most = before;
  while (!signal.aborted) {
    await after(SAMPLE_EVERY_MS, undefined, { ref: false });
    most = Math.max(most, process.memoryUsage.rss());
  }
  return most - before;
}

function round(value: number): number {
  return Math.round(100 * value) / 100;
}

/** A file of some MB that no disk or network can make smaller. */
async function makeFile(file: string, megabytes: number): Promise<void> {
  const piece = Buffer.from(Uint8Array.from({ length: MB }, (_, i) => (i * 2_654_435_761) >>> 24));
  await pipeline(Readable.from(Array.from({ length: megabytes }, () => piece)), createWriteStream(file));
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'roadstream-bench-'));
  const video = join(folder, 'segment.mp4');
  await makeFile(video, Number(values.mb));
  const server = fork(fileURLToPath(new URL('./server.js', import.meta.url)));
  const [url] = (await once(server, 'message')) as [string];
  const api = new SdkGeminiApi({ baseUrl: url, timeoutMs: 300_000 });
  const bytes = new Uint8Array(Number(values['inline-mb']) * MB);
  const inline = { kind: 'inline', mimeType: 'video/mp4', bytes } as const;
  const question = { model: 'bench', prompt: 'How is the road?', schema: SCHEMA, media: [inline] };
  const rows = [
    await measure('idle', () => after(2_000)),
    await measure(`upload ${values.mb} MB`, () => api.uploadVideo(KEY, video, 'video/mp4', never)),
    await measure(`ask with ${values['inline-mb']} MB`, () => api.generateJson(KEY, question, never)),
  ];
  server.disconnect();
  await rm(folder, { recursive: true });
  if (values.json) console.log(JSON.stringify(rows));
  else console.table(rows);
}

await main();
