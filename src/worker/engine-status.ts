import type { QueueStats } from '../queue/job-queue.js';
import type { EngineStatusDto } from './api/status.dto.js';
import { heldBack, isClaiming, type Engine } from './engine.js';
import type { RunningEngine } from './engines.js';
import { breakerStatus, jobStatus, sumOf } from './worker-status.js';

/** The plain shape of what {@link EngineStatusDto} describes. */
type EngineStatus = Pick<EngineStatusDto, keyof EngineStatusDto>;

/** One engine and its group, as `/worker/status` shows them. */
export async function engineStatus({ engine, spec, monitor }: RunningEngine): Promise<EngineStatus> {
  const { inHand, outage, queue, breaker } = engine;
  const stats = await monitor.read();
  const now = Date.now();
  return {
    state: stateOf(engine),
    claiming: isClaiming(engine),
    heldBackBecause: heldBack(engine),
    consumer: queue.consumer,
    group: spec.queue.group,
    concurrency: concurrencyOf(engine),
    jobs: inHand.list().map((run) => jobStatus(run, now)),
    cameras: (breaker?.list(now) ?? []).map(breakerStatus),
    redisAwayMs: outage.startedAt === undefined || outage.refusal !== undefined ? null : now - outage.startedAt,
    ...groupStatus(stats, queue.consumer),
  };
}

/** What there is to say where no engine runs. */
export function noEngineStatus(isDraining: boolean): EngineStatus {
  return {
    state: isDraining ? 'draining' : 'running',
    claiming: false,
    heldBackBecause: ['This process runs no jobs: its ROLES name neither inspect nor assess with a Gemini key.'],
    consumer: '',
    group: '',
    concurrency: { limit: 0, inUse: 0 },
    jobs: [],
    cameras: [],
    redisAwayMs: null,
    ...groupStatus(undefined, ''),
  };
}

export function concurrencyOf({ pool }: Engine): { limit: number; inUse: number } {
  return { limit: pool.limit, inUse: pool.inUse };
}

export function stateOf({ worker, pause, groupPause }: Engine): EngineStatusDto['state'] {
  if (worker.isDraining) return 'draining';
  return pause.isPaused || groupPause.isPaused ? 'paused' : 'running';
}

function groupStatus(stats: QueueStats | undefined, consumer: string) {
  const lanes = stats?.lanes;
  return {
    streamLength: sumOf(lanes, 'length'),
    lag: sumOf(lanes, 'lag'),
    pending: sumOf(lanes, 'pending'),
    demand: sumOf(lanes, 'demand'),
    dlqLength: stats?.dlqLength ?? null,
    streams: lanes ?? [],
    otherConsumers: (stats?.consumers ?? []).filter(({ name }) => name !== consumer),
  };
}
