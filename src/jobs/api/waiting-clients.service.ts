import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { abortedBy } from '../../lib/aborted-by.js';
import type { JobView } from '../job-view.js';
import { untilEnded } from './prefer.js';

/** Clients that wait at the same time; each of them costs a look at Redis every half second. */
export const MOST_WAITING_CLIENTS = 200;

/** The clients whose answer waits for the end of a job. A worker that stops lets them go: none of them holds it up. */
@Injectable()
export class WaitingClients implements OnModuleDestroy {
  private readonly stopping = new AbortController();
  private count = 0;

  onModuleDestroy(): void {
    this.stopping.abort();
  }

  /** As `untilEnded`, or undefined at once while `MOST_WAITING_CLIENTS` wait already: a server may leave such a wish. */
  async wait(look: () => Promise<JobView>, waitMs: number, leaving: AbortSignal): Promise<JobView | undefined> {
    if (this.count >= MOST_WAITING_CLIENTS) return undefined;
    this.count++;
    try {
      return await abortedBy([leaving, this.stopping.signal], (signal) => untilEnded(look, waitMs, signal));
    } finally {
      this.count--;
    }
  }
}
