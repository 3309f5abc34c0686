import type { NamedSecrets } from './sources/named-secrets.js';
import { itemsOf } from './table/rows.js';
import type { Env } from './table/table.js';

const HOUR_MS = 3_600_000;

/** Who is called when jobs have ended. */
export interface WebhooksConfig {
  /** Whether anybody is called. */
  readonly isOn: boolean;
  /** Path of the JSON file of endpoints; undefined when there is none. */
  readonly file: string | undefined;
  /** Variables that the file may name. */
  readonly variables: NamedSecrets;
  /** Called with `?job_id=` for every job; may carry secrets. */
  readonly url: string | undefined;
  /** Sign calls of `url` and of jobs' own URLs, the newest first; empty: they are not signed. */
  readonly secrets: readonly string[];
  readonly stream: string;
  readonly dlqStream: string;
  /** Calls at once when the worker starts. */
  readonly concurrency: number;
  /** A call that failed for so long is given up, an endpoint switched off. ms */
  readonly giveUpAfterMs: number;
}

/** The checked variables about webhooks as a group. */
export function groupWebhooks(env: Env, variables: NamedSecrets): WebhooksConfig {
  return {
    isOn: (env.WEBHOOKS_FILE ?? env.WEBHOOK_URL ?? env.WEBHOOK_SECRET) !== undefined,
    file: env.WEBHOOKS_FILE,
    variables,
    url: env.WEBHOOK_URL,
    secrets: itemsOf(env.WEBHOOK_SECRET),
    stream: env.WEBHOOK_STREAM,
    dlqStream: env.WEBHOOK_DLQ_STREAM,
    concurrency: env.WEBHOOK_CONCURRENCY,
    giveUpAfterMs: env.WEBHOOK_GIVE_UP_HOURS * HOUR_MS,
  };
}
