import { setTimeout as after } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { probeGpus } from './gpu-probe.js';

const SAMPLE_EVERY_MS = 2_000;
/** A GPU that is not there seldom comes. */
const LOOK_FOR_GPU_EVERY_MS = 60_000;

/** Samples in a thread: systeminformation runs nvidia-smi synchronously, which may take seconds on a busy GPU. */
let wasSeen = false;
for (;;) {
  const free = await probeGpus().catch(() => []);
  wasSeen ||= free.length > 0;
  // A GPU does not vanish: a look that found none failed, and what we know stands until it is too old.
  if (free.length > 0 || !wasSeen) parentPort?.postMessage(free);
  await after(wasSeen ? SAMPLE_EVERY_MS : LOOK_FOR_GPU_EVERY_MS);
}
