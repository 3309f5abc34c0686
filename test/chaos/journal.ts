import { openSync, readFileSync, writeSync } from 'node:fs';

/** What a worker did. `at` is read from the machine's monotonic clock, which all processes share; ms. */
export type JournalLine = { at: number; worker: string } & JournalEvent;

export type JournalEvent =
  | { kind: 'ready' }
  | { kind: 'start'; job: string; entry: string; attempt: number }
  | { kind: 'end'; job: string; entry: string; attempt: number; result: string }
  /** `entries` are held by this worker since `at`, for a visibility timeout. */
  | { kind: 'renewed'; entries: string[] }
  | { kind: 'dying'; job: string; boundary: string }
  | { kind: 'left' };

type Unsigned<T> = T extends unknown ? T & { at: number } : never;

/** Appends to a file that several processes share. A line that was written survives the writer's SIGKILL. */
export class Journal {
  private readonly file: number;

  constructor(
    path: string,
    private readonly worker: string,
  ) {
    this.file = openSync(path, 'a');
  }

  now(): number {
    return monotonicMs();
  }

  write(event: Unsigned<JournalEvent>): void {
    // One write call a line: appends of several processes do not mix.
    writeSync(this.file, `${JSON.stringify({ ...event, worker: this.worker })}\n`);
  }
}

/** Reads a journal in the order of time. */
export function readJournal(path: string): JournalLine[] {
  const text = readFileSync(path, { encoding: 'utf8', flag: 'a+' });
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as JournalLine).sort((a, b) => a.at - b.at);
}

/** The machine's monotonic clock, ms. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}
