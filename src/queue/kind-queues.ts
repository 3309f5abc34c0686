import { unknownKind, type KindSpec } from '../job/kind.js';
import type { Connection } from '../redis/connection.js';
import type { Link } from '../redis/link.js';
import { DeadLetters } from './dead-letters/dead-letters.js';
import { JobProducer } from './job-producer.js';
import { QueueView } from './queue-view.js';
import { failingCameras, type CameraFailing } from './status/failing-cameras.js';
import { JobBook } from './status/job-book.js';
import { ResultsView } from './status/results-view.js';
import { GroupSignals } from './streams/group-signals.js';

/** What the queues of all kinds are reached by. */
export interface QueueLinks {
  /** Its calls wait while Redis is away. */
  readonly patient: Link;
  /** Its calls fail within seconds while Redis is away. */
  readonly prompt: Link;
}

/** The queues of all kinds of jobs, whether or not their engines run in this process. */
export class KindQueues {
  private readonly lettersOf: ReadonlyMap<KindSpec, DeadLetters>;

  constructor(
    private readonly kinds: readonly KindSpec[],
    private readonly links: QueueLinks,
    private readonly maxEntryBytes: number,
  ) {
    const open = ({ queue }: KindSpec): DeadLetters => new DeadLetters(links.patient.connection, queue);
    this.lettersOf = new Map(kinds.map((spec) => [spec, open(spec)]));
  }

  /**
   * The dead letters of a kind; without a kind those of the first.
   * @throws InvalidJobError KIND_UNKNOWN, as all of these do
   */
  letters(kind?: string): DeadLetters {
    return this.lettersOf.get(this.spec(kind)) as DeadLetters;
  }

  /** What puts jobs of a kind into their streams. */
  producer(kind: string): JobProducer {
    return new JobProducer(this.links.prompt, this.spec(kind).queue);
  }

  /** What looks into the streams of a kind. */
  view(kind: string): QueueView {
    const connection: Connection = this.links.prompt.connection;
    return new QueueView(connection, this.spec(kind).queue, this.maxEntryBytes);
  }

  /** The jobs of a kind whose status clients asked for. @param keepMs how long one is kept after the job's end */
  book(kind: string, keepMs: number): JobBook {
    return new JobBook(this.links.prompt, this.spec(kind).queue, keepMs);
  }

  /** What looks into the results of a kind. */
  results(kind: string): ResultsView {
    return new ResultsView(this.links.prompt.connection, this.spec(kind).queue.results);
  }

  /** The cameras on which jobs of a kind failed last, with the reasons. */
  failingCameras(kind: string): Promise<Map<string, CameraFailing>> {
    return failingCameras(this.links.prompt.connection, this.spec(kind).queue);
  }

  /** What the group of a kind is told, whether or not it has a worker here. */
  signals(kind: string): GroupSignals {
    return new GroupSignals(this.links.prompt.connection, this.spec(kind).queue);
  }

  /** Every kind there is. */
  get all(): readonly KindSpec[] {
    return this.kinds;
  }

  /**
   * What a kind is.
   * @throws InvalidJobError KIND_UNKNOWN
   */
  spec(kind: string | undefined): KindSpec {
    const found = kind === undefined ? this.kinds[0] : this.kinds.find((spec) => spec.kind === kind);
    if (found !== undefined) return found;
    throw unknownKind(this.kinds.map((spec) => spec.kind));
  }
}
