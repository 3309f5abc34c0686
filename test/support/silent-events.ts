import type { WorkerEvents } from '../../src/worker/loop/worker-events.js';

const nothing = (): void => undefined;

/** Events that nobody hears; a test overrides the one it waits for. */
export function silentEvents(overrides: Partial<WorkerEvents> = {}): WorkerEvents {
  return {
    started: nothing,
    stepFinished: nothing,
    failed: nothing,
    settled: nothing,
    settleFailed: nothing,
    entryGone: nothing,
    groupRemade: nothing,
    rescued: nothing,
    graceBegan: nothing,
    leasesAtRisk: nothing,
    trimmed: nothing,
    straysReleased: nothing,
    tidied: nothing,
    producerMisdirected: nothing,
    cameraDown: nothing,
    cameraBack: nothing,
    redisLost: nothing,
    redisBack: nothing,
    draining: nothing,
    drained: nothing,
    ...overrides,
  };
}
