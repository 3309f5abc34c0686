import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Role } from '../../src/http/access/caller.js';
import { SESSION_MS, SessionCookies } from '../../src/http/access/session/session-cookie.js';
import { tokenDigest, type AccessToken } from '../../src/http/access/tokens/tokens-file.js';
import { ask, type Asking } from '../support/ask.js';
import { eventually } from '../support/eventually.js';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';

/** Who gets in: everybody, who scrapes, or those with one of these roles and above. */
type Line = 'open' | 'scraper' | readonly Role[];

const VIEWER: Line = ['viewer'];
const INSPECTOR: Line = ['inspector'];
const OPERATOR: Line = ['operator'];

/** ONE LINE A ROUTE. A route of the running service that has none fails the test, and so does a line without a route. */
const ROUTES: Record<string, Line> = {
  'GET /': 'open',
  'GET /ui': 'open',
  'GET /ui/*path': 'open',
  'GET /ui/assets/:file': 'open',
  'GET /api/v1/dashboard': VIEWER,
  'GET /docs': VIEWER,
  'GET /docs/': VIEWER,
  'GET /docs/LICENSE': VIEWER,
  'GET /docs/docs/swagger-ui-init.js': VIEWER,
  'GET /docs/index.html': VIEWER,
  'GET /docs/openapi.json': VIEWER,
  'GET /docs/swagger-ui-init.js': VIEWER,
  'GET /docs-yaml': VIEWER,

  'GET /health': VIEWER,
  'GET /health/live': 'open',
  'GET /health/ready': 'open',
  'GET /metrics': 'scraper',
  'GET /worker/status': VIEWER,
  'GET /cameras': VIEWER,
  'GET /cameras/:cctvId': VIEWER,
  'GET /assessments': VIEWER,

  'POST /control/concurrency': OPERATOR,
  'POST /control/pause': OPERATOR,
  'POST /control/resume': OPERATOR,
  'POST /control/jobs/:jobId/cancel': OPERATOR,
  'GET /control/dlq': OPERATOR,
  'GET /control/dlq/:id': OPERATOR,
  'POST /control/dlq/redrive': OPERATOR,
  'DELETE /control/dlq': OPERATOR,

  'GET /api/v1/damage-detection/classes': VIEWER,
  'GET /api/v1/damage-detection/health': VIEWER,
  'POST /api/v1/damage-detection/image': INSPECTOR,
  'POST /api/v1/damage-detection/stream': INSPECTOR,

  'POST /api/v1/jobs': ['inspector', 'client'],
  'POST /api/v1/jobs/batch': ['inspector', 'client'],
  'PUT /api/v1/jobs/:id': ['inspector', 'client'],
  'GET /api/v1/jobs': VIEWER,
  'GET /api/v1/jobs/:id': ['viewer', 'client'],
  'POST /api/v1/jobs/:id/cancel': ['inspector', 'client'],
  'POST /api/v1/jobs/:id/retry': ['inspector', 'client'],
  'POST /api/v1/jobs/:id/expedite': INSPECTOR,
  'GET /api/v1/jobs/:id/events': ['viewer', 'client'],
  'GET /api/v1/jobs/:id/artifacts/:file': ['viewer', 'client'],

  'POST /api/v1/session': 'open',
  'GET /api/v1/session': ['viewer', 'client'],
  'DELETE /api/v1/session': 'open',
  'GET /api/v1/audit': OPERATOR,
  'GET /api/v1/events': VIEWER,
  'GET /api/v1/workers': VIEWER,
  'GET /api/v1/workers/:name': VIEWER,
  'PATCH /api/v1/workers': OPERATOR,
  'PATCH /api/v1/workers/:name': OPERATOR,
  'GET /api/v1/queue': VIEWER,
  'GET /api/v1/webhooks': VIEWER,
  'GET /api/v1/webhooks/:name': VIEWER,
  'POST /api/v1/webhooks/:name/on': OPERATOR,
  'GET /api/v1/cameras': VIEWER,
  'GET /api/v1/cameras/:cctvId': VIEWER,
  'GET /api/v1/cameras/:cctvId/visits': VIEWER,
  'GET /api/v1/cameras/:cctvId/visits/:visit/picture': VIEWER,
  'GET /api/v1/cameras/:cctvId/visits/:visit/marks': VIEWER,
  'GET /api/v1/cameras/:cctvId/alignment': VIEWER,
  'GET /api/v1/cameras/:cctvId/recordings': VIEWER,
  'GET /api/v1/cameras/:cctvId/recordings/:name': VIEWER,
  'GET /api/v1/findings': VIEWER,
  'GET /api/v1/findings/counts': VIEWER,
  'GET /api/v1/findings.csv': VIEWER,
  'GET /api/v1/findings.geojson': VIEWER,
  'GET /api/v1/findings-coco.zip': VIEWER,
  'GET /api/v1/findings/:id': VIEWER,
  'POST /api/v1/findings/:id/review': INSPECTOR,
  'POST /api/v1/findings/:id/undo': INSPECTOR,
  'POST /api/v1/findings/review': INSPECTOR,
  'POST /api/v1/cameras/:cctvId/findings': INSPECTOR,
  'GET /api/v1/dead-letters': VIEWER,
  'GET /api/v1/dead-letters/groups': VIEWER,
  'GET /api/v1/dead-letters/:id': VIEWER,
  'POST /api/v1/dead-letters/redrive': OPERATOR,
  'POST /api/v1/dead-letters/purge': OPERATOR,
  'GET /api/v1/queue/:kind': VIEWER,
};

/** Paths that are served without a route of their own: files of the page at /docs. */
/** Never open to everybody, though they need a viewer only. */
const KNOWN_ONLY = new Set([
  'GET /api/v1/findings-coco.zip',
  'GET /api/v1/jobs/:id/artifacts/:file',
  'GET /api/v1/cameras/:cctvId/visits/:visit/picture',
  'GET /api/v1/cameras/:cctvId/recordings/:name',
  'GET /api/v1/dead-letters',
  'GET /api/v1/dead-letters/groups',
  'GET /api/v1/dead-letters/:id',
]);

const FILES: Record<string, Line> = {
  'GET /docs/swagger-ui.css': VIEWER,
  'GET /docs/swagger-ui-bundle.js': VIEWER,
};

const MAIN = fileURLToPath(new URL('../support/routes/main.js', import.meta.url));
const CONTROL = 'control-token-of-the-operator';
const METRICS = 'metrics-token-of-the-scraper';
const PROXY = '127.0.0.2';
const LADDER: readonly Role[] = ['viewer', 'inspector', 'operator'];
const ROLES: readonly Role[] = ['client', ...LADDER];
const tokenOf = (role: Role): string => `a-token-for-somebody-who-is-${role}`;
const tokens = ROLES.map((role): AccessToken => ({ name: `some ${role}`, role, digest: tokenDigest(tokenOf(role)) }));

/** How a call introduces itself, and the role that this comes to; undefined: it is nobody. */
interface Introduction {
  readonly as: Asking;
  readonly role?: Role;
  /** How it is turned away; by default as who brings nothing. */
  readonly refusal?: readonly [number, string];
}

let bare: Service;
let guarded: Service;
let publicOne: Service;
let scraped: Service;
const services: Service[] = [];
const routes: string[] = [];
let folder: string;
const cookies = new Map<Role, string>();
const { server } = useRedis({ endFirst: () => Promise.all(services.map((service) => service.stop())) });

async function launch(environment: Record<string, string>): Promise<Service> {
  const service = await Service.launch({ REDIS_URL: server.url, ...environment }, { main: MAIN, ipc: true });
  services.push(service);
  const heard = once(service.process, 'message') as Promise<[string[]]>;
  await eventually('the service is ready', () => service.isReady(), 60_000);
  const [told] = await heard;
  if (routes.length === 0) routes.push(...told);
  return service;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roadstream-tokens-'));
  const file = join(folder, 'tokens.json');
  const entries = tokens.map(({ digest, ...rest }) => ({ ...rest, sha256: digest.toString('hex') }));
  await writeFile(file, JSON.stringify({ tokens: entries }));
  const signOn = {
    AUTH_PROXY_ADDRESSES: PROXY,
    AUTH_PROXY_ROLES: LADDER.map((role) => `city-${role}s=${role}`).join(),
  };
  bare = await launch({});
  guarded = await launch({ CONTROL_TOKEN: CONTROL, TOKENS_FILE: file, ...signOn });
  publicOne = await launch({ CONTROL_TOKEN: CONTROL, TOKENS_FILE: file, PUBLIC_READ: 'true', METRICS_TOKEN: METRICS });
  scraped = await launch({ METRICS_TOKEN: METRICS });
  for (const role of ROLES) cookies.set(role, await signIn(role));
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function signIn(role: Role): Promise<string> {
  const body = JSON.stringify({ token: tokenOf(role) });
  const headers = { 'Content-Type': 'application/json' };
  const { headers: set } = await ask(`${guarded.url}/api/v1/session`, { method: 'POST', headers, body });
  return String(set['set-cookie']).split(';')[0] as string;
}

const bearer = (token: string): Asking => ({ headers: { Authorization: `Bearer ${token}` } });
const cookie = (value: string): Asking => ({ headers: { Cookie: value, 'Sec-Fetch-Site': 'same-origin' } });
const signedOn = (role: string, from: string): Asking => ({
  from,
  headers: { 'X-Forwarded-User': 'kim', 'X-Forwarded-Groups': `all,city-${role}s`, 'Sec-Fetch-Site': 'same-origin' },
});

/** A cookie as the service makes it, for a token that it may not know, or a time that is over. */
function sealed(token: AccessToken, text: string, endsInMs: number, secret = CONTROL): Asking {
  return cookie(`roadstream=${new SessionCookies(secret).seal(token, text, Date.now() + endsInMs)}`);
}

/** All the ways to come with tokens set. */
function introductions(): Record<string, Introduction> {
  const [viewer, operator] = [tokens[1]!, tokens[3]!];
  const withdrawn = { ...operator, digest: tokenDigest('a-token-that-left-the-file') };
  const called = (role: Role): [string, Introduction][] => [
    [`${role} by token`, { as: bearer(tokenOf(role)), role }],
    [`${role} by cookie`, { as: cookie(cookies.get(role)!), role }],
  ];
  return {
    nothing: { as: {} },
    'a wrong token': { as: bearer(`${tokenOf('operator')}x`) },
    'half a token': { as: bearer(tokenOf('operator').slice(0, -1)) },
    'the hash of a token': { as: bearer(operator.digest.toString('hex')) },
    'an empty token': { as: { headers: { Authorization: 'Bearer ' } } },
    'a token under another scheme': { as: { headers: { Authorization: `Basic ${btoa(`x:${CONTROL}`)}` } } },
    'a cookie that is over': { as: sealed(operator, tokenOf('operator'), -60_000) },
    'a cookie for longer than one lasts': { as: sealed(operator, tokenOf('operator'), 2 * SESSION_MS) },
    'a cookie of a token that left the file': { as: sealed(withdrawn, 'a-token-that-left-the-file', SESSION_MS) },
    'a cookie made with the hash only': { as: sealed(operator, operator.digest.toString('hex'), SESSION_MS) },
    'a cookie of another CONTROL_TOKEN': {
      as: sealed(operator, tokenOf('operator'), SESSION_MS, 'another-secret-one'),
    },
    "an operator's cookie with a viewer's token": { as: sealed(operator, tokenOf('viewer'), SESSION_MS) },
    'two cookies of one name': { as: cookie(`${cookies.get('operator')!}; roadstream=x`) },
    'headers of the sign-on from elsewhere': { as: signedOn('operator', '127.0.0.1') },
    'the metrics token of another service': { as: bearer(METRICS) },
    CONTROL_TOKEN: { as: bearer(CONTROL), role: 'operator' },
    'a token in small letters': { as: { headers: { authorization: `bearer   ${tokenOf('viewer')}` } }, role: 'viewer' },
    "the viewer's cookie, made here": { as: sealed(viewer, tokenOf('viewer'), SESSION_MS), role: 'viewer' },
    'a token of the sign-on beside its headers': {
      as: {
        ...signedOn('viewer', PROXY),
        headers: { ...signedOn('viewer', PROXY).headers, Authorization: 'Bearer its.own.jwt' },
      },
      role: 'viewer',
    },
    'a user of the sign-on without a role': { as: signedOn('other', PROXY), refusal: [403, 'SIGN_ON_WITHOUT_ROLE'] },
    'a user that the sign-on names twice': {
      as: { from: PROXY, headers: { 'X-Forwarded-User': ['root', 'kim'], 'X-Forwarded-Groups': 'city-operators' } },
      refusal: [400, 'HEADER_TWICE'],
    },
    ...Object.fromEntries(ROLES.flatMap(called)),
    ...Object.fromEntries(LADDER.map((role) => [`${role} by sign-on`, { as: signedOn(role, PROXY), role }])),
  };
}

function isIn(role: Role | undefined, line: Line): boolean {
  if (line === 'open') return true;
  if (line === 'scraper') return role !== undefined && role !== 'client';
  if (role === undefined) return false;
  if (role === 'operator') return true;
  return line.some(
    (least) => least === role || (LADDER.includes(least) && LADDER.indexOf(role) > LADDER.indexOf(least)),
  );
}

function refusalOf({ role, refusal }: Introduction, line: Line): string {
  if (role !== undefined) return '403 ROLE_TOO_LOW';
  if (refusal !== undefined) return refusal.join(' ');
  return line === OPERATOR ? '401 CONTROL_TOKEN_REQUIRED' : '401 TOKEN_REQUIRED';
}

const REFUSALS = /^(?:401|403) |HEADER_TWICE|TOO_MANY_WRONG/;

/** `in`, or how a call was turned away. */
async function outcomeOf({ url }: Service, route: string, as: Asking): Promise<string> {
  const [method = '', path = ''] = route.split(' ');
  const { status, code } = await ask(url + path.replace(/:\w+/g, '1-1'), { ...as, method });
  const said = `${status} ${code}`;
  return REFUSALS.test(said) ? said : 'in';
}

/** Each line has an address of its own, since wrong tokens are counted by address. */
const LINES = Object.entries({ ...ROUTES, ...FILES }).map(([route, line], i): [string, Line, string] => [
  route,
  line,
  `127.0.3.${i + 1}`,
]);

describe('the table of routes', () => {
  it('has a line for each route of the running service, and no other', () => {
    expect([...new Set(routes)].sort()).toEqual(Object.keys(ROUTES).sort());
  });
});

describe('with tokens', () => {
  it.each(LINES)('%s is for those whom its line names, however they come', async (route, line, from) => {
    const found: Record<string, string> = {};
    const wanted: Record<string, string> = {};
    for (const [name, introduction] of Object.entries(introductions())) {
      found[name] = await outcomeOf(guarded, route, { from, ...introduction.as });
      // Without METRICS_TOKEN metrics are as open as ever.
      const isOpen = line === 'open' || line === 'scraper';
      wanted[name] = isOpen || isIn(introduction.role, line) ? 'in' : refusalOf(introduction, line);
    }
    expect(found).toEqual(wanted);
  });

  it.each(LINES.filter(([, line]) => Array.isArray(line)))(
    '%s cannot be reached by another spelling, another method or a token in the address',
    async (route, _line, from) => {
      const [method = '', path = ''] = route.split(' ');
      const url = guarded.url + path.replace(/:\w+/g, '1-1');
      const { origin, pathname } = new URL(url);
      const spellings = [
        pathname.toUpperCase(),
        `${pathname}/`,
        `/${pathname}`,
        `/.${pathname}`,
        `${pathname}?token=${CONTROL}&access_token=${CONTROL}`,
        `${pathname}%2f`,
        `/%${pathname.charCodeAt(1).toString(16)}${pathname.slice(2)}`,
        `${pathname};jsessionid=1`,
        `${origin}${pathname}`,
      ];
      for (const spelling of spellings) {
        const { status } = await ask(origin, { method, from, path: spelling });
        expect([spelling, [401, 404].includes(status)]).toEqual([spelling, true]);
      }
      const others = ['HEAD', 'PUT', 'PATCH', 'TRACE'].filter((other) => !routes.includes(`${other} ${path}`));
      const headers = { 'X-HTTP-Method-Override': method };
      for (const other of others) {
        const { status } = await ask(url, { method: other, headers, from });
        expect([other, [400, 401, 404].includes(status)]).toEqual([other, true]);
      }
    },
  );
});

describe('with tokens, PUBLIC_READ and METRICS_TOKEN', () => {
  it.each(LINES)('%s is for those whom its line names, and reading is for everybody', async (route, line, from) => {
    const callers: Record<string, Introduction> = {
      nothing: { as: {} },
      'a cookie that is over': { as: sealed(tokens[1]!, tokenOf('viewer'), -60_000) },
      'a wrong token': { as: bearer('a-wrong-token-of-nobody') },
      METRICS_TOKEN: { as: bearer(METRICS) },
      client: { as: bearer(tokenOf('client')), role: 'client' },
      viewer: { as: bearer(tokenOf('viewer')), role: 'viewer' },
    };
    const found: Record<string, string> = {};
    const wanted: Record<string, string> = {};
    for (const [name, introduction] of Object.entries(callers)) {
      found[name] = await outcomeOf(publicOne, route, { from, ...introduction.as });
      // Who shows something wrong hears of it.
      const isPublic =
        !KNOWN_ONLY.has(route) && Array.isArray(line) && line.includes('viewer') && !/wrong|METRICS/.test(name);
      const isScraper = name === 'METRICS_TOKEN' && line === 'scraper';
      wanted[name] = isPublic || isScraper || isIn(introduction.role, line) ? 'in' : refusalOf(introduction, line);
    }
    expect(found).toEqual(wanted);
  });
});

describe('with METRICS_TOKEN alone', () => {
  const elsewhere = { 'X-Forwarded-For': '127.0.0.1' };
  const METRICS_ROUTE = 'GET /metrics';

  it('metrics are for who brings it and for this machine, and all else is as it was', async () => {
    expect(await outcomeOf(scraped, METRICS_ROUTE, { headers: elsewhere })).toBe('401 TOKEN_REQUIRED');
    expect(await outcomeOf(scraped, METRICS_ROUTE, bearer(`${METRICS}x`))).toBe('401 TOKEN_REQUIRED');
    const brought = { ...elsewhere, Authorization: `Bearer ${METRICS}` };
    expect(await outcomeOf(scraped, METRICS_ROUTE, { headers: brought })).toBe('in');
    expect(await outcomeOf(scraped, METRICS_ROUTE, {})).toBe('in');
    expect(await outcomeOf(scraped, 'GET /worker/status', { headers: elsewhere })).toBe('in');
    expect(await outcomeOf(scraped, 'POST /control/pause', { headers: brought })).toBe('403 CONTROL_LOCAL_ONLY');
  });
});

describe('without tokens', () => {
  it.each(LINES)('%s is for everybody or for this machine, as it was', async (route, line) => {
    const isForAll = !Array.isArray(line) || (line.includes('viewer') && !KNOWN_ONLY.has(route));
    const wanted = isForAll ? 'in' : '403 CONTROL_LOCAL_ONLY';
    expect(await outcomeOf(bare, route, {})).toBe('in');
    expect(await outcomeOf(bare, route, bearer(tokenOf('operator')))).toBe('in');
    expect(await outcomeOf(bare, route, { headers: { 'X-Forwarded-For': '127.0.0.1' } })).toBe(wanted);
    expect(await outcomeOf(bare, route, signedOn('operator', PROXY))).toBe(wanted);
  });
});
