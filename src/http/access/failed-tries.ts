import ipaddr from 'ipaddr.js';

/** Wrong tokens that a client may send before it has to wait. */
export const MOST_TRIES = 120;
const WINDOW_MS = 60_000;
/** Clients of whom is known how often they failed; the one heard of longest ago is forgotten first. */
export const MOST_CLIENTS = 10_000;

interface Tries {
  count: number;
  since: number;
}

/** Counts wrong tokens by client, so that nobody can try many. */
export class FailedTries {
  private readonly clients = new Map<string, Tries>();

  /** @param now the time of a clock that never goes back. ms */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** How long the client has to wait before its next token is looked at; 0 when it need not. ms */
  waitOf(address: string | undefined): number {
    const tries = this.clients.get(networkOf(address));
    if (tries === undefined || tries.count < MOST_TRIES) return 0;
    return Math.max(0, tries.since + WINDOW_MS - this.now());
  }

  /** Notes one more; gives how many it were in this minute. */
  note(address: string | undefined): number {
    const network = networkOf(address);
    const seen = this.clients.get(network);
    const isOver = seen === undefined || seen.since + WINDOW_MS <= this.now();
    const tries = isOver ? { count: 1, since: this.now() } : { ...seen, count: seen.count + 1 };
    this.clients.delete(network);
    this.clients.set(network, tries);
    if (this.clients.size > MOST_CLIENTS) this.clients.delete(this.clients.keys().next().value as string);
    return tries.count;
  }

  /** How many clients are known. */
  get size(): number {
    return this.clients.size;
  }
}

/** An IPv4 address, or the /64 that everybody with one address of IPv6 has. */
export function networkOf(address: string | undefined): string {
  if (address === undefined || !ipaddr.isValid(address)) return 'unknown';
  const plain = ipaddr.process(address);
  if (plain instanceof ipaddr.IPv4) return plain.toString();
  return plain.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':');
}
