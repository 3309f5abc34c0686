import { InvalidJobError } from './errors.js';
import type { Fields } from './payload.js';
import { readUrl } from './payload/readers.js';

/** The field of a result that holds the URL to call. It is for us: no client is told. */
export const WEBHOOK_FIELD = 'roadstream:webhook';

/**
 * The URL that is called when the job has ended, not yet checked against the outbound policy; undefined for none.
 * @throws InvalidJobError BAD_FIELD, URL_NOT_ALLOWED
 */
export function readWebhook(fields: Fields): string | undefined {
  const text = fields.get('webhook');
  return text === undefined ? undefined : readUrl('webhook', text, 'https://example.com/road-jobs');
}

/**
 * Refuses a job with a URL to call where nobody calls.
 * @throws InvalidJobError WEBHOOKS_OFF
 */
export function refuseUncalled(fields: Readonly<Record<string, string>>, isOn: boolean): void {
  if (isOn || fields['webhook'] === undefined) return;
  const sentence =
    'The field "webhook" asks for a call, and webhooks are off: have the operator set WEBHOOK_SECRET, or leave it out.';
  throw new InvalidJobError('WEBHOOKS_OFF', sentence);
}
