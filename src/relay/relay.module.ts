import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../config/config.js';
import { RelayBaseModule, type RelayedKind } from './relay-base.module.js';

/** One way from or to another system: whether the settings ask for it, and what is loaded only then. */
interface Relay {
  readonly isOn: (config: Config) => boolean;
  readonly load: () => Promise<NonNullable<DynamicModule['imports']>[number]>;
}

/** Every relay there is, a line each. */
const RELAYS: readonly Relay[] = [
  {
    isOn: ({ kafka }) => kafka !== undefined,
    load: async () => (await import('../kafka/kafka.module.js')).KafkaModule,
  },
  {
    isOn: ({ webhooks }) => webhooks.isOn,
    load: async () => (await import('../webhooks/follow/hooks.module.js')).HooksModule,
  },
  {
    isOn: ({ sqs }) => (sqs.jobs ?? sqs.results) !== undefined,
    load: async () => (await import('../sqs/sqs.module.js')).SqsModule,
  },
];

/** What the role `relay` does: each relay whose settings are there, and nothing without them. */
@Module({})
export class RelayModule {
  /** @param kinds the kinds of jobs that messages may ask for */
  static async with(config: Config, kinds: readonly RelayedKind[]): Promise<DynamicModule> {
    const on = RELAYS.filter(({ isOn }) => isOn(config));
    if (on.length === 0) return { module: RelayModule };
    const modules = await Promise.all(on.map(({ load }) => load()));
    return { module: RelayModule, imports: [RelayBaseModule.of(kinds), ...modules] };
  }
}
