import { Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import { LOG, type Log } from '../../log/log.js';
import { Metrics } from '../../metrics/metrics.js';
import { KindQueues } from '../../queue/kind-queues.js';
import { RelayBase } from '../../relay/relay-base.js';
import type { OutgoingResult, ResultsOut, SendAnswer } from '../../relay/results-out.js';
import { EndpointStates } from '../endpoints/endpoint-states.js';
import { Endpoints } from '../endpoints/endpoint.js';
import { EndpointsModule } from '../endpoints/endpoints.module.js';
import { hookEventOf } from './hook-event.js';
import { HookWriter, type WriterEvents } from './hook-writer.js';

const READERS = Symbol('READERS');
/** Calls that are not made since too many wait are told of at most so often. ms */
const TELL_EVERY_MS = 60_000;

/** Goes after the results of all kinds of jobs, and has those called who want to hear of them. */
@Module({
  imports: [EndpointsModule],
  providers: [
    {
      provide: HookWriter,
      inject: [KindQueues, Endpoints, EndpointStates, Metrics, LOG, Clock, RelayBase],
      useFactory: openWriter,
    },
    { provide: READERS, inject: [RelayBase, HookWriter], useFactory: readAll },
  ],
})
export class HooksModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(@Inject(READERS) private readonly readers: readonly ResultsOut[]) {}

  onApplicationBootstrap(): void {
    for (const reader of this.readers) reader.start();
  }

  /** Not waited for: a call to a Redis that is away gives up within seconds, or ends with the connection. */
  onModuleDestroy(): void {
    for (const reader of this.readers) void reader.stop();
  }
}

function openWriter(
  queues: KindQueues,
  endpoints: Endpoints,
  states: EndpointStates,
  metrics: Metrics,
  log: Log,
  clock: Clock,
  base: RelayBase,
): HookWriter {
  const jobs = base.undelivered();
  const undelivered = async (): Promise<number> => (await jobs.read()).get('webhook') ?? 0;
  return new HookWriter(queues.producer('webhook'), endpoints, states, writerEvents(metrics, log), clock, undelivered);
}

function writerEvents(metrics: Metrics, log: Log): WriterEvents {
  let toldAt = -Infinity;
  // An alert on a counter's growth needs to have seen it at 0.
  for (const result of ['queued', 'repeated', 'off', 'full']) metrics.webhookEvents.inc({ result }, 0);
  return {
    written: (result) => metrics.webhookEvents.inc({ result }),
    full: (receiver) => {
      const now = performance.now();
      if (now - toldAt < TELL_EVERY_MS) return;
      toldAt = now;
      log.warn({ receiver }, 'too many calls wait: the receiver is not told of what happens now');
    },
  };
}

function readAll(base: RelayBase, writer: HookWriter): ResultsOut[] {
  return base.resultsOut('webhooks', (results) => writeAll(results, writer));
}

/** In their order; with the first that cannot be written the rest waits, too. */
async function writeAll(results: readonly OutgoingResult[], writer: HookWriter): Promise<SendAnswer> {
  const sent: string[] = [];
  try {
    for (const { kind, id, fields } of results) {
      const event = hookEventOf(kind, id, fields);
      if (event !== undefined) await writer.write(event);
      sent.push(id);
    }
    return { sent };
  } catch (error) {
    return { sent, error };
  }
}
