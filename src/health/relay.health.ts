import { Inject, Injectable, Optional } from '@nestjs/common';
import { HealthIndicatorService } from '@nestjs/terminus';
import { RelayBase } from '../relay/relay-base.js';
import type { RelayState } from '../relay/relay-states.js';

/** Relays: degraded while another system keeps one from its work. Never down: no restart helps. */
@Injectable()
export class RelayHealth {
  constructor(
    private readonly indicator: HealthIndicatorService,
    @Optional() @Inject(RelayBase) private readonly base: RelayBase | undefined,
  ) {}

  check() {
    const check = this.indicator.check('relays');
    const list = this.base?.states.list ?? [];
    if (list.length === 0) return check.up({ message: 'off: no queue, topic or receiver is set' });
    const troubles = list.flatMap(sentenceOf);
    if (troubles.length > 0) return check.degraded(troubles.join(' '));
    return check.up(Object.fromEntries(list.map(({ relay, direction }) => [`${relay} ${direction}`, 'works'])));
  }
}

function sentenceOf({ relay, direction, trouble, since }: RelayState): string[] {
  if (trouble === undefined || since === undefined) return [];
  return [`${relay} ${direction}, since ${new Date(since).toISOString()}: ${trouble}`];
}
