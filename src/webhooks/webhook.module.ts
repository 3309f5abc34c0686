import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { JobHandler } from '../job/handler.js';
import { Clock } from '../lib/clock.js';
import { LOG, type Log } from '../log/log.js';
import { GuardedPost } from '../outbound/guarded-post.js';
import { OutboundPolicy } from '../outbound/outbound-policy.js';
import { EndpointStates } from './endpoints/endpoint-states.js';
import { Endpoints } from './endpoints/endpoint.js';
import { EndpointsModule } from './endpoints/endpoints.module.js';
import { WebhookHandler } from './webhook.handler.js';
import { CALL_TIMEOUT_MS } from './webhook.kind.js';

/** Of all slots one receiver gets at most this share. */
const SHARE_OF_ONE = 0.5;

/** What a webhook is. */
@Module({
  imports: [EndpointsModule],
  providers: [{ provide: JobHandler, inject: [Config, Endpoints, EndpointStates, LOG, Clock], useFactory: handler }],
  exports: [JobHandler],
})
export class WebhookModule {}

function handler(config: Config, endpoints: Endpoints, states: EndpointStates, log: Log, clock: Clock): JobHandler {
  const { webhooks, outbound } = config;
  const post = new GuardedPost(new OutboundPolicy(outbound.allow, outbound.deny), CALL_TIMEOUT_MS);
  const mostToOne = Math.max(1, Math.ceil(webhooks.concurrency * SHARE_OF_ONE));
  const switchedOff = (endpoint: string, code: string, why: string): void => {
    const how = `the webhook endpoint is switched off: repair it, then POST /api/v1/webhooks/${endpoint}/on`;
    log.error({ endpoint, code, reason: why }, how);
  };
  const settings = { mostToOne, giveUpAfterMs: webhooks.giveUpAfterMs };
  return new WebhookHandler(settings, post, endpoints, states, { switchedOff }, clock);
}
