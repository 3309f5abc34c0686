import { openSync } from 'node:fs';
import { join } from 'node:path';
import type { Journal } from './journal.js';

/** The boundaries between the steps of a job, in their order: at each a worker may die. */
export const BOUNDARIES = [
  'before parse',
  'after capture',
  'after background',
  'after damage',
  'after artifacts',
  'before settle',
  'settle sent',
] as const;

export type Boundary = (typeof BOUNDARIES)[number];

/** What a job's payload asks for. */
export interface CrashOrder {
  jobId: string;
  dieAt?: Boundary | undefined;
  /** Dies at every run instead of once. */
  always: boolean;
}

/** Kills this process the hard way where a job asks for it. */
export class Crash {
  constructor(
    private readonly graves: string,
    private readonly journal: Journal,
  ) {}

  /** Does not return when the job asks to die here and has not done so before. */
  at(boundary: Boundary, order: CrashOrder): void {
    if (order.dieAt !== boundary || !(order.always || this.isFirst(order.jobId))) return;
    this.journal.write({ kind: 'dying', at: this.journal.now(), job: order.jobId, boundary });
    process.kill(process.pid, 'SIGKILL');
  }

  /** Whoever makes the file is the first: a killed worker cannot remember. */
  private isFirst(jobId: string): boolean {
    try {
      openSync(join(this.graves, jobId), 'wx');
      return true;
    } catch {
      return false;
    }
  }
}
