import { objectionToUrl } from '../../lib/http-url.js';
import { isWebhookSecrets } from '../../outbound/signature.js';
import { amount, line, redisKey, secret, shaped, whole } from './rows.js';

/** Who is called when a job has ended; docs/webhooks.md says how. */
export const WEBHOOKS = {
  Webhooks: {
    WEBHOOKS_FILE: line(undefined, 'A JSON file of endpoints that are called when jobs have ended; docs/webhooks.md.'),
    WEBHOOK_URL: secret(
      shaped(
        undefined,
        'an http or https URL',
        (text) => objectionToUrl(text, '') === undefined,
        'Called with ?job_id= when any job has ended.',
      ),
    ),
    WEBHOOK_SECRET: secret(
      shaped(
        undefined,
        'whsec_ and 24 to 64 bytes in base64: echo whsec_$(openssl rand -base64 32); while one is replaced two, the new one first, with a comma between',
        isWebhookSecrets,
        'Signs calls of WEBHOOK_URL and of the field webhook of jobs. Any of these three turns webhooks on.',
      ),
    ),
    WEBHOOK_STREAM: redisKey('stream:webhooks', 'Calls that are to be made.'),
    WEBHOOK_DLQ_STREAM: redisKey('stream:webhooks:dlq', 'Where calls that were given up wait for a person.'),
    WEBHOOK_CONCURRENCY: whole(8, { min: 1, max: 64, unit: 'calls' }, 'Calls at once, half of them to one receiver.'),
    WEBHOOK_GIVE_UP_HOURS: amount(
      24,
      { min: 0.0001, max: 168, unit: 'hours' },
      'A call that failed for so long is given up, and an endpoint switched off.',
    ),
  },
};
