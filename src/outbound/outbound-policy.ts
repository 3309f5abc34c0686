import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { matches, type OutboundRule } from './outbound-rules.js';

/** Looks a name up; rejects as `dns.lookup` does. */
export type Resolver = (host: string) => Promise<readonly string[]>;

/** A target that may be reached, at exactly these addresses. */
export interface AllowedTarget {
  /** Lower case, without brackets. */
  readonly host: string;
  readonly port: number;
  readonly addresses: readonly { readonly address: string; readonly family: 4 | 6 }[];
}

/** The policy says no. The message names the host and the reason, never a path or a query. */
export class OutboundRefusedError extends Error {
  readonly code = 'URL_NOT_ALLOWED';

  constructor(
    readonly host: string,
    readonly reason: string,
  ) {
    super(`${host}: ${reason}`);
    this.name = 'OutboundRefusedError';
  }
}

/** Azure's wire server: a public address that only a cloud's own machines can reach. */
const NEVER = '168.63.129.16';

/**
 * Where this service may connect to: the one policy for captures, webhooks and every other fetch of a URL that somebody
 * else wrote. Public unicast addresses, unless denied; what is allowed by name; never an address of this machine.
 */
export class OutboundPolicy {
  /**
   * @param allow names and networks that are allowed though they are not public
   * @param deny stronger than `allow`
   */
  constructor(
    private readonly allow: readonly OutboundRule[] = [],
    private readonly deny: readonly OutboundRule[] = [],
    private readonly resolver: Resolver = systemResolver,
    private readonly ownAddresses: () => readonly string[] = addressesOfThisMachine,
  ) {}

  /**
   * Reads a URL and refuses what needs no look-up: another scheme than http and https, a refused address.
   * @throws OutboundRefusedError
   */
  checkUrl(text: string): URL {
    if (!URL.canParse(text)) throw new OutboundRefusedError('<unreadable url>', 'is not a URL');
    const url = new URL(text);
    const host = hostOf(url);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      throw new OutboundRefusedError(host || url.protocol, 'only http and https are allowed');
    }
    if (ipaddr.isValid(host)) this.checkAddress(host, host, portOf(url));
    return url;
  }

  /**
   * Looks a host up and refuses it if any of its addresses is not allowed. Connect to the addresses returned, with
   * `pinnedLookup`: a second look-up may give others (DNS rebinding).
   * @throws OutboundRefusedError; whatever the resolver throws
   */
  async resolve(host: string, port: number): Promise<AllowedTarget> {
    const name = host.toLowerCase().replace(/\.$/, '');
    const found = ipaddr.isValid(name) ? [name] : await this.resolver(name);
    if (found.length === 0) throw new OutboundRefusedError(name, 'has no address');
    return { host: name, port, addresses: found.map((address) => this.checkAddress(name, address, port)) };
  }

  private checkAddress(host: string, text: string, port: number): AllowedTarget['addresses'][number] {
    const address = ipaddr.process(text);
    const reason = this.objection(host, address, port);
    if (reason !== null) throw new OutboundRefusedError(host, reason);
    return { address: address.toString(), family: address.kind() === 'ipv4' ? 4 : 6 };
  }

  private objection(host: string, address: ipaddr.IPv4 | ipaddr.IPv6, port: number): string | null {
    const applies = (rule: OutboundRule): boolean => matches(rule, host, address, port);
    if (address.toString() === NEVER || this.deny.some(applies)) return `is denied (port ${port})`;
    if (this.allow.some(applies)) return null;
    if (this.ownAddresses().includes(address.toString())) return 'is an address of this machine';
    return address.range() === 'unicast' ? null : `is not a public address (${address.range()})`;
  }
}

/** The host of a URL without the brackets of IPv6. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

/** The port of an http or https URL. */
export function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
}

/** The `lookup` option of a socket or request that must go to addresses already checked. */
export function pinnedLookup(target: AllowedTarget): LookupFunction {
  return (_host, options, callback) => {
    if (options.all === true)
      return callback(
        null,
        target.addresses.map((address) => ({ ...address })),
      );
    const first = target.addresses[0];
    return callback(null, first?.address ?? '', first?.family);
  };
}

async function systemResolver(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

function addressesOfThisMachine(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
}
