import { setTimeout as after } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { probeGpus } from './gpu-probe.js';

const SAMPLE_EVERY_MS = 2_000;
/** A GPU that is not there seldom comes. */
const LOOK_FOR_GPU_EVERY_MS = 60_000;

/** Samples in a thread: systeminformation runs nvidia-smi synchronously, which may take seconds on a busy GPU. */
for (;;) {
  const free = await probeGpus().catch(() => []);
  parentPort?.postMessage(free);
  await after(free.length > 0 ? SAMPLE_EVERY_MS : LOOK_FOR_GPU_EVERY_MS);
}
