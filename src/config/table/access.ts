import { isGroupRole, isHeaderName, isNetwork, isStrongToken, PERSON_ROLES } from '../env.forms.js';
import { commaList, flag, line, oneOf, secret, shaped } from './rows.js';

const TOKEN = 'a token of 16 to 1000 characters without spaces that nobody guesses: openssl rand -hex 24';
const HEADER = 'the name of a header that only a proxy sets';

/** Who may ask and steer; docs/security.md says how it works. */
export const ACCESS = {
  Access: {
    CONTROL_TOKEN: secret(
      shaped(
        undefined,
        TOKEN,
        isStrongToken,
        'Bearer token of an operator, 16 characters or more (openssl rand -hex 24). Without any token everybody reads, and only this machine steers. Set one wherever a proxy is in front.',
      ),
    ),
    TOKENS_FILE: line(
      undefined,
      'A JSON file of more tokens, each with a name and a role: viewer, inspector, operator or client; "roadstream token" makes them. It is read again when it changes.',
    ),
    PUBLIC_READ: flag(false, 'Everybody may read although there are tokens.'),
    METRICS_TOKEN: secret(
      shaped(undefined, TOKEN, isStrongToken, 'Bearer token for /metrics; without one /metrics is open to everybody.'),
    ),
    AUTH_PROXY_ADDRESSES: commaList(
      'addresses or CIDRs',
      isNetwork,
      'Proxies that say who signed in at them, by the headers below; from everywhere else these are ignored.',
    ),
    AUTH_PROXY_USER_HEADER: shaped('X-Forwarded-User', HEADER, isHeaderName, 'Names the user.'),
    AUTH_PROXY_ROLE_HEADER: shaped(
      'X-Forwarded-Groups',
      HEADER,
      isHeaderName,
      "Names the user's groups, separated by commas.",
    ),
    AUTH_PROXY_ROLES: commaList(
      'group=role, such as cctv-admins=operator',
      isGroupRole,
      'What a group may do: cctv-admins=operator,cctv-staff=viewer. Of several roles the highest counts.',
    ),
    AUTH_PROXY_DEFAULT_ROLE: oneOf(
      undefined,
      PERSON_ROLES,
      'What users without such a group may do; not set: nothing.',
    ),
  },
};
