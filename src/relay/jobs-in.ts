import { InvalidJobError, messageOf } from '../job/errors.js';
import type { Clock } from '../lib/clock.js';
import { redactText } from '../lib/redact.js';
import type { Link } from '../redis/link.js';
import type { KindQueues } from '../queue/kind-queues.js';
import type { JobProducer } from '../queue/job-producer.js';
import type { AllQueueNumbers } from '../queue/numbers/all-numbers.js';
import { UndeliveredJobs } from './undelivered-jobs.js';
import { likelyKind, readMessage, type IncomingJob, type IncomingMessage, type Intakes } from './incoming-message.js';

/**
 * What became of a message: its job was added; it had been added before; it can never be a job and is a dead letter. In each
 * case the source need not keep it.
 */
export type Taken = 'added' | 'known' | 'refused';

/** What all ways in share. */
export interface JobsInNeeds {
  readonly queues: KindQueues;
  /** The connection that the numbers are read by. */
  readonly link: Pick<Link, 'up'>;
  readonly numbers: Pick<AllQueueNumbers, 'read'>;
  readonly intakes: Intakes;
  /** That of Redis. */
  readonly clock: Clock;
  /** The name of this process in dead letters. */
  readonly worker: string;
  /** What holds more is not kept in a dead letter, bytes. */
  readonly maxBytes: number;
}

/** A message that its source did not let go of yet may come again for so long: SQS hides one for 12 hours at most. ms */
const REMEMBER_MS = 24 * 3_600_000;
/** Once a source let go of it, a copy that was under way may still come. ms */
const REMEMBER_DONE_MS = 10 * 60_000;
/** With more undelivered jobs of a kind in Redis nothing more is taken: the source holds them better. */
const MOST_UNDELIVERED = 10_000;

/**
 * Makes jobs of the messages of one source: each once, by the message's name, however often it comes. The source lets go of
 * a message only after {@link take} has resolved.
 */
export class JobsIn {
  private readonly producers = new Map<string, JobProducer>();
  private readonly kinds = new WeakMap<IncomingMessage, string>();
  private readonly undelivered: UndeliveredJobs;

  /** @param source its name in dead letters and in what remembers names: `sqs road-jobs` */
  constructor(
    private readonly needs: JobsInNeeds,
    private readonly source: string,
  ) {
    this.undelivered = new UndeliveredJobs(needs.link, needs.numbers);
  }

  /**
   * Puts the message's job into the stream of its kind, or what can never be one among that kind's dead letters. Messages that
   * are taken one after the other keep their order.
   * @throws TransientStepError NOT_ENQUEUED within seconds while Redis is away: the source keeps the message
   */
  async take(message: IncomingMessage): Promise<Taken> {
    try {
      const { kind, lane, fields } = this.read(message);
      const name = { once: this.nameOf(message), rememberMs: REMEMBER_MS };
      this.kinds.set(message, kind);
      const added = await this.producer(kind).addOnce({ lane, fields, ...name });
      return added === undefined ? 'known' : 'added';
    } catch (error) {
      if (error instanceof InvalidJobError) return this.refuse(message, error);
      throw error;
    }
  }

  /** Says that the source let go of messages: their names need not be remembered for long. Never rejects. */
  async letGo(messages: readonly IncomingMessage[]): Promise<void> {
    const names = (of: string): string[] =>
      messages.filter((message) => this.kinds.get(message) === of).map((message) => this.nameOf(message));
    const all = [...this.producers].map(([kind, producer]) => producer.remember(names(kind), REMEMBER_DONE_MS));
    await Promise.allSettled(all);
  }

  /**
   * Whether Redis should be given more: false while 10,000 jobs of a kind wait that nobody was given yet.
   * @throws TransientStepError NOT_ENQUEUED while Redis is away
   */
  async hasRoom(): Promise<boolean> {
    const counts = await this.undelivered.read();
    // Calls to receivers wait in Redis, too: one that is dead must not keep jobs out.
    return [...this.needs.intakes.keys()].every((kind) => (counts.get(kind) ?? 0) < MOST_UNDELIVERED);
  }

  /** What cannot be read now never can: it must not keep up all behind it. @throws InvalidJobError */
  private read(message: IncomingMessage): IncomingJob {
    try {
      return readMessage(message, this.needs.intakes);
    } catch (error) {
      if (error instanceof InvalidJobError) throw error;
      throw new InvalidJobError('UNREADABLE', `The message cannot be read (${messageOf(error)}).`, { cause: error });
    }
  }

  private async refuse(message: IncomingMessage, error: InvalidJobError): Promise<Taken> {
    const { intakes, worker, clock, maxBytes } = this.needs;
    const origin = this.nameOf(message);
    const { body, sentAt } = message;
    const kind = likelyKind(message, intakes);
    this.kinds.set(message, kind);
    const letter = await this.producer(kind).refuseOnce({
      once: origin,
      rememberMs: REMEMBER_MS,
      payload: body.length > maxBytes ? [] : [Buffer.from('payload'), body],
      code: error.code,
      message: redactText(`${messageOf(error)} It came as message ${message.id} from ${this.source}.`),
      ...{ origin, sentAt, worker, now: clock.now() },
    });
    return letter === undefined ? 'known' : 'refused';
  }

  private nameOf({ id }: IncomingMessage): string {
    return `${this.source} ${id}`;
  }

  private producer(kind: string): JobProducer {
    const known = this.producers.get(kind);
    if (known !== undefined) return known;
    const producer = this.needs.queues.producer(kind);
    this.producers.set(kind, producer);
    return producer;
  }
}
