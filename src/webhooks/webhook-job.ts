import { InvalidJobError } from '../job/errors.js';
import type { Job } from '../job/handler.js';
import type { RawPayload } from '../job/payload.js';
import { toFields } from '../redis/fields.js';

/** A call that is to be made. */
export interface WebhookJob extends Job {
  /** The same in all tries, and for all who are told of the event. */
  readonly messageId: string;
  /** The endpoint to call, by its name; empty: {@link url}. */
  readonly endpoint: string;
  /** The URL that the ended job named itself. May carry secrets. */
  readonly url: string | undefined;
  /** The job that has ended. */
  readonly ofJob: string;
  /** What is sent, as it is. */
  readonly message: string;
  readonly receiver: string;
}

/** What {@link callFields} makes a payload of. */
export interface Call {
  readonly jobId: string;
  readonly messageId: string;
  readonly type: string;
  readonly cctvId: string;
  readonly ofJob: string;
  readonly to: { readonly endpoint: string } | { readonly url: string };
  readonly message: string;
  /** ms since the epoch */
  readonly enqueuedAt: number;
}

/** A call as an entry of the stream holds it. */
export function callFields({
  jobId,
  messageId,
  type,
  cctvId,
  ofJob,
  to,
  message,
  enqueuedAt,
}: Call): Record<string, string> {
  const whom = 'endpoint' in to ? { endpoint: to.endpoint } : { webhook: to.url };
  return { jobId, cctvId, event: messageId, type, ...whom, ofJob, message, enqueuedAt: String(enqueuedAt) };
}

/**
 * Reads a call. Only we write them: nothing is guessed at.
 * @throws InvalidJobError MISSING_FIELD, BAD_FIELD
 */
export function parseWebhookJob(payload: RawPayload, entryId: string): WebhookJob {
  const fields = toFields(payload);
  const need = (name: string): string => fields[name] ?? missing(name);
  const endpoint = fields['endpoint'] ?? '';
  const url = endpoint === '' ? need('webhook') : undefined;
  return {
    jobId: fields['jobId'] ?? entryId,
    cctvId: fields['cctvId'] ?? '',
    messageId: need('event'),
    endpoint,
    url,
    ofJob: need('ofJob'),
    message: need('message'),
    receiver: url === undefined ? endpoint : originOf(url),
    priorAttempts: 0,
    enqueuedAt: Number(fields['enqueuedAt'] ?? Number.parseInt(entryId, 10)),
  };
}

/** The server of a URL, without what may be secret. */
export function originOf(url: string): string {
  if (URL.canParse(url)) return new URL(url).origin;
  throw new InvalidJobError('BAD_FIELD', 'The field "webhook" must be an absolute URL.', { step: 'parse' });
}

function missing(name: string): never {
  throw new InvalidJobError('MISSING_FIELD', `The field "${name}" is missing: only the service writes such jobs.`, {
    step: 'parse',
  });
}
