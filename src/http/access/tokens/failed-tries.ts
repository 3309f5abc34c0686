import ipaddr from 'ipaddr.js';

/** Wrong tokens that a client may send in a minute before it has to wait for the rest of it. */
export const MOST_TRIES = 120;
const WINDOW_MS = 60_000;
/** Clients of whom is known how they tried; the one heard of longest ago is forgotten first. */
export const MOST_CLIENTS = 10_000;

interface Tries {
  readonly count: number;
  readonly since: number;
}

/** Counts wrong tokens by client, so that nobody tries many. What it keeps is bounded. */
export class FailedTries {
  private readonly clients = new Map<string, Tries>();
  private readonly good = new Map<string, true>();

  /** @param now the time of a clock that never goes back. ms */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /**
   * How long a client has to wait before this token is looked at; 0 when it need not. A token that was right before is looked at
   * all the same: who shares an address with somebody that tries is not kept out. ms
   */
  waitOf(address: string | undefined, digest: Buffer): number {
    const tries = this.clients.get(networkOf(address));
    if (tries === undefined || tries.count < MOST_TRIES || this.good.has(goodKey(address, digest))) return 0;
    return Math.max(0, tries.since + WINDOW_MS - this.now());
  }

  /** Notes a wrong token; gives how many it were in this minute. */
  noteWrong(address: string | undefined): number {
    const network = networkOf(address);
    const seen = this.clients.get(network);
    const isOver = seen === undefined || seen.since + WINDOW_MS <= this.now();
    const tries = isOver ? { count: 1, since: this.now() } : { ...seen, count: seen.count + 1 };
    putLast(this.clients, network, tries);
    return tries.count;
  }

  /** Notes a right one. */
  noteRight(address: string | undefined, digest: Buffer): void {
    putLast(this.good, goodKey(address, digest), true);
  }

  /** How much is kept. */
  get size(): number {
    return this.clients.size + this.good.size;
  }
}

/** An IPv4 address, or the /64 that everybody with one address of IPv6 has. */
function networkOf(address: string | undefined): string {
  if (address === undefined || !ipaddr.isValid(address)) return 'unknown';
  const plain = ipaddr.process(address);
  if (plain instanceof ipaddr.IPv4) return plain.toString();
  return plain.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':');
}

function goodKey(address: string | undefined, digest: Buffer): string {
  return `${networkOf(address)} ${digest.toString('base64')}`;
}

/** As the last that is forgotten. */
function putLast<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > MOST_CLIENTS) map.delete(map.keys().next().value as string);
}
