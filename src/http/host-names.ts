import { hostname } from 'node:os';
import ipaddr from 'ipaddr.js';

/** What a `Host` header names. */
export interface NamedHost {
  /** In lower case; an IPv6 address without brackets. */
  readonly name: string;
  /** 80 when it names none. */
  readonly port: number;
}

const HOST_FORM = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i;
const DEFAULT_PORT = 80;

/**
 * Ends of names that no public name server ever answers for: nobody outside can point such a name at this machine.
 * `svc` and `cluster.local` are Kubernetes' own; `internal` is set aside for private networks.
 */
const PRIVATE_ENDS = ['localhost', 'svc', 'cluster.local', 'internal'];

/** Reads a `Host` header; undefined when it is none. */
export function readHost(header: string | undefined): NamedHost | undefined {
  const found = HOST_FORM.exec(header ?? '');
  if (found === null) return undefined;
  const [, address, name = address ?? '', port] = found;
  return { name: name.toLowerCase().replace(/\.$/, ''), port: port === undefined ? DEFAULT_PORT : Number(port) };
}

/** Whether a name or address always means the machine that it is said on. */
export function isLoopbackName(name: string): boolean {
  return name === 'localhost' || isLoopback(name);
}

/** Whether an address is this machine talking to itself. */
export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
}

/**
 * The names that the service may be called by. Against DNS rebinding: a page of `evil.example` whose name is pointed at
 * this machine after it was loaded still calls us by that name, and its browser would let it read what we answer.
 */
export class HostNames {
  private readonly own = hostname().toLowerCase();

  /** @param listed names that the operator trusts; `*.domain` stands for every name below it */
  constructor(private readonly listed: readonly string[]) {}

  /** Whether nobody outside can have made a browser use this name: an address, a name of a private network, or a listed one. */
  knows(name: string): boolean {
    return isAddress(name) || name === this.own || isPrivateName(name) || this.lists(name);
  }

  /** Whether the operator listed it. */
  lists(name: string): boolean {
    return this.listed.some((entry) => matches(entry.toLowerCase(), name));
  }
}

function matches(entry: string, name: string): boolean {
  return entry.startsWith('*.') ? name.endsWith(entry.slice(1)) : name === entry;
}

function isAddress(name: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(name) || ipaddr.IPv6.isValid(name);
}

/** Without a dot it is a name of this network, such as that of a container or a Kubernetes service. */
function isPrivateName(name: string): boolean {
  return !name.includes('.') || PRIVATE_ENDS.some((end) => name.endsWith(`.${end}`));
}
