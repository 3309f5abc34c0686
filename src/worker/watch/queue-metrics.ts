import type { Metrics } from '../../metrics/metrics.js';
import type { LaneStats, QueueStats } from '../../queue/job-queue.js';
import { sumOf } from '../worker-status.js';

/** The numbers of a queue, whoever works on it. */
export type QueueFigures = Omit<QueueStats, 'consumers'>;

/** The numbers of queues as metrics. */
export class QueueMetrics {
  constructor(private readonly metrics: Metrics) {}

  /** A number that nobody knows is no number: alerts see a gap, not an old value. */
  forget(): void {
    const { dlqLength, queueDemand, streamLength, streamLag, streamPending, streamWaiting } = this.metrics;
    const { oldestPending, oldestUndelivered, oldestDue, deadLetters, oldestDeadLetter, oldestUnread } = this.metrics;
    const ages = [oldestPending, oldestUndelivered, oldestDue, oldestDeadLetter, oldestUnread];
    for (const gauge of [dlqLength, queueDemand, streamLength, streamLag, streamPending, streamWaiting, deadLetters])
      gauge.reset();
    for (const gauge of ages) gauge.reset();
  }

  /** @param now by the clock of Redis, ms */
  note(kind: string, stats: QueueFigures | undefined, now: number): void {
    if (stats === undefined) return;
    const { lanes, dlqLength, deadLetters, readers } = stats;
    this.metrics.dlqLength.set({ kind }, dlqLength);
    this.metrics.queueDemand.set({ kind }, sumOf(lanes, 'demand') ?? 0);
    for (const lane of lanes) this.noteLane(kind, lane);
    for (const [code, count] of Object.entries(deadLetters.byCode)) this.metrics.deadLetters.set({ kind, code }, count);
    this.metrics.oldestDeadLetter.set({ kind }, Math.max(0, now - (deadLetters.oldestAt ?? now)) / 1_000);
    for (const { group, oldestUnreadMs = 0 } of readers)
      this.metrics.oldestUnread.set({ kind, group }, oldestUnreadMs / 1_000);
  }

  private noteLane(kind: string, { stream, length, lag, pending, waiting, ...ages }: LaneStats): void {
    this.metrics.streamLength.set({ stream }, length);
    this.metrics.streamLag.set({ stream }, lag);
    this.metrics.streamPending.set({ stream }, pending);
    this.metrics.streamWaiting.set({ stream }, waiting);
    this.metrics.oldestPending.set({ stream }, ages.oldestPendingMs / 1_000);
    this.metrics.oldestUndelivered.set({ kind, stream }, (ages.oldestUndeliveredMs ?? 0) / 1_000);
    this.metrics.oldestDue.set({ kind, stream }, (ages.oldestDueMs ?? 0) / 1_000);
  }
}
