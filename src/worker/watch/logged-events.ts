import { MACHINE_CLOCK, type Clock } from '../../lib/clock.js';
import { describeError, JobError, type ErrorKind } from '../../job/errors.js';
import type { StepTiming } from '../../job/handler.js';
import type { KindSpec } from '../../job/kind.js';
import type { Outcome } from '../../job/outcome.js';
import { redactText } from '../../lib/redact.js';
import type { Log } from '../../log/log.js';
import type { LettersDropped } from '../../queue/dead-letters/letter-keeper.js';
import type { GroupRemade, Settlement, Tidying } from '../../queue/job-queue.js';
import type { Metrics } from '../../metrics/metrics.js';
import type { JobRun } from '../loop/job-run.js';
import type { RedisOutages } from './redis-outages.js';
import type { WorkerEvents } from '../loop/worker-events.js';

/** Nothing went wrong with the job: it comes again later. What holds it up is logged once, where it is noticed. */
const PUT_OFF: readonly ErrorKind[] = ['rate_limited', 'outage'];

/** Every way that a delivery ends. */
const OUTCOMES = [
  'complete',
  'retry',
  'snooze',
  'discard',
  'release',
  'cancel',
  'abandon',
] as const satisfies readonly Outcome['kind'][];

/** Ended from outside: nothing went wrong with the job. */
const ENDED_EARLY: readonly ErrorKind[] = ['stopping', 'cancelled', 'lease_lost'];

/** An engine's events as log lines and metrics. Every sentence that the engine logs stands here. */
export class LoggedEvents implements WorkerEvents {
  /** Why a run could not be settled, as it was logged last. */
  private readonly unsettled = new WeakMap<JobRun, string>();

  constructor(
    private readonly log: Log,
    private readonly metrics: Metrics,
    private readonly spec: Pick<KindSpec, 'kind'> & Partial<Pick<KindSpec, 'needs'>>,
    private readonly outages: Pick<RedisOutages, 'lost' | 'back'>,
    private readonly clock: Clock = MACHINE_CLOCK,
  ) {
    const { kind } = spec;
    // An alert on a counter's growth needs to have seen it at 0.
    for (const counter of [metrics.unexpected, metrics.rescued, metrics.trimmed, metrics.groupsRemade])
      counter.inc({ kind }, 0);
    for (const outcome of OUTCOMES) metrics.jobs.inc({ kind, outcome }, 0);
    for (const reason of ['age', 'number']) metrics.lettersDropped.inc({ kind, reason }, 0);
  }

  started(run: JobRun): void {
    if (!run.delivery.again && run.job !== undefined) {
      this.metrics.queueWait.observe({ kind: this.kind }, Math.max(0, this.clock.now() - run.job.enqueuedAt) / 1_000);
    }
    this.log.info(this.who(run), 'job started');
  }

  readonly stepFinished = (run: JobRun, { step, durationMs }: StepTiming): void => {
    this.metrics.stepDuration.observe({ kind: this.kind, step }, durationMs / 1_000);
    this.log.debug({ ...this.who(run), step, durationMs }, 'step finished');
  };

  failed(run: JobRun, error: unknown): void {
    const { code, message, step, unexpected } = describeError(error);
    if (error instanceof JobError && PUT_OFF.includes(error.kind)) {
      this.log.debug({ ...this.who(run), step, code, reason: redactText(message) }, 'job put off');
      return;
    }
    if (error instanceof JobError && ENDED_EARLY.includes(error.kind)) {
      this.log.info({ ...this.who(run), step, code, reason: redactText(message) }, 'job ended early');
      return;
    }
    this.metrics.failures.inc({ kind: this.kind, code });
    if (unexpected) this.metrics.unexpected.inc({ kind: this.kind });
    const stack = unexpected && error instanceof Error ? { stack: redactText(error.stack ?? '') } : {};
    const line = { ...this.who(run), step, code, reason: redactText(message), ...stack };
    if (unexpected) this.log.error(line, 'job failed unexpectedly');
    else this.log.warn(line, 'job failed');
  }

  settled(run: JobRun, outcome: Outcome, settlement: Settlement): void {
    const durationMs = Date.now() - run.startedAt;
    this.metrics.jobs.inc({ kind: this.kind, outcome: outcome.kind });
    this.metrics.jobDuration.observe({ kind: this.kind, outcome: outcome.kind }, durationMs / 1_000);
    const delay = 'delayMs' in outcome ? { delayMs: outcome.delayMs } : {};
    const gone = settlement === 'gone' ? { entryGone: true } : {};
    const line = { ...run.facts, ...this.who(run), outcome: outcome.kind, durationMs, ...delay, ...gone };
    // A job that waits for its camera may be put off a hundred times.
    if (outcome.kind === 'snooze') this.log.debug(line, 'job settled');
    else this.log.info(line, 'job settled');
  }

  settleFailed(run: JobRun, error: unknown): void {
    const reason = reasonOf(error);
    // It is tried twice a second, for as long as Redis is away or refuses.
    if (this.unsettled.get(run) === reason) return;
    this.unsettled.set(run, reason);
    this.log.warn({ ...this.who(run), reason }, 'could not settle the job; trying again');
  }

  entryGone(run: JobRun): void {
    this.log.warn(this.who(run), 'Redis has lost the entry of a job in hand (a flush or a failover); the job goes on');
  }

  groupRemade({ stream, after, restored }: GroupRemade): void {
    this.metrics.groupsRemade.inc({ kind: this.kind });
    const line = { kind: this.kind, stream, after, restored };
    if (after === undefined) {
      this.log.error(line, 'the stream was deleted, or its group destroyed: began anew at the start of the stream');
      return;
    }
    this.log.error(
      line,
      'the consumer group was destroyed: went on where it was. Jobs that waited for a retry are back; jobs that dead ' +
        'workers had in hand are not: add those again',
    );
  }

  rescued(count: number): void {
    this.metrics.rescued.inc({ kind: this.kind }, count);
    this.log.debug({ count }, 'deliveries taken up again');
  }

  graceBegan(): void {
    this.log.info(
      'nobody looked at the queue for a while, so Redis was away: leases that look expired are left alone for up to ' +
        'half of REDIS_VISIBILITY_TIMEOUT, so that their workers can renew them',
    );
  }

  leasesAtRisk(message: string): void {
    this.log.error({ reason: redactText(message) }, 'leases are not renewed');
  }

  trimmed(entryIds: readonly string[]): void {
    this.metrics.trimmed.inc({ kind: this.kind }, entryIds.length);
    this.log.error(
      { count: entryIds.length, entryIds: entryIds.slice(0, 20) },
      'entries were removed from the stream before they were finished: raise MAXLEN where the producer adds them',
    );
  }

  cameraDown(camera: string, failures: number): void {
    if (this.spec.needs?.receivers !== true)
      this.log.warn({ cctvId: camera, failures }, 'the camera is down: its jobs wait while one at a time tests it');
    else this.log.warn({ receiver: camera, failures }, 'the receiver is down: what is meant for it waits');
  }

  cameraBack(camera: string): void {
    if (this.spec.needs?.receivers !== true) this.log.info({ cctvId: camera }, 'the camera is back');
    else this.log.info({ receiver: camera }, 'the receiver is back');
  }

  private get kind(): string {
    return this.spec.kind;
  }

  tidied({ trimmed, consumersRemoved, lettersDropped }: Tidying): void {
    if (lettersDropped !== undefined) this.dropped(lettersDropped);
    if (trimmed + consumersRemoved === 0) return;
    this.log.debug({ trimmed, consumersRemoved }, 'tidied the queue up');
  }

  private dropped({ tooOld, tooMany }: LettersDropped): void {
    this.metrics.lettersDropped.inc({ kind: this.kind, reason: 'age' }, tooOld);
    this.metrics.lettersDropped.inc({ kind: this.kind, reason: 'number' }, tooMany);
    this.log.warn({ tooOld, tooMany }, 'deleted dead letters for good: older than DLQ_KEEP_DAYS, or more than DLQ_MAX');
  }

  producerMisdirected(warning: string): void {
    this.log.warn(warning);
  }

  straysReleased(count: number): void {
    this.log.warn({ count }, 'released deliveries whose reply was lost on the way');
  }

  redisLost(error: unknown): void {
    this.outages.lost(this, error);
  }

  redisBack(afterMs: number): void {
    this.outages.back(this, afterMs);
  }

  draining(inHand: number): void {
    this.log.info({ kind: this.kind, inHand }, 'stopping: waiting for the jobs in hand');
  }

  drained(finished: boolean, leftInHand: number): void {
    if (finished) this.log.info({ kind: this.kind }, 'all jobs in hand have ended');
    else
      this.log.warn(
        { kind: this.kind, leftInHand },
        'the grace period is over: the jobs in hand were released to other workers',
      );
  }

  private who(run: JobRun): Record<string, unknown> {
    const { delivery, job, attempt, worker, trace } = run;
    const jobId = job?.jobId ?? delivery.sourceId;
    return { kind: this.kind, jobId, cctvId: job?.cctvId, attempt, worker, trace_id: trace?.ids.traceId };
  }
}

function reasonOf(error: unknown): string {
  return redactText(describeError(error).message);
}
