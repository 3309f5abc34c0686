import { existsSync, openSync } from 'node:fs';
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
  /** Where its first worker dies, where its second one, and so on. */
  dieAt: readonly Boundary[];
  /** Every worker dies where the first one does. */
  always: boolean;
}

/** Kills this process the hard way where a job asks for it. */
export class Crash {
  constructor(
    private readonly graves: string,
    private readonly journal: Journal,
  ) {}

  /** Does not return when the job asks to die here. */
  at(boundary: Boundary, { jobId, dieAt, always }: CrashOrder): void {
    const nth = always ? 0 : dieAt.findIndex((_, i) => !existsSync(this.graveOf(jobId, i)));
    if (dieAt[nth] !== boundary || !(always || this.dig(jobId, nth))) return;
    this.journal.write({ kind: 'dying', at: this.journal.now(), job: jobId, boundary });
    process.kill(process.pid, 'SIGKILL');
  }

  /** A killed worker cannot remember: a file does. False when another one was faster. */
  private dig(jobId: string, nth: number): boolean {
    try {
      openSync(this.graveOf(jobId, nth), 'wx');
      return true;
    } catch {
      return false;
    }
  }

  private graveOf(jobId: string, nth: number): string {
    return join(this.graves, `${jobId}-${nth}`);
  }
}
