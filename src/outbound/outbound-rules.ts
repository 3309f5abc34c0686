import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** One entry of an allow or deny list. */
export interface OutboundRule {
  /** A host name, `*.example.org`, `*`, or null when the rule is about addresses. */
  readonly host: string | null;
  /** The network, or null when the rule is about a name. */
  readonly network: readonly [Address, number] | null;
  /** Null: any port. */
  readonly port: number | null;
}

const HOST = /^(\*|(\*\.)?[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?)$/;

/**
 * Reads a comma-separated list of hosts, addresses and CIDRs, each with an optional port: `cam.local:554`,
 * `*.cams.example`, `10.1.0.0/16`, `127.0.0.1:8080`, `[fd00::/8]:443`, `*:25`.
 * @throws Error that names every entry that cannot be read
 */
export function parseOutboundRules(list: string): OutboundRule[] {
  const entries = list.split(',').flatMap((entry) => entry.trim() || []);
  const rules = entries.map((entry) => ({ entry, rule: parseRule(entry.toLowerCase()) }));
  const wrong = rules.flatMap(({ entry, rule }) => (rule === null ? [`"${entry}"`] : []));
  if (wrong.length > 0) {
    throw new Error(
      `${wrong.join(', ')}: write a host, an address or a CIDR, each with an optional port (10.1.0.0/16:80).`,
    );
  }
  return rules.flatMap(({ rule }) => rule ?? []);
}

function parseRule(entry: string): OutboundRule | null {
  const { target, port } = splitPort(entry);
  if (port !== null && !(port >= 1 && port <= 65_535)) return null;
  const network = parseNetwork(target);
  if (network !== null) return { host: null, network, port };
  // What is all digits and dots is a mistyped address, not a name.
  return HOST.test(target) && !/^[\d.]+$/.test(target) ? { host: target, network: null, port } : null;
}

function splitPort(entry: string): { target: string; port: number | null } {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(entry);
  const plain = bracketed ?? /^([^:]+):(\d+)$/.exec(entry);
  if (plain === null) return { target: entry, port: null };
  return { target: plain[1] ?? '', port: plain[2] === undefined ? null : Number(plain[2]) };
}

function parseNetwork(text: string): [Address, number] | null {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return [ipaddr.IPv4.parse(text), 32];
  return ipaddr.IPv6.isValid(text) ? [ipaddr.IPv6.parse(text), 128] : null;
}

/** Whether a rule speaks about this target. `address` must have gone through `ipaddr.process`. */
export function matches(rule: OutboundRule, host: string, address: Address, port: number): boolean {
  if (rule.port !== null && rule.port !== port) return false;
  if (rule.network !== null) return inNetwork(address, rule.network);
  return rule.host !== null && matchesHost(rule.host, host);
}

function inNetwork(address: Address, [network, prefix]: readonly [Address, number]): boolean {
  return address.kind() === network.kind() && address.match([network, prefix] as never);
}

function matchesHost(pattern: string, host: string): boolean {
  if (pattern === '*') return true;
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}
