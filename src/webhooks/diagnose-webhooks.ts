import { fail, ok, warn, type Diagnosis } from '../lib/diagnosis.js';
import { messageOf } from '../job/errors.js';
import { hostOf, portOf, type OutboundPolicy } from '../outbound/outbound-policy.js';
import { openEndpoints } from './endpoints/open-endpoints.js';
import type { Endpoint } from './endpoints/endpoint.js';
import { WebhooksFileError } from './endpoints/webhooks-file.error.js';
import type { WebhookSettings } from './webhook-settings.js';

const SUBJECT = 'webhooks';

/** Whether endpoints can be read, and may be called. Calls none. */
export async function diagnoseWebhooks(
  settings: WebhookSettings & { readonly isOn: boolean },
  policy: OutboundPolicy,
): Promise<Diagnosis[]> {
  if (!settings.isOn) return [ok(SUBJECT, 'Off: no WEBHOOKS_FILE, WEBHOOK_URL or WEBHOOK_SECRET.')];
  try {
    const { all } = await openEndpoints(settings);
    const found = await Promise.all(all.map((endpoint) => diagnoseEndpoint(endpoint, policy)));
    const own = settings.secrets.length > 0 ? 'signed' : 'not signed: no WEBHOOK_SECRET';
    return [ok(SUBJECT, `${all.length} endpoints; calls of the field webhook of jobs are ${own}.`), ...found.flat()];
  } catch (error) {
    if (error instanceof WebhooksFileError) return error.problems.map((problem) => fail(SUBJECT, problem));
    throw error;
  }
}

async function diagnoseEndpoint({ name, url, secrets }: Endpoint, policy: OutboundPolicy): Promise<Diagnosis[]> {
  const unsigned = secrets.length > 0 ? [] : [warn(SUBJECT, `${name}: calls are not signed; set WEBHOOK_SECRET.`)];
  try {
    const checked = policy.checkUrl(url);
    await policy.resolve(hostOf(checked), portOf(checked));
    return unsigned;
  } catch (error) {
    const sentence = `${name}: it would not be called (${messageOf(error)}). If it is one of yours, allow it by OUTBOUND_ALLOW.`;
    return [...unsigned, fail(SUBJECT, sentence)];
  }
}
