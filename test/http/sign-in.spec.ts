import { execFile } from 'node:child_process';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Role } from '../../src/http/access/caller.js';
import { newToken } from '../../src/http/access/tokens/new-token.js';
import { ask, type Asking } from '../support/ask.js';
import { eventually } from '../support/eventually.js';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';

const CLI = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const PROXY = '127.0.0.2';
const JSON_BODY = { 'Content-Type': 'application/json' };

const kim = newToken('kim', 'viewer');
const lee = newToken('이', 'operator');
const job = newToken('spring', 'client');

let folder: string;
let file: string;
let one: Service;
let other: Service;
const services: Service[] = [];
const { server } = useRedis({ endFirst: () => Promise.all(services.map((service) => service.stop())) });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roadstream-tokens-'));
  file = join(folder, 'tokens.json');
  // As an editor on Windows leaves it.
  await writeTokens(`\ufeff{"tokens":[${[kim, lee, job].map(({ line }) => line).join(',\r\n')}]}\r\n\r\n`);
  const environment = {
    REDIS_URL: server.url,
    TOKENS_FILE: file,
    HTTP_ALLOWED_HOSTS: 'roads.example',
    AUTH_PROXY_ADDRESSES: `${PROXY}/32,2001:db8::/32`,
    AUTH_PROXY_ROLES: 'cctv-admins=operator,cctv-staff=viewer',
    AUTH_PROXY_DEFAULT_ROLE: 'viewer',
  };
  one = await Service.start(environment);
  services.push(one);
  other = await Service.start(environment);
  services.push(other);
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** At once, as whoever changes such a file should. */
async function writeTokens(text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

const fileOf = (...tokens: { line: string }[]): string => `{"tokens":[${tokens.map(({ line }) => line).join()}]}`;
const bearer = (token: string): Asking => ({ headers: { Authorization: `Bearer ${token}` } });
const call = (service: Service, route: string, asking: Asking = {}) => {
  const [method = '', path = ''] = route.split(' ');
  return ask(service.url + path, { ...asking, method });
};
const outcome = async (service: Service, route: string, asking: Asking = {}): Promise<string> => {
  const { status, code } = await call(service, route, asking);
  return `${status} ${code}`.trim();
};

async function signIn(service: Service, token: string, headers: Record<string, string> = {}) {
  const body = JSON.stringify({ token });
  const answer = await call(service, 'POST /api/v1/session', { headers: { ...JSON_BODY, ...headers }, body });
  const [set = ''] = [answer.headers['set-cookie'] ?? []].flat();
  return { ...answer, set, cookie: set.split(';')[0]! };
}

async function whoAmI(service: Service, headers: Record<string, string>): Promise<unknown> {
  return service.json('/api/v1/session', { headers });
}

describe('a sign-in', () => {
  it('sets a cookie that no script, no other site and, over https, no other host gets hold of', async () => {
    const plain = await signIn(one, kim.token);
    expect(plain.set).toMatch(
      /^roadstream=[\w-]+\.[\w-]+; Max-Age=43200; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
    );
    const strict =
      /^__Host-roadstream=[\w-]+\.[\w-]+; Max-Age=43200; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Strict$/;
    expect((await signIn(one, kim.token, { Host: 'roads.example' })).set).toMatch(strict);
    const page = { Host: 'roads.example', Origin: 'https://roads.example' };
    expect((await signIn(one, kim.token, page)).set).toMatch(strict);
    expect(plain.headers['cache-control']).toBe('no-store');
  });

  it('tells who somebody is, and until when', async () => {
    const { cookie } = await signIn(one, lee.token);
    expect(await whoAmI(one, { Cookie: cookie })).toEqual({
      name: '이',
      role: 'operator',
      via: 'cookie',
      expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      canSignIn: true,
    });
    expect(await whoAmI(one, bearer(job.token).headers as Record<string, string>)).toEqual({
      name: 'spring',
      role: 'client',
      via: 'token',
      expiresAt: null,
      canSignIn: true,
    });
  });

  it('holds at every replica, and after a restart', async () => {
    const { cookie } = await signIn(one, kim.token);
    expect(await whoAmI(other, { Cookie: cookie })).toMatchObject({ name: 'kim', role: 'viewer' });
  });

  it('is refused with a wrong token, over plain http from elsewhere, and where there are no tokens', async () => {
    expect(await signIn(one, `${kim.token}x`)).toMatchObject({ status: 401, code: 'TOKEN_WRONG', set: '' });
    const page = { Host: '10.1.2.3:3000', Origin: 'http://10.1.2.3:3000' };
    expect(await signIn(one, kim.token, page)).toMatchObject({ status: 400, code: 'SIGN_IN_NEEDS_HTTPS', set: '' });
    for (const body of ['{}', '{"token":""}', '{"token":["x"]}', `{"token":"${'x'.repeat(1_001)}"}`]) {
      const answer = await call(one, 'POST /api/v1/session', { headers: JSON_BODY, body });
      expect([body, answer.status]).toEqual([body, 400]);
    }
  });

  it('ends with a sign-out, for the browser that asks for it', async () => {
    const { cookie } = await signIn(one, kim.token);
    const { status, headers } = await call(one, 'DELETE /api/v1/session', { headers: { Cookie: cookie } });
    expect(status).toBe(204);
    expect([headers['set-cookie']].flat()).toEqual([
      expect.stringMatching(
        /^__Host-roadstream=; Path=\/; Expires=Thu, 01 Jan 1970.*; HttpOnly; Secure; SameSite=Strict$/,
      ),
      expect.stringMatching(/^roadstream=; Path=\/; Expires=Thu, 01 Jan 1970.*; HttpOnly; SameSite=Strict$/),
    ]);
  });

  it('by the cookie for plain http counts on this machine only, where nobody else can set it', async () => {
    const value = (await signIn(one, lee.token)).cookie.split('=')[1]!;
    const read = (headers: Record<string, string>) => outcome(one, 'GET /worker/status', { headers });
    expect(await read({ Cookie: `roadstream=${value}` })).toBe('200');
    expect(await read({ Cookie: `roadstream=${value}`, Host: 'roads.example' })).toBe('401 TOKEN_REQUIRED');
    expect(await read({ Cookie: `__Host-roadstream=${value}`, Host: 'roads.example' })).toBe('200');
    expect(await read({ Cookie: `a=1; __HOST-roadstream=${value}; b`, Host: 'roads.example' })).toBe(
      '401 TOKEN_REQUIRED',
    );
  });
});

describe('a call that a browser makes with what it keeps', () => {
  const pause = (headers: Record<string, string>, from?: string) =>
    outcome(one, 'POST /control/resume', { headers, ...(from === undefined ? {} : { from }) });

  it('changes something only when it comes from a page of ours', async () => {
    const { cookie: Cookie } = await signIn(one, lee.token);
    const Host = new URL(one.url).host;
    expect(await pause({ Cookie })).toBe('403 ORIGIN_REQUIRED');
    expect(await pause({ Cookie, 'Sec-Fetch-Site': 'none' })).toBe('403 ORIGIN_REQUIRED');
    expect(await pause({ Cookie, 'Sec-Fetch-Site': 'cross-site', Origin: `http://${Host}` })).toBe(
      '403 ORIGIN_NOT_ALLOWED',
    );
    expect(await pause({ Cookie, 'Sec-Fetch-Site': 'same-site' })).toBe('403 ORIGIN_NOT_ALLOWED');
    expect(await pause({ Cookie, Origin: 'https://evil.example' })).toBe('403 ORIGIN_NOT_ALLOWED');
    expect(await pause({ Cookie, Origin: 'null' })).toBe('403 ORIGIN_NOT_ALLOWED');
    expect(await pause({ Cookie, 'Sec-Fetch-Site': 'same-origin' })).toBe('200');
    expect(await pause({ Cookie, Origin: `http://${Host}` })).toBe('200');
    expect(await outcome(one, 'GET /worker/status', { headers: { Cookie } })).toBe('200');
  });

  it('is under the same rule behind a sign-on proxy, and free of it with a token', async () => {
    const admin = { 'X-Forwarded-User': 'lee', 'X-Forwarded-Groups': 'cctv-admins' };
    expect(await pause(admin, PROXY)).toBe('403 ORIGIN_REQUIRED');
    expect(await pause({ ...admin, 'Sec-Fetch-Site': 'same-origin' }, PROXY)).toBe('200');
    expect(await pause(bearer(lee.token).headers as Record<string, string>)).toBe('200');
  });
});

describe('a sign-on proxy', () => {
  const asUser = (headers: Record<string, string | string[]>, from = PROXY) =>
    outcome(one, 'GET /control/dlq', { headers, from });
  const User = 'X-Forwarded-User';
  const Groups = 'X-Forwarded-Groups';

  it.each<[string, Record<string, string | string[]>, string]>([
    ['of its groups the highest role', { [User]: 'kim', [Groups]: 'all, cctv-staff,cctv-admins' }, '200'],
    ['the default role', { [User]: 'kim', [Groups]: 'all,CCTV-ADMINS' }, '403 ROLE_TOO_LOW'],
    ['the default role without groups', { [User]: 'kim' }, '403 ROLE_TOO_LOW'],
    ['nobody without a name', { [User]: ' ', [Groups]: 'cctv-admins' }, '401 CONTROL_TOKEN_REQUIRED'],
    [
      'nobody under headers that look alike',
      { x_forwarded_user: 'kim', [Groups]: 'cctv-admins' },
      '401 CONTROL_TOKEN_REQUIRED',
    ],
    ['an error for two users', { [User]: ['kim', 'lee'], [Groups]: 'cctv-admins' }, '400 HEADER_TWICE'],
    [
      'an error for two lists of groups',
      { [User]: 'kim', [Groups]: ['cctv-staff', 'cctv-admins'] },
      '400 HEADER_TWICE',
    ],
    [
      "an error for a name of the service's own",
      { [User]: 'control_token', [Groups]: 'cctv-admins' },
      '400 SIGN_ON_NAME',
    ],
  ])('gives %s', async (_what, headers, wanted) => {
    expect(await asUser(headers)).toBe(wanted);
  });

  it('is believed at its own address only, whatever is said of whom it speaks for', async () => {
    const headers = { [User]: 'kim', [Groups]: 'cctv-admins' };
    expect(await asUser(headers, '127.0.0.1')).toBe('401 CONTROL_TOKEN_REQUIRED');
    expect(await asUser({ ...headers, 'X-Forwarded-For': PROXY }, '127.0.0.3')).toBe('401 CONTROL_TOKEN_REQUIRED');
    expect(await asUser({ ...headers, Forwarded: `for=${PROXY}` }, '127.0.0.3')).toBe('401 CONTROL_TOKEN_REQUIRED');
  });

  it('may name people in their own letters', async () => {
    const headers = { [User]: Buffer.from('김민지').toString('latin1') };
    const answer = await new Promise<string>((resolve, reject) => {
      const asked = request(`${one.url}/api/v1/session`, { headers, localAddress: PROXY }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
        response.once('end', () => resolve(text));
      });
      asked.once('error', reject).end();
    });
    expect(JSON.parse(answer)).toMatchObject({ name: '김민지', role: 'viewer', via: 'sign-on' });
  });
});

describe('two headers of one kind', () => {
  it('are refused, since a proxy may go by the other one', async () => {
    const headers = { Authorization: [`Bearer ${kim.token}`, `Bearer ${lee.token}`] };
    expect(await outcome(one, 'GET /worker/status', { headers })).toBe('400 HEADER_TWICE');
  });
});

describe('a file of tokens that changes', () => {
  const statusOf = (token: string) => outcome(one, 'GET /worker/status', bearer(token));
  const asRole = async (token: string): Promise<Role | undefined> =>
    ((await whoAmI(one, bearer(token).headers as Record<string, string>)) as { role?: Role }).role;

  afterAll(async () => {
    await writeTokens(fileOf(kim, lee, job));
    for (const service of [one, other])
      await eventually(
        'all are back',
        async () => (await outcome(service, 'GET /worker/status', bearer(kim.token))) === '200',
      );
  });

  it('withdraws a token, its sign-ins and its open calls, and leaves others alone', async () => {
    const [kims, lees] = [await signIn(one, kim.token), await signIn(one, lee.token)];
    const listen = (cookie: string) => fetch(`${one.url}/api/v1/events`, { headers: { Cookie: cookie } });
    const [ofKim, ofLee] = [await listen(kims.cookie), await listen(lees.cookie)];
    const cut = drained(ofKim);
    let isLeesOver = false;
    void drained(ofLee).then(() => (isLeesOver = true));
    const added = newToken('new', 'viewer');
    await writeTokens(fileOf(lee, added));
    await cut;
    expect(await statusOf(kim.token)).toBe('401 TOKEN_REQUIRED');
    expect(await outcome(one, 'GET /worker/status', { headers: { Cookie: kims.cookie } })).toBe('401 TOKEN_REQUIRED');
    expect(await statusOf(added.token)).toBe('200');
    expect(await outcome(one, 'GET /worker/status', { headers: { Cookie: lees.cookie } })).toBe('200');
    expect(isLeesOver).toBe(false);
    await ofLee.body?.cancel().catch(() => undefined);
  });

  it('takes what "roadstream token" prints', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      CLI,
      'token',
      '--name',
      'park',
      '--role',
      'viewer',
    ]);
    const [, token = ''] = /^ {2}(roadstream_\S+)$/m.exec(stdout) ?? [];
    const [, line = ''] = /^ {2}(\{.+\})$/m.exec(stdout) ?? [];
    await writeTokens(fileOf(lee, { line }));
    await eventually('it is read', async () => (await statusOf(token)) === '200');
  });

  it('gives a token another role, also to who signed in with it', async () => {
    await writeTokens(fileOf(lee, { line: kim.line.replace('viewer', 'inspector') }));
    await eventually('the role is another', async () => (await asRole(kim.token)) === 'inspector');
    await writeTokens(fileOf(lee, kim));
    await eventually('the role is the old one', async () => (await asRole(kim.token)) === 'viewer');
  });

  it('changes nothing while it is wrong or gone, and says so', async () => {
    const told = (): number => one.output.split('TOKENS_FILE_WRONG').length - 1;
    await writeTokens(fileOf(lee, { line: '{"name":"x","role":"boss","sha256":"my-secret-token-in-plain"}' }));
    await eventually('it is told', () => told() === 1, 20_000);
    expect(await statusOf(kim.token)).toBe('200');
    await rm(file);
    await eventually('that it is gone is told, too', () => told() === 2, 20_000);
    expect(await statusOf(kim.token)).toBe('200');
    await writeTokens(fileOf(lee));
    // A call of theirs that is open at that moment is cut off.
    const now = () => statusOf(kim.token).catch(() => 'cut off');
    await eventually('it is read again', async () => (await now()) === '401 TOKEN_REQUIRED', 20_000);
    expect(one.output).not.toContain('my-secret-token-in-plain');
  }, 90_000);

  it('stops a start when it is wrong, with one message', async () => {
    const wrong = join(folder, 'wrong.json');
    await writeFile(wrong, '{"tokens":[{"name":"x","role":"boss","sha256":"my-secret-token-in-plain"}]}');
    for (const [TOKENS_FILE, said] of [
      [wrong, 'token no. 1: role must be one of client, viewer, inspector, operator'],
      [join(folder, 'none.json'), 'It cannot be read'],
    ] as const) {
      const service = await Service.launch({ REDIS_URL: server.url, TOKENS_FILE });
      expect(await service.end()).toBe(1);
      expect(service.output.trim().split('\n')).toHaveLength(1);
      expect(service.output).toContain(said);
      expect(service.output).not.toContain('my-secret-token-in-plain');
    }
    const env = { PATH: process.env.PATH, REDIS_URL: server.url, TOKENS_FILE: wrong };
    const doctor = await promisify(execFile)(process.execPath, [CLI, 'doctor'], { env, cwd: folder }).catch(
      (error: unknown) => error as { stdout: string },
    );
    expect(doctor.stdout).toMatch(/^FAIL {2}access .*TOKENS_FILE/m);
  }, 60_000);
});

/** Resolves when an answer is over, however it ends. */
async function drained(answer: Response): Promise<void> {
  try {
    for await (const _piece of answer.body ?? []);
  } catch {
    // Cut off.
  }
}

describe('many wrong tokens', () => {
  it('make their sender wait, but nobody who was known there before', async () => {
    const from = '127.0.7.1';
    const tryOut = (token: string, there = from) =>
      outcome(one, 'GET /worker/status', { ...bearer(token), from: there });
    expect(await tryOut(lee.token)).toBe('200');
    const outcomes: string[] = [];
    for (let i = 0; i < 121; i += 1) outcomes.push(await tryOut(`a-guess-of-a-token-${i}`));
    expect(new Set(outcomes.slice(0, 120))).toEqual(new Set(['401 TOKEN_REQUIRED']));
    expect(outcomes.at(-1)).toBe('429 TOO_MANY_WRONG_TOKENS');
    const body = JSON.stringify({ token: kim.token });
    const answer = await call(one, 'POST /api/v1/session', { headers: JSON_BODY, body, from });
    expect(answer).toMatchObject({ status: 429, code: 'TOO_MANY_WRONG_TOKENS' });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(await tryOut(lee.token)).toBe('200');
    expect(await tryOut(kim.token)).toBe('429 TOO_MANY_WRONG_TOKENS');
    expect(await tryOut(kim.token, '127.0.7.2')).toBe('200');
    const told = one.output.split('\n').filter((line) => line.includes(`"from":"${from}"`));
    expect(told).toHaveLength(2);
  });

  it('are in no log, and neither are right ones', () => {
    const secrets = [kim.token, lee.token, job.token, 'a-guess-of-a-token'];
    for (const { output } of services) for (const secret of secrets) expect(output).not.toContain(secret);
  });
});
