import { Injectable } from '@nestjs/common';
import { HealthIndicatorService } from '@nestjs/terminus';
import { Config } from '../config/config.js';
import { within } from '../lib/deadline.js';
import { EndpointStates } from '../webhooks/endpoints/endpoint-states.js';
import { Endpoints } from '../webhooks/endpoints/endpoint.js';

const MOST_NAMES = 5;
/** Redis is asked for so long. ms */
const PATIENCE_MS = 1_000;

/** Webhooks: degraded while an endpoint is switched off. Never down: no restart of ours repairs a receiver. */
@Injectable()
export class WebhooksHealth {
  constructor(
    private readonly indicator: HealthIndicatorService,
    private readonly config: Config,
    private readonly endpoints: Endpoints,
    private readonly states: EndpointStates,
  ) {}

  async check() {
    const check = this.indicator.check('webhooks');
    if (!this.config.webhooks.isOn)
      return check.up({ message: 'off: no WEBHOOKS_FILE, WEBHOOK_URL or WEBHOOK_SECRET' });
    const { all } = this.endpoints;
    const states = await within(PATIENCE_MS, this.states.of(all));
    if (states === undefined) return check.up({ endpoints: all.length, message: 'How they fare is not known now.' });
    const off = all.flatMap(({ name }, i) => {
      const state = states[i]?.off;
      return state === undefined ? [] : [`${name} since ${new Date(state.since).toISOString()} (${state.message})`];
    });
    const failing = states.filter((state) => state.failingSince !== undefined && state.off === undefined).length;
    if (off.length === 0) return check.up({ endpoints: all.length, failing });
    const more = off.length > MOST_NAMES ? ` and ${off.length - MOST_NAMES} more` : '';
    const named = off.slice(0, MOST_NAMES).join(', ');
    return check.degraded(
      `Switched off: ${named}${more}. Repair the receiver, then POST /api/v1/webhooks/{name}/on and redrive what was given up.`,
    );
  }
}
