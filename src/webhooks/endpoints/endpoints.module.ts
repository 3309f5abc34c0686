import { Module } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { Clock } from '../../lib/clock.js';
import { SharedLinks } from '../../redis/redis.module.js';
import { WEBHOOK_GROUP } from '../webhook.kind.js';
import { EndpointStates } from './endpoint-states.js';
import { Endpoints } from './endpoint.js';
import { openEndpoints } from './open-endpoints.js';

/** Whom the operator has called, and how they fare. */
@Module({
  providers: [
    { provide: Endpoints, inject: [Config], useFactory: ({ webhooks }: Config) => openEndpoints(webhooks) },
    { provide: EndpointStates, inject: [SharedLinks, Config, Clock], useFactory: openStates },
  ],
  exports: [Endpoints, EndpointStates],
})
export class EndpointsModule {}

function openStates({ prompt }: SharedLinks, { webhooks: { stream } }: Config, clock: Clock): EndpointStates {
  return new EndpointStates(prompt, { stream, group: WEBHOOK_GROUP }, clock);
}
