import type { JobIntake } from '../../../src/job/intake.js';
import type { KindSpec } from '../../../src/job/kind.js';
import { parseWaitingJob } from '../two-kinds/waiting.handler.js';

/** A kind that the service does not know: all that it takes to add one is this value, a handler and its module. */
export function errandKind(): KindSpec {
  return {
    kind: 'errand',
    runsHere: true,
    isUsed: true,
    queue: {
      lanes: ['stream:errands:high', 'stream:errands'],
      dlq: 'stream:errands:dlq',
      results: 'stream:errands:results',
      group: 'runners',
    },
    concurrency: 2,
    maxRetry: 1,
    timeoutMs: 60_000,
    timeoutVariable: 'ERRAND_TIMEOUT_SECONDS',
    longestRunMs: 60_000,
    needs: {},
  };
}

/** How errands are taken over HTTP. */
export function errandIntake(): JobIntake {
  return {
    fields: ['cctvId', 'until'],
    files: [],
    complete: (fields) => fields,
    parse: parseWaitingJob,
    urlOf: () => undefined,
  };
}
