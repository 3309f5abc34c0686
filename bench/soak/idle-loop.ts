import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Delay } from './soak.js';

/** An event loop with nothing to do: it runs late only when the machine has no core for it. */
export class IdleLoop {
  private readonly thread = new Worker(new URL('./idle.thread.js', import.meta.url));

  /** How late it ran since the last call. */
  async delay(): Promise<Delay> {
    const answer = once(this.thread, 'message') as Promise<[Delay]>;
    this.thread.postMessage('read');
    return (await answer)[0];
  }

  async stop(): Promise<void> {
    await this.thread.terminate();
  }
}
