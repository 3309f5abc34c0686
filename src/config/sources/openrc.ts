import type { Name } from '../table/table.js';

/** What other OpenStack clients read, and we do not, because the way in would be another one. With what to do instead. */
const REFUSED: Readonly<Record<string, string>> = {
  OS_DOMAIN_ID: 'a token is asked for a project, not for a domain; remove it, and set OS_PROJECT_NAME or OS_PROJECT_ID',
  OS_DOMAIN_NAME:
    'a token is asked for a project, not for a domain; remove it, and set OS_PROJECT_NAME or OS_PROJECT_ID',
  OS_SYSTEM_SCOPE: 'a token is asked for a project; remove it, and set OS_PROJECT_NAME or OS_PROJECT_ID',
  OS_TRUST_ID: 'trusts are not supported; use an application credential instead',
  OS_PASSCODE: 'one-time codes are not supported; use an application credential instead',
};

/** What we do not read and can do without. With what to do if it is needed. */
const IGNORED: Readonly<Record<string, string>> = {
  OS_CACERT: 'set NODE_EXTRA_CA_CERTS to that file if its authority is a private one',
  OS_INSECURE: 'certificates are always checked; set NODE_EXTRA_CA_CERTS to the PEM file of a private authority',
  OS_CERT: 'certificates of clients are not supported',
  OS_KEY: 'certificates of clients are not supported',
  OS_CLOUD: 'clouds.yaml is not read; what it says has to be set as OS_ variables',
  OS_TOKEN: 'tokens are asked for by password or application credential',
  OS_AUTH_TOKEN: 'tokens are asked for by password or application credential',
  OS_STORAGE_URL: "Swift's address comes from Keystone's catalog; OS_INTERFACE and OS_REGION_NAME choose there",
  OS_ENDPOINT_TYPE: 'set OS_INTERFACE to public, internal or admin',
};

/** Old names of what we read; harmless where the new one is set, too. */
const OLD_NAMES: Readonly<Record<string, readonly Name[]>> = {
  OS_TENANT_NAME: ['OS_PROJECT_NAME', 'OS_PROJECT_ID'],
  OS_TENANT_ID: ['OS_PROJECT_ID', 'OS_PROJECT_NAME'],
  OS_DEFAULT_DOMAIN: ['OS_USER_DOMAIN_NAME', 'OS_USER_DOMAIN_ID'],
  OS_DEFAULT_DOMAIN_ID: ['OS_USER_DOMAIN_ID', 'OS_USER_DOMAIN_NAME'],
  OS_DEFAULT_DOMAIN_NAME: ['OS_USER_DOMAIN_NAME', 'OS_USER_DOMAIN_ID'],
};

/** Of other services than Keystone and Swift, or of a terminal. */
const HARMLESS = /^OS_(?:[A-Z]+_)?(?:API_VERSION|CLIENT_CONFIG_FILE|NO_CACHE|CACHE)$/;
const IDENTITY = 'OS_IDENTITY_API_VERSION';

type Environment = Readonly<Record<string, string | undefined>>;

/** What an openrc file says that leads elsewhere than we can go: one line each, beginning with the variable. */
export function refusedOpenrc(env: Environment): string[] {
  const refused = given(env).flatMap((name) =>
    name in REFUSED ? [`${name}: is set, but not supported; ${REFUSED[name] ?? ''}`] : [],
  );
  const version = env[IDENTITY]?.trim() ?? '';
  if (!given(env).includes(IDENTITY) || /^v?3(\.\d+)?$/.test(version)) return refused;
  return [
    ...refused,
    `${IDENTITY}: is ${JSON.stringify(version)}; must be 3, the only version of Keystone that is spoken`,
  ];
}

/** What an openrc file says that was not read: one sentence each. `told`: names that somebody else warns of. */
export function ignoredOpenrc(env: Environment, known: readonly string[], told: readonly string[]): string[] {
  return given(env).flatMap((name) => {
    if (known.includes(name) || name in REFUSED || HARMLESS.test(name)) return [];
    if (told.some((warning) => warning.startsWith(`${name} `))) return [];
    const successors = OLD_NAMES[name];
    if (successors?.some((successor) => isSet(env[successor])) === true) return [];
    return [
      `${name} was ignored: ${successors === undefined ? (IGNORED[name] ?? 'it is no setting of this service') : `it is called ${successors[0] ?? ''} here`}.`,
    ];
  });
}

/** Only where Swift is used: elsewhere OS_ may mean anything, such as the operating system. */
function given(env: Environment): string[] {
  if (!isSet(env['OS_AUTH_URL'])) return [];
  return Object.keys(env).filter((name) => name.startsWith('OS_') && isSet(env[name]));
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value.trim() !== '';
}
