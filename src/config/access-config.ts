import type { PERSON_ROLES } from './env.forms.js';
import { itemsOf } from './table/rows.js';
import type { Env } from './table/table.js';

/** A role that a person may have. */
type PersonRole = (typeof PERSON_ROLES)[number];

/** A proxy that signs people on. */
export interface SignOnConfig {
  /** Addresses and CIDRs. */
  readonly networks: readonly string[];
  /** Names of headers, in lower case. */
  readonly userHeader: string;
  readonly groupsHeader: string;
  readonly roleOfGroup: ReadonlyMap<string, PersonRole>;
  /** Of those without such a group; undefined: they have no role. */
  readonly defaultRole: PersonRole | undefined;
}

/** Who may ask and steer. */
export interface AccessConfig {
  /** An operator's. */
  readonly controlToken: string | undefined;
  readonly tokensFile: string | undefined;
  /** Everybody reads although there are tokens. */
  readonly publicRead: boolean;
  /** For the metrics; undefined: they are open. */
  readonly metricsToken: string | undefined;
  readonly signOn: SignOnConfig | undefined;
}

/** The checked variables about access as a group. */
export function groupAccess(env: Env): AccessConfig {
  return {
    controlToken: env.CONTROL_TOKEN,
    tokensFile: env.TOKENS_FILE,
    publicRead: env.PUBLIC_READ,
    metricsToken: env.METRICS_TOKEN,
    signOn: groupSignOn(env),
  };
}

function groupSignOn(env: Env): SignOnConfig | undefined {
  const networks = itemsOf(env.AUTH_PROXY_ADDRESSES);
  if (networks.length === 0) return undefined;
  const pairs = itemsOf(env.AUTH_PROXY_ROLES).map((item) => item.split('=') as [string, PersonRole]);
  return {
    networks,
    userHeader: env.AUTH_PROXY_USER_HEADER.toLowerCase(),
    groupsHeader: env.AUTH_PROXY_ROLE_HEADER.toLowerCase(),
    roleOfGroup: new Map(pairs.map(([group, role]) => [group.trim(), role])),
    defaultRole: env.AUTH_PROXY_DEFAULT_ROLE,
  };
}

/** What is wrong although every variable by itself is right: one line per problem. */
export function accessContradictions(env: Env): string[] {
  const isSet = env.AUTH_PROXY_ADDRESSES !== undefined;
  if (!isSet || (env.AUTH_PROXY_ROLES ?? env.AUTH_PROXY_DEFAULT_ROLE) !== undefined) return [];
  return [
    'AUTH_PROXY_ROLES: is not set; must be set, or AUTH_PROXY_DEFAULT_ROLE, since AUTH_PROXY_ADDRESSES is: nobody would have a role',
  ];
}

/** What is allowed but probably not meant: one sentence each. */
export function accessDoubts(env: Env): string[] {
  const isIdle = env.AUTH_PROXY_ADDRESSES === undefined && (env.AUTH_PROXY_ROLES ?? env.AUTH_PROXY_DEFAULT_ROLE);
  return typeof isIdle === 'string' ? ['AUTH_PROXY_ variables without AUTH_PROXY_ADDRESSES do nothing.'] : [];
}
