import { pino } from 'pino';
import { Cameras } from '../../src/cameras/camera.js';
import { loadConfig } from '../../src/config/config.js';
import { KINDS, specsOf } from '../../src/kinds.js';
import { MACHINE_CLOCK as clock } from '../../src/lib/clock.js';
import { Metrics } from '../../src/metrics/metrics.js';
import { KindQueues } from '../../src/queue/kind-queues.js';
import { AllQueueNumbers } from '../../src/queue/numbers/all-numbers.js';
import { connect } from '../../src/redis/connection.js';
import { Link } from '../../src/redis/link.js';
import { RelayBase } from '../../src/relay/relay-base.js';

/** A line of the log. */
export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly code?: string;
}

/** What relays are made of, on a Redis of the test's. Its streams are called as by default. */
export class RelayBench {
  readonly lines: LogLine[] = [];
  readonly metrics = new Metrics();
  readonly base: RelayBase;
  readonly log = pino({ base: null }, { write: (line: string) => this.lines.push(JSON.parse(line) as LogLine) });
  private readonly links: Link[];

  private constructor(base: Omit<ConstructorParameters<typeof RelayBase>[0], 'log' | 'metrics'>, links: Link[]) {
    this.base = new RelayBase({ ...base, log: this.log, metrics: this.metrics });
    this.links = links;
  }

  static async on(url: string, cameras = new Cameras([])): Promise<RelayBench> {
    const config = loadConfig({ REDIS_URL: url, GEMINI_API_KEY: 'key', WEBHOOK_URL: 'https://hooks.example/' });
    const [patient, link] = [new Link(connect(config.redis, 'commands')), new Link(connect(config.redis, 'producer'))];
    const specs = specsOf(config);
    const open = async ({ kind, intake }: (typeof KINDS)[number]) =>
      [kind, (await intake?.())?.(config, { cameras, clock })] as const;
    const base = {
      queues: new KindQueues(specs, { patient, prompt: link }, config.queue.maxEntryBytes),
      numbers: new AllQueueNumbers(specs, link.connection, clock),
      intakes: new Map(await Promise.all(KINDS.filter(({ intake }) => intake !== undefined).map(open))),
      ...{ clock, link, worker: 'a-relay', maxBytes: config.queue.maxEntryBytes },
    };
    return new RelayBench(base, [patient, link]);
  }

  /** A sample of a metric, such as `roadstream_relay_messages_total{relay="sqs",direction="in",result="added"}`. */
  async sample(name: string): Promise<number | undefined> {
    const line = (await this.metrics.text()).split('\n').find((text) => text.startsWith(`${name} `));
    return line === undefined ? undefined : Number(line.slice(name.length));
  }

  async close(): Promise<void> {
    for (const { connection } of this.links) connection.disconnect();
  }
}
