import { redactUrl } from '../../lib/redact.js';
import type { EndpointState } from '../endpoints/endpoint-states.js';
import { HOOK_TYPES, type Endpoint } from '../endpoints/endpoint.js';
import type { EndpointDto } from './webhooks.dto.js';

/** An endpoint as operators see it. */
export function endpointView(endpoint: Endpoint, { off, failingSince, failure, workedAt }: EndpointState): EndpointDto {
  const { name, url, events, cameras, secrets } = endpoint;
  const why = off ?? failure;
  return {
    name,
    url: redactUrl(url),
    events: [...(events ?? HOOK_TYPES)],
    cameras: cameras === undefined ? null : [...cameras],
    isSigned: secrets.length > 0,
    state: off !== undefined ? 'off' : failingSince !== undefined ? 'failing' : 'on',
    since: timeOf(off?.since ?? failingSince),
    code: why?.code ?? null,
    message: why?.message ?? null,
    workedAt: timeOf(workedAt),
    switchOn: off === undefined ? null : `POST /api/v1/webhooks/${name}/on`,
  };
}

function timeOf(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
