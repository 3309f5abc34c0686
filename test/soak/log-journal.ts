import { monotonicMs, type JournalLine } from '../chaos/journal.js';

/** A line of the service's log, as far as this matters here. */
interface LogLine {
  time: string;
  message: string;
  jobId?: string;
  attempt?: number;
  outcome?: string;
}

/**
 * A run ends when its handler does. That is told before the job is settled where it failed: by the time of the second line
 * another worker may have it. A run that completed has the second line alone.
 */
const ENDS = new Set(['job failed', 'job failed unexpectedly', 'job ended early', 'job put off', 'job settled']);

/** What workers did, read from their logs. */
export class LogJournal {
  private readonly unsorted: JournalLine[] = [];
  /** Log lines that tell of what must never happen. */
  readonly alarms: string[] = [];

  /** In the order of time. */
  get lines(): JournalLine[] {
    return this.unsorted.toSorted((a, b) => a.at - b.at);
  }

  /** Takes a line that a worker wrote. */
  add(worker: string, text: string): void {
    const line = parse(text);
    if (line === undefined) return void this.alarms.push(`${worker} wrote what is no log line: ${text.slice(0, 200)}`);
    if (isAlarming(line)) this.alarms.push(`${worker}: ${text.slice(0, 500)}`);
    const { jobId: job, attempt = 0, outcome } = line;
    if (job === undefined) return;
    const who = { at: monotonicOf(line.time), worker, job, entry: job, attempt };
    if (line.message === 'job started') this.unsorted.push({ kind: 'start', ...who });
    else if (ENDS.has(line.message))
      this.unsorted.push({ kind: 'end', ...who, result: outcome === 'complete' ? 'ok' : 'not done' });
  }
}

function parse(text: string): LogLine | undefined {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return undefined;
  }
}

function isAlarming({ message, outcome }: LogLine): boolean {
  return message === 'job failed unexpectedly' || (message === 'job settled' && outcome === undefined);
}

/** A time of the clock on the wall, as the monotonic clock has it. */
function monotonicOf(time: string): number {
  return Date.parse(time) - (Date.now() - monotonicMs());
}
