import type { Config } from '../config/config.js';
import type { KindSpec } from '../job/kind.js';

/** The consumer group of those who call. */
export const WEBHOOK_GROUP = 'callers';
/** One call takes no longer, from the look-up of the name to the status of the answer. ms */
export const CALL_TIMEOUT_MS = 15_000;
/** A call is made within {@link CALL_TIMEOUT_MS}; what else a delivery does are a few questions to Redis. ms */
const RUN_TIMEOUT_MS = 60_000;
/** Two tries are never further apart. ms */
const LONGEST_DELAY_MS = 3_600_000;
/** How long a call is tried is said in hours, not in tries; no delay is so short that this many fit into that time. */
const MOST_TRIES = 10_000;

/** Webhooks: receivers are called when other jobs have ended. */
export function webhookKind({ webhooks, roles }: Config): KindSpec {
  const { isOn, stream, dlqStream, concurrency, giveUpAfterMs } = webhooks;
  return {
    kind: 'webhook',
    runsHere: roles.relay && isOn,
    isUsed: isOn,
    queue: {
      lanes: [stream],
      dlq: dlqStream,
      group: WEBHOOK_GROUP,
      variables: {
        stream: 'WEBHOOK_STREAM',
        high: 'WEBHOOK_STREAM',
        dlq: 'WEBHOOK_DLQ_STREAM',
        results: 'WEBHOOK_STREAM',
      },
    },
    concurrency,
    maxRetry: MOST_TRIES,
    timeoutMs: RUN_TIMEOUT_MS,
    timeoutVariable: 'JOB_TIMEOUT_SECONDS',
    longestRunMs: RUN_TIMEOUT_MS,
    needs: { receivers: true },
    patience: { longestDelayMs: LONGEST_DELAY_MS, giveUpAfterMs },
  };
}
