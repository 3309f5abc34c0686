import { unknownKind, type KindSpec } from '../../job/kind.js';
import type { Clock } from '../../lib/clock.js';
import type { Connection } from '../../redis/connection.js';
import { QueueNumbers, type QueueCount } from './queue-numbers.js';

/** The numbers of the queue of one kind of job. */
export interface KindCount extends QueueCount {
  readonly spec: KindSpec;
}

/** The numbers of the queues of every kind there is, whether or not its engine runs in this process. */
export class AllQueueNumbers {
  private readonly queues: readonly { spec: KindSpec; numbers: QueueNumbers }[];

  constructor(kinds: readonly KindSpec[], connection: Connection, clock: Clock) {
    this.queues = kinds.map((spec) => ({ spec, numbers: new QueueNumbers(connection, spec.queue, clock) }));
  }

  /**
   * Those of one kind; without a kind those of all.
   * @throws InvalidJobError KIND_UNKNOWN
   */
  read(kind?: string): Promise<KindCount[]> {
    const meant = this.queues.filter(({ spec }) => kind === undefined || spec.kind === kind);
    if (meant.length === 0) throw unknownKind(this.queues.map(({ spec }) => spec.kind));
    return Promise.all(meant.map(async ({ spec, numbers }) => ({ spec, ...(await numbers.read()) })));
  }
}
