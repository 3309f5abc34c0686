import { BadRequestException, ForbiddenException } from '@nestjs/common';
import type { Request } from 'express';
import ipaddr from 'ipaddr.js';
import type { SignOnConfig } from '../../config/config.js';
import { isReservedName, reaches, type Caller, type Role } from './caller.js';
import { singleHeader } from './credentials.js';

const NAME = /^[^\p{C}]{1,128}$/u;

/** People who signed in at a proxy that the operator trusts; it says who they are and which groups they are in. */
export class SignOn {
  private readonly networks: readonly (readonly [ipaddr.IPv4 | ipaddr.IPv6, number])[];

  constructor(private readonly config: SignOnConfig) {
    this.networks = config.networks.map(networkOf);
  }

  /**
   * Whom the proxy names. Undefined when it names nobody, and when it is not the proxy that calls: from elsewhere such headers
   * mean nothing.
   * @throws ForbiddenException SIGN_ON_WITHOUT_ROLE; BadRequestException SIGN_ON_NAME, HEADER_TWICE
   */
  callerOf(request: Request): Caller | undefined {
    // The connection counts: whom a proxy speaks for is what it says itself.
    if (!this.trusts(request.socket.remoteAddress)) return undefined;
    const user = singleHeader(request, this.config.userHeader);
    if (user === undefined || user.trim() === '') return undefined;
    const name = textOf(user);
    if (!NAME.test(name) || isReservedName(name)) throw unusableName();
    const role = this.roleOf(textOf(singleHeader(request, this.config.groupsHeader) ?? ''));
    if (role === undefined) throw withoutRole(name);
    return { name, role, via: 'sign-on' };
  }

  private trusts(address: string | undefined): boolean {
    if (address === undefined || !ipaddr.isValid(address)) return false;
    const caller = ipaddr.process(address);
    return this.networks.some(([network, bits]) => caller.kind() === network.kind() && caller.match(network, bits));
  }

  /** The highest of the groups' roles. */
  private roleOf(groups: string): Role | undefined {
    const roles = groups.split(/[,;|]/).flatMap((group) => this.config.roleOfGroup.get(group.trim()) ?? []);
    return (
      roles.reduce<Role | undefined>(
        (best, role) => (best === undefined || reaches(role, [best]) ? role : best),
        undefined,
      ) ?? this.config.defaultRole
    );
  }
}

function networkOf(text: string): readonly [ipaddr.IPv4 | ipaddr.IPv6, number] {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

/** Node gives headers byte by byte; names of people are UTF-8. */
function textOf(header: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(header, 'latin1')).trim();
  } catch {
    return header.trim();
  }
}

function unusableName(): BadRequestException {
  const message = 'The sign-on proxy names a user in a way that cannot be used: 1 to 128 printable characters.';
  return new BadRequestException({ code: 'SIGN_ON_NAME', message });
}

function withoutRole(name: string): ForbiddenException {
  const message =
    `${name} is signed in, but is in no group that has a role here; ` +
    'list one in AUTH_PROXY_ROLES, or set AUTH_PROXY_DEFAULT_ROLE.';
  return new ForbiddenException({ code: 'SIGN_ON_WITHOUT_ROLE', message });
}
