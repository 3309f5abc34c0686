import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';

/** The monitor's timer fires this often; a loop that is never late shows just this. ms */
const RESOLUTION_MS = 10;
const WINDOW_MS = 60_000;
const NS_PER_S = 1e9;

/** How late the event loop ran, over the current and the last full minute. */
export class EventLoopDelay {
  private current = newMonitor();
  private last: IntervalHistogram | undefined;
  private timer: NodeJS.Timeout | undefined;

  start(): void {
    this.timer = setInterval(() => this.turnOver(), WINDOW_MS).unref();
  }

  stop(): void {
    clearInterval(this.timer);
    this.current.disable();
  }

  /** s; the worse of both windows. */
  percentile(p: number): number {
    const windows = this.last === undefined ? [this.current] : [this.current, this.last];
    const worst = Math.max(...windows.map((window) => (window.count === 0 ? 0 : window.percentile(p))));
    return Math.max(0, worst / NS_PER_S - RESOLUTION_MS / 1_000);
  }

  private turnOver(): void {
    this.current.disable();
    this.last = this.current;
    this.current = newMonitor();
  }
}

function newMonitor(): IntervalHistogram {
  const monitor = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  monitor.enable();
  return monitor;
}
