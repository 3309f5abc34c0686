import { groupSqs } from '../../src/config/sqs-config.js';
import { DEFAULTS } from '../../src/config/table/table.js';
import { openSqsRelay, type SqsRelay } from '../../src/sqs/sqs-relay.js';
import { SQS_PACE, type SqsPace } from '../../src/sqs/sqs-settings.js';
import { RelayBench } from './relay-bench.js';
import type { SqsServer } from './sqs-server/sqs-server.js';

/** As the service is, but quick to try again. */
export const QUICK: SqsPace = {
  ...{ waitSeconds: 1, visibilitySeconds: 2, longestHeldMs: SQS_PACE.longestHeldMs, silenceMs: 1_000 },
  ...{ attempts: 2, firstWaitMs: 20, longestWaitMs: 100 },
};

/** A relay between queues of a stand-in and a Redis. */
export class SqsBench {
  private constructor(
    readonly bench: RelayBench,
    readonly relay: SqsRelay,
  ) {}

  /** @param env variables beside the queues', such as keys */
  static async start(
    server: SqsServer,
    redisUrl: string,
    {
      jobs,
      results,
      pace = QUICK,
      env = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' },
    }: SqsBenchOptions,
  ): Promise<SqsBench> {
    const bench = await RelayBench.on(redisUrl);
    const urls = { SQS_QUEUE_URL: jobs && server.url(jobs), SQS_RESULT_QUEUE_URL: results && server.url(results) };
    const relay = await openSqsRelay(groupSqs({ ...DEFAULTS, ...urls, ...env }), bench.base, pace);
    relay.start();
    return new SqsBench(bench, relay);
  }

  /** The log's lines that say that something cannot be done, or can be again. */
  get said(): string[] {
    return this.bench.lines.map(({ msg }) => msg);
  }

  count(direction: 'in' | 'out', result: string): Promise<number | undefined> {
    return this.bench.sample(
      `roadstream_relay_messages_total{relay="sqs",direction="${direction}",result="${result}"}`,
    );
  }

  async stop(): Promise<void> {
    await this.relay.stop();
    await this.bench.close();
  }
}

/** Which queues a bench has. */
export interface SqsBenchOptions {
  readonly jobs?: string;
  readonly results?: string;
  readonly pace?: SqsPace;
  readonly env?: Readonly<Record<string, string>>;
}
