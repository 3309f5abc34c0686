import { setTimeout as after } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { LiveOrigin } from '../../demo/live-origin.js';
import type { Service } from '../../test/support/service.js';
import type { Sample } from './samples.js';

/** How late the service's event loop ran in the last one to two minutes, ms. */
export interface Delay {
  p50: number;
  p99: number;
  max: number;
}

const STREAM = 'stream:preprocess';
const LOOK_EVERY_MS = 500;
/** Longer than any of these jobs takes; a run that gets stuck has to end. */
const NOTHING_DONE_FOR_MS = 120_000;

/** A service under load, and what it says of itself meanwhile. */
export class Soak {
  private done = 0;

  constructor(
    private readonly service: Service,
    private readonly redis: Redis,
    private readonly origin: LiveOrigin,
  ) {}

  /** Runs jobs of `seconds` s, the cameras in turns, and samples until all are done. @throws when one fails */
  async run(count: number, cameras: readonly string[], seconds: number): Promise<Sample[]> {
    const samples: Sample[] = [];
    const before = this.done;
    for (let job = 0; job < count; job++) await this.send(cameras[job % cameras.length]!, seconds);
    let lastDoneAt = Date.now();
    while (this.done < before + count) {
      await after(LOOK_EVERY_MS);
      const metrics = await this.read();
      const done = metrics('worker_jobs_total{kind="inspection",outcome="complete"}');
      if (done > this.done) lastDoneAt = Date.now();
      if (Date.now() - lastDoneAt > NOTHING_DONE_FOR_MS)
        throw new Error(`The service is stuck: ${this.service.output}`);
      this.done = done;
      samples.push(sampleOf(metrics, done - before));
    }
    return samples;
  }

  async delay(): Promise<Delay> {
    const metrics = await this.read();
    const ms = (percentile: number): number =>
      1_000 * metrics(`worker_event_loop_delay_seconds{percentile="${percentile}"}`);
    return { p50: ms(50), p99: ms(99), max: ms(100) };
  }

  private async send(camera: string, seconds: number): Promise<void> {
    await this.redis.xadd(STREAM, '*', 'cctvId', camera, 'hls', this.origin.url(camera), 'sec', String(seconds));
  }

  /** All metrics at one moment: gives the value of a series, 0 while it is not there. */
  private async read(): Promise<(series: string) => number> {
    const text = await (await fetch(`${this.service.url}/metrics`)).text();
    const values = new Map(text.split('\n').map((line) => line.split(/ (?=[^ ]*$)/) as [string, string]));
    return (series) => Number(values.get(series) ?? 0);
  }
}

function sampleOf(metrics: (series: string) => number, jobs: number): Sample {
  return {
    jobs,
    rss: metrics('process_resident_memory_bytes'),
    heapUsed: metrics('nodejs_heap_size_used_bytes'),
    external: metrics('nodejs_external_memory_bytes'),
    arrayBuffers: metrics('nodejs_array_buffers_bytes'),
  };
}
