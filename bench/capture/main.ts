import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { median } from '../queue/measures.js';

const run = promisify(execFile);
const CAPTURE_ONCE = fileURLToPath(new URL('./capture-once.js', import.meta.url));
const SECONDS = 20;

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '5' } },
});

/** CPU of a command and all its children, s. */
async function cpuOf(command: string, ...args: string[]): Promise<number> {
  const timed = `TIMEFORMAT='%U %S'; time "$@" >/dev/null 2>&1`;
  const { stderr } = await run('bash', ['-c', timed, 'bash', command, ...args]);
  const [user, system] = stderr.trim().split(/\s+/).map(Number);
  return (user ?? NaN) + (system ?? NaN);
}

/** A camera's clip: 720p, moving and noisy enough that decoding it is work. */
async function makeClip(folder: string): Promise<void> {
  const source = `testsrc2=size=1280x720:rate=25:duration=${SECONDS},noise=alls=8:allf=t`;
  const encode = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-g', '50'];
  const hls = ['-f', 'hls', '-hls_list_size', '0', '-hls_time', '2', join(folder, 'index.m3u8')];
  await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', source, ...encode, ...hls]);
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'roadstream-bench-'));
  await makeClip(folder);
  const server = createServer((request, response) => {
    void readFile(join(folder, basename(request.url ?? ''))).then((bytes) => response.end(bytes));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/index.m3u8`;
  const rounds: { capture: number; bare: number }[] = [];
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const bare = await cpuOf('ffmpeg', '-nostdin', '-i', url, '-f', 'null', '-');
    const idle = await cpuOf(process.execPath, CAPTURE_ONCE, url, String(SECONDS), '0');
    const capture = (await cpuOf(process.execPath, CAPTURE_ONCE, url, String(SECONDS), '1')) - idle;
    rounds.push({ capture, bare });
  }
  server.close();
  await rm(folder, { recursive: true });
  report(rounds);
}

function report(rounds: readonly { capture: number; bare: number }[]): void {
  const captureCpuSeconds = median(rounds.map(({ capture }) => capture));
  const bareCpuSeconds = median(rounds.map(({ bare }) => bare));
  const ratio = median(rounds.map(({ capture, bare }) => capture / bare));
  if (values.json) console.log(JSON.stringify({ ratio, captureCpuSeconds, bareCpuSeconds, rounds: rounds.length }));
  else
    console.log(
      `CPU of a capture: ${ratio.toFixed(2)} of a bare decode (${captureCpuSeconds.toFixed(2)} s, ${bareCpuSeconds.toFixed(2)} s)`,
    );
}

await main();
