import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ARTIFACTS, DEMO_FOLDER, ROOT } from './places.js';
import type { Processes } from './processes.js';
import { freePort } from './redis.js';

const READY_WITHIN_MS = 60_000;
const ASK_EVERY_MS = 200;

/** The service as a child process. */
export interface WorkerProcess {
  url: string;
  /** Rejects when the process ends by itself, with the last lines of its log. */
  crashed: Promise<never>;
}

/** Starts the service against the demo's Redis and origin, and waits until it is ready. */
export async function startWorker(
  processes: Processes,
  redisUrl: string,
  originHost: string,
  camerasFile: string,
): Promise<WorkerProcess> {
  const port = await freePort();
  // A folder of its own, so that a `.env` in the checkout is not read.
  const cwd = join(DEMO_FOLDER, 'worker');
  mkdirSync(cwd, { recursive: true });
  const child = processes.start('worker', process.execPath, [join(ROOT, 'dist', 'src', 'main.js')], {
    cwd,
    env: environment(port, redisUrl, originHost, camerasFile),
  });
  const worker = { url: `http://127.0.0.1:${port}`, crashed: crashOf(child, processes.logOf('worker')) };
  // Somebody may listen only later.
  worker.crashed.catch(() => undefined);
  await Promise.race([ready(worker.url, processes.logOf('worker')), worker.crashed]);
  return worker;
}

/** Nothing of the caller's environment but what programs need to run: the demo is the same everywhere. */
function environment(port: number, redisUrl: string, originHost: string, camerasFile: string): NodeJS.ProcessEnv {
  const { PATH, HOME, LANG, TMPDIR } = process.env;
  return {
    PATH,
    HOME,
    LANG,
    TMPDIR,
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(port),
    REDIS_URL: redisUrl,
    ARTIFACTS_DIR: ARTIFACTS,
    // Cameras on the loopback are refused otherwise, and rightly so.
    OUTBOUND_ALLOW: originHost,
    CAMERAS_FILE: camerasFile,
    // The camera that is down is so at once.
    CAMERA_DOWN_AFTER_FAILURES: '1',
    MAX_CONCURRENCY: '3',
    LOG_LEVEL: 'info',
    // Whoever presses Ctrl+C does not want to wait for jobs that nobody will look at.
    SHUTDOWN_GRACE_SECONDS: '3',
  };
}

function crashOf(child: ChildProcess, log: string): Promise<never> {
  return new Promise((_, reject) => {
    child.once('exit', (code, signal) => {
      const end = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-20).join('\n');
      reject(new Error(`The worker ended by itself (${signal ?? `exit code ${code}`}). Its last lines:\n${end}`));
    });
  });
}

async function ready(url: string, log: string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await answers(`${url}/health/ready`))) {
    if (Date.now() > deadline) throw new Error(`The worker is not ready after 60 s: see ${log}.`);
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}
