import type { RoadEvent } from './road-event.js';

/** A job's progress is told this often at most. ms */
const EVERY_MS = 1_000;
/** What was held back is looked at this often. ms */
const LOOK_EVERY_MS = 200;

interface Paced {
  toldAt: number;
  held: RoadEvent | undefined;
}

/**
 * Lets the progress of each job pass once a second: what comes in between is held back, the newest is told when the second is
 * over, and not at all when something else happened to the job meanwhile. It knows only jobs of the last second.
 */
export class ProgressPacer {
  private readonly jobs = new Map<string, Paced>();
  private timer: NodeJS.Timeout | undefined;

  /** @param late told of what was held back, once it is due */
  constructor(private readonly late: (events: RoadEvent[]) => void) {}

  /** What may be told now of these. */
  pass(events: readonly RoadEvent[]): RoadEvent[] {
    return events.filter((event) => this.mayPass(event, performance.now()));
  }

  /** Forgets everything. */
  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.jobs.clear();
  }

  private mayPass(event: RoadEvent, now: number): boolean {
    if (event.jobId === '') return true;
    const job = `${event.kind} ${event.jobId}`;
    const known = this.jobs.get(job);
    if (event.type !== 'job.progress') {
      if (known !== undefined) known.held = undefined;
      return true;
    }
    if (known !== undefined && now - known.toldAt < EVERY_MS) {
      known.held = event;
      return false;
    }
    this.jobs.set(job, { toldAt: now, held: undefined });
    this.timer ??= setInterval(() => this.look(performance.now()), LOOK_EVERY_MS).unref();
    return true;
  }

  private look(now: number): void {
    const due: RoadEvent[] = [];
    for (const [job, paced] of this.jobs) {
      if (now - paced.toldAt < EVERY_MS) continue;
      if (paced.held === undefined) {
        this.jobs.delete(job);
        continue;
      }
      due.push(paced.held);
      paced.toldAt = now;
      paced.held = undefined;
    }
    if (this.jobs.size === 0) this.stop();
    if (due.length > 0) this.late(due);
  }
}

/** Of events that were missed, a job's progress is left out where a later event of the job is among them. */
export function withoutOldProgress(events: readonly RoadEvent[]): RoadEvent[] {
  const later = new Set<string>();
  const kept = events.toReversed().filter(({ type, jobId, kind }) => {
    const job = `${kind} ${jobId}`;
    const isOld = type === 'job.progress' && later.has(job);
    later.add(job);
    return !isOld;
  });
  return kept.toReversed();
}
