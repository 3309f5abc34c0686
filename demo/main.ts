import { rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { INSPECTION_FILES } from '../src/artifacts/artifact-names.js';
import { writeCamerasFile } from './cameras-file.js';
import { CAMERAS, prepareClips } from './cameras.js';
import type { Clip } from './clip.js';
import { DemoJobs, type SampleJob } from './jobs.js';
import { LiveOrigin } from './live-origin.js';
import { SHOWN_CAMERA, writeBeforeAfter } from './pictures.js';
import { ARTIFACTS } from './places.js';
import { DEMO, Processes, running } from './processes.js';
import { startRedis, type OwnRedis } from './redis.js';
import { faultsOf, foundBy, folderOf } from './results.js';
import { writeScreenshots } from './screenshots.js';
import { makeTrouble } from './trouble.js';
import { startWorker, type WorkerProcess } from './worker.js';

/** s of video per job */
const WATCH_SECONDS = 10;
/** A job of 10 s with all its retries ends before. */
const DONE_WITHIN_MS = 180_000;
const LOOK_EVERY_MS = 250;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** What the demo was asked for. */
interface Wishes {
  /** End when the artifacts are there. */
  once: boolean;
  /** A folder for a picture of before and after; none unless asked for. */
  pictures: string | undefined;
  /** A folder for pictures of the page; none unless asked for. */
  screenshots: string | undefined;
}

/** What runs, for as long as it does. */
interface Stage {
  clips: ReadonlyMap<string, Clip>;
  origin: LiveOrigin;
  redis: OwnRedis;
  worker: WorkerProcess;
}

async function main(wishes: Wishes): Promise<number> {
  const { once } = wishes;
  const other = running(DEMO);
  if (other) return refuse(other, once);
  const stop = stopSignal();
  const processes = await Processes.take(DEMO);
  const code = await run(processes, stop, wishes).catch((error: unknown) => explain(error, stop, once));
  if (!once) say('Ending…');
  // The worker goes first: it puts its jobs back into a Redis that is still there.
  await processes.end();
  if (once) say(`artifacts: ${ARTIFACTS}`);
  return code;
}

/** One demo per checkout is enough; but what `--once` promises was not done. */
function refuse({ pid, url }: { pid: number; url: string }, once: boolean): number {
  const where = url ? `: ${url}` : '';
  say(`A demo is running already${where} (process ${pid}). End it with: npm run stop`);
  return once ? 1 : 0;
}

function explain(error: unknown, stop: AbortSignal, once: boolean): number {
  if (stop.aborted) return once ? 130 : 0;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
}

/** Aborts on Ctrl+C, `npm run stop` and when the terminal goes away. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => controller.abort());
  return controller.signal;
}

async function run(processes: Processes, stop: AbortSignal, { once, pictures, screenshots }: Wishes): Promise<number> {
  const stopped = new Promise<never>((_, reject) => {
    stop.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
  });
  stopped.catch(() => undefined);
  const stage = await Promise.race([setUp(processes), stopped]);
  try {
    const desk = new DemoJobs(stage.worker.url, say);
    const jobs = await askForJobs(stage, desk);
    const ended = Promise.race([stopped, stage.worker.crashed]);
    await Promise.race([follow(desk, jobs), ended]);
    if (!once || screenshots !== undefined) await Promise.race([makeTrouble(stage), ended]);
    const faults = report(stage, jobs, once);
    if (pictures !== undefined) await showBeforeAfter(pictures, stage, jobs);
    if (screenshots !== undefined)
      say(`The page: ${(await writeScreenshots(screenshots, stage.worker.url)).join('  ')}`);
    if (once) return finish(faults);
    await ended;
    return 0;
  } finally {
    stage.redis.client.disconnect();
  }
}

async function setUp(processes: Processes): Promise<Stage> {
  await rm(ARTIFACTS, { recursive: true, force: true });
  const clips = await prepareClips(processes, say);
  const origin = await LiveOrigin.start(clips);
  say(`Live cameras: ${[...CAMERAS.keys()].map((camera) => origin.url(camera)).join('  ')}`);
  const redis = await startRedis(processes);
  say(`Redis: ${redis.url}`);
  const worker = await startWorker(processes, redis.url, origin.host, await writeCamerasFile(origin));
  processes.announce(worker.url);
  say(`Worker: ${worker.url}`);
  return { clips, origin, redis, worker };
}

/** Asks for a job for each camera, as any client would: over HTTP. */
async function askForJobs({ origin }: Stage, desk: DemoJobs): Promise<SampleJob[]> {
  const orders = [...CAMERAS.keys()].map((cctvId, i) => ({ jobId: `demo-${i + 1}`, cctvId, hls: origin.url(cctvId) }));
  const jobs: SampleJob[] = [];
  for (const order of orders) {
    jobs.push(await desk.ask({ ...order, sec: WATCH_SECONDS }));
    say(`Asked for ${order.jobId}: PUT /api/v1/jobs/${order.jobId} {"cctvId":"${order.cctvId}", …}`);
  }
  return jobs;
}

/** Tells the jobs' progress until all are through. @throws when one fails or takes too long */
async function follow(desk: DemoJobs, jobs: readonly SampleJob[]): Promise<void> {
  const deadline = Date.now() + DONE_WITHIN_MS;
  const waiting = new Set(jobs);
  while (waiting.size > 0) {
    for (const job of [...waiting]) {
      const { state, failure } = await desk.look(job.jobId);
      if (state === 'failed') throw new Error(`${job.jobId} failed: ${failure?.code ?? ''} ${failure?.message ?? ''}`);
      if (state !== 'completed') continue;
      waiting.delete(job);
      say(`  ${job.jobId}: done, ${foundBy(job)}`);
    }
    if (Date.now() > deadline) throw new Error('The jobs are not through after 3 minutes: see .demo/logs/worker.log.');
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Names what came out. @returns what is wrong with it */
function report({ worker }: Stage, jobs: readonly SampleJob[], once: boolean): string[] {
  say('');
  for (const job of jobs) {
    say(`${job.cctvId}: ${relative(process.cwd(), folderOf(job))}`);
    say(`  ${Object.values(INSPECTION_FILES).join('  ')}`);
  }
  say('Look at the empty road with its damage marked:');
  for (const job of jobs) say(`  ${join(folderOf(job), INSPECTION_FILES.damageResult)}`);
  if (!once) {
    say('');
    say(`Open ${worker.url}/ui/ in a browser: damages to review, a camera that is down, a dead letter.`);
    say('On this machine you need no sign-in; with CONTROL_TOKEN set, as in real life, you sign in with a token.');
    say(`The service goes on running: ${worker.url}/docs  ${worker.url}/api/v1/jobs  ${worker.url}/worker/status`);
    say(`What happens, as it happens: curl -N ${worker.url}/api/v1/events`);
    say('Ctrl+C here, or npm run stop anywhere, ends it.');
  }
  return jobs.flatMap(faultsOf);
}

async function showBeforeAfter(folder: string, { clips }: Stage, jobs: readonly SampleJob[]): Promise<void> {
  const job = jobs.find(({ cctvId }) => cctvId === SHOWN_CAMERA)!;
  say(`Before and after: ${await writeBeforeAfter(folder, clips.get(SHOWN_CAMERA)!, job)}`);
}

function finish(faults: readonly string[]): number {
  for (const fault of faults) say(fault);
  return faults.length === 0 ? 0 : 1;
}

/** `--once`, `--pictures <folder>`, `--screenshots <folder>`; folders are named from where the person is, not from where npm runs scripts. */
function wishesOf(words: string[]): Wishes {
  const { values } = parseArgs({
    args: words,
    options: {
      once: { type: 'boolean', default: false },
      pictures: { type: 'string' },
      screenshots: { type: 'string' },
    },
  });
  const from = process.env['INIT_CWD'] ?? process.cwd();
  const placed = (folder: string | undefined) => (folder === undefined ? undefined : resolve(from, folder));
  return { once: values.once, pictures: placed(values.pictures), screenshots: placed(values.screenshots) };
}

process.exit(await main(wishesOf(process.argv.slice(2))));
