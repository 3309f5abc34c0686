import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parentPort } from 'node:worker_threads';

/** As the service measures itself. ms */
const RESOLUTION_MS = 10;
const NS_PER_MS = 1e6;

const monitor = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
monitor.enable();
parentPort?.on('message', () => {
  const ms = (percentile: number): number => Math.max(0, monitor.percentile(percentile) / NS_PER_MS - RESOLUTION_MS);
  parentPort?.postMessage({ p50: ms(50), p99: ms(99), max: ms(100) });
  monitor.reset();
});
