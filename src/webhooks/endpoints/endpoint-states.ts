import type { Clock } from '../../lib/clock.js';
import { breakerKeys, heldKey } from '../../queue/lane-keys.js';
import { derivedKey } from '../../redis/derived-key.js';
import type { Link } from '../../redis/link.js';
import { stateName, type Endpoint } from './endpoint.js';

/** States that nobody asks for any more are gone after this time. ms */
const KEEP_MS = 30 * 86_400_000;

/** Why an endpoint is not called any more, and since when. */
export interface SwitchedOff {
  /** ms since the epoch */
  readonly since: number;
  readonly code: string;
  /** A sentence, without secrets. */
  readonly message: string;
}

/** How an endpoint fares. */
export interface EndpointState {
  readonly off: SwitchedOff | undefined;
  /** When the first of the failures in a row was, ms since the epoch; undefined while it works. */
  readonly failingSince: number | undefined;
  /** Of the last failure; undefined while it works. */
  readonly failure: { readonly code: string; readonly message: string } | undefined;
  /** When it took a call last, ms since the epoch. */
  readonly workedAt: number | undefined;
}

type Which = Pick<Endpoint, 'name' | 'url'>;

/**
 * How endpoints fare, known to all replicas: since when each fails, which are switched off, whom to leave alone for a while.
 *
 * A hash of Redis beside the stream of calls, and a key for each receiver that asked for patience.
 */
export class EndpointStates {
  private readonly key: string;

  /** @param link of a connection that fails rather than waits */
  constructor(
    private readonly link: Link,
    private readonly queue: { readonly stream: string; readonly group: string },
    private readonly clock: Clock,
  ) {
    this.key = derivedKey(queue.stream, 'endpoints');
  }

  /** Notes a failure and gives when the first in a row was, ms since the epoch. */
  async failed(endpoint: Which, failure: { code: string; message: string }): Promise<number> {
    const name = stateName(endpoint);
    const now = this.clock.now();
    const { connection } = await this.up();
    // Two that fail at one moment differ by less than matters.
    const since = await connection.hget(this.key, `${name} since`);
    const told = [`${name} failure`, JSON.stringify(failure)];
    await connection.hset(this.key, ...told, ...(since === null ? [`${name} since`, String(now)] : []));
    await connection.pexpire(this.key, KEEP_MS);
    return Number(since ?? now);
  }

  /** Notes that it took a call. */
  async worked(endpoint: Which): Promise<void> {
    const name = stateName(endpoint);
    const { connection } = await this.up();
    await connection
      .pipeline()
      .hdel(this.key, `${name} since`, `${name} failure`)
      .hset(this.key, `${name} worked`, this.clock.now())
      .pexpire(this.key, KEEP_MS)
      .exec();
  }

  /** Has nobody call it any more. False when it was so already. */
  async switchOff(endpoint: Which, { code, message }: { code: string; message: string }): Promise<boolean> {
    const off: SwitchedOff = { since: this.clock.now(), code, message };
    const { connection } = await this.up();
    return (await connection.hset(this.key, `${stateName(endpoint)} off`, JSON.stringify(off))) === 1;
  }

  /** Has it called again, as if it had never failed. False when it was not switched off. */
  async switchOn(endpoint: Which): Promise<boolean> {
    const name = stateName(endpoint);
    const { breakers, recent, reasons, revision } = breakerKeys({
      lanes: [this.queue.stream],
      group: this.queue.group,
    });
    const { connection } = await this.up();
    const replies = await connection
      .pipeline()
      .hdel(this.key, `${name} off`)
      .hdel(this.key, `${name} since`, `${name} failure`)
      // Callers do not wait for the next test of a receiver that was down.
      .hdel(breakers, endpoint.name)
      .hdel(reasons, endpoint.name)
      .zrem(recent, endpoint.name)
      .set(revision, this.clock.now() * 1_000 + Math.floor(Math.random() * 1_000))
      .exec();
    return replies?.[0]?.[1] === 1;
  }

  /** How each of these fares. */
  async of(endpoints: readonly Which[]): Promise<EndpointState[]> {
    if (endpoints.length === 0) return [];
    const { connection } = await this.up();
    // Asked by whoever follows results and by health: states last as long as anybody runs.
    const replies = await connection.pipeline().hgetall(this.key).pexpire(this.key, KEEP_MS).exec();
    const [error, all] = replies?.[0] ?? [undefined, {}];
    if (error) throw error;
    return endpoints.map((endpoint) => stateIn(all as Record<string, string>, stateName(endpoint)));
  }

  /** Leaves a receiver alone that asked for it. */
  async quieten(receiver: string, ms: number): Promise<void> {
    const { connection } = await this.up();
    await connection.set(this.quietKey(receiver), '', 'PX', Math.max(1, Math.round(ms)));
  }

  /** For how much longer a receiver is to be left alone, ms; 0: it may be called. */
  async quietMs(receiver: string): Promise<number> {
    const { connection } = await this.up();
    return Math.max(0, await connection.pttl(this.quietKey(receiver)));
  }

  /** About how many calls wait for a receiver. */
  async waitingFor(receiver: string): Promise<number> {
    const { connection } = await this.up();
    return connection.scard(heldKey(this.queue.stream, this.queue.group, receiver));
  }

  private quietKey(receiver: string): string {
    return derivedKey(this.queue.stream, `quiet:${receiver}`);
  }

  private async up(): Promise<Link> {
    await this.link.up();
    return this.link;
  }
}

function stateIn(all: Readonly<Record<string, string>>, name: string): EndpointState {
  const [off, since, failure, worked] = ['off', 'since', 'failure', 'worked'].map((what) => all[`${name} ${what}`]);
  return {
    off: off === undefined ? undefined : (JSON.parse(off) as SwitchedOff),
    failingSince: since === undefined ? undefined : Number(since),
    failure: failure === undefined ? undefined : (JSON.parse(failure) as NonNullable<EndpointState['failure']>),
    workedAt: worked === undefined ? undefined : Number(worked),
  };
}
