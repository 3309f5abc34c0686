import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Artifact, StoredArtifact } from '../../src/artifacts/artifact-store.js';
import { SwiftArtifactStore } from '../../src/artifacts/swift/swift.store.js';
import type { RetryPace } from '../../src/artifacts/remote/retry-pace.js';
import type { SwiftSettings } from '../../src/artifacts/swift/swift.settings.js';
import { StoppingError } from '../../src/job/errors.js';
import { NOBODY_AT } from '../support/nobody.js';
import { eventually } from '../support/eventually.js';
import { FaultProxy, type Fault } from '../support/swift-lab/fault-proxy.js';
import { SwiftLab, TEST_PATIENCE } from '../support/swift-lab/swift-lab.js';

const NEVER = new AbortController().signal;

/** The size that pkgcloud, used as its README says, stored as 165,536. */
const BYTES = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 31 + (i >> 8)) % 256));
const picture: Artifact = { contentType: 'image/jpeg', source: () => BYTES };
const streamed: Artifact = { contentType: 'image/jpeg', source: () => Readable.from(pieces(), { objectMode: false }) };

function* pieces(): Generator<Buffer> {
  for (let at = 0; at < BYTES.length; at += 1000) yield BYTES.subarray(at, at + 1000);
}

describe('a Swift in trouble', () => {
  const container = `faults-${process.pid}`;
  let lab: SwiftLab;
  let proxy: FaultProxy;

  beforeAll(async () => {
    lab = SwiftLab.running();
    await lab.swift('post', container);
  });
  afterAll(() => lab.remove(container));
  beforeEach(async () => {
    proxy = await FaultProxy.start(lab);
  });
  afterEach(() => proxy.stop());

  /** A store that goes through the spoiling proxy. */
  const through = (changes: Partial<SwiftSettings> = {}, patience: Partial<RetryPace> = {}): SwiftArtifactStore =>
    new SwiftArtifactStore(lab.settings(container, { authUrl: proxy.authUrl, ...changes }), {
      ...TEST_PATIENCE,
      ...patience,
    });
  /** A store that asks the lab itself. */
  const direct = (changes: Partial<SwiftSettings> = {}, patience: Partial<RetryPace> = {}): SwiftArtifactStore =>
    through({ authUrl: lab.settings(container).authUrl, ...changes }, patience);

  async function expectStored(name: string, stored: StoredArtifact): Promise<void> {
    const md5 = createHash('md5').update(BYTES).digest('hex');
    expect(stored).toMatchObject({ bytes: BYTES.length, md5 });
    expect((await lab.read(container, name))?.equals(BYTES)).toBe(true);
  }
  const expectNothing = async (name: string): Promise<void> => expect(await lab.read(container, name)).toBeUndefined();

  describe.each([
    ['bytes', picture],
    ['a stream', streamed],
  ])('storing %s', (what, artifact) => {
    it.each<[string, Fault]>([
      ...[408, 409, 422, 425, 429, 498, 499, 500, 502, 503, 504, 507].map((status): [string, Fault] => [
        `a ${status}`,
        { status },
      ]),
      ['an early 503', { status: 503, early: true }],
      ['a 401', { status: 401 }],
      ['a connection cut half way', 'cut'],
      ['an answer that is no HTTP', 'garbage'],
      ['a bit that flips on its way', 'flip'],
    ])('gets over %s', async (trouble, fault) => {
      const name = `passing/${what}/${trouble}`;
      proxy.spoilNext(fault);
      await expectStored(name, await through().put(name, artifact, NEVER));
      expect(proxy.swiftCalls.filter(({ method }) => method === 'PUT')).toHaveLength(2);
    });

    it('gets over a call that is never answered', async () => {
      proxy.spoilNext('hang');
      const store = through({}, { idleMs: 500 });
      await expectStored(`hang/${what}`, await store.put(`hang/${what}`, artifact, NEVER));
    });

    it('never calls it stored what changes on its way each time', async () => {
      proxy.spoil = ({ method }) => (method === 'PUT' ? 'flip' : undefined);
      const put = through().put(`flip/${what}`, artifact, NEVER);
      await expect(put).rejects.toMatchObject({ kind: 'transient' });
      await expectNothing(`flip/${what}`);
    });
  });

  it.each([
    [300, 'permanent', 'SWIFT_REFUSED'],
    [307, 'permanent', 'SWIFT_REFUSED'],
    [400, 'permanent', 'SWIFT_REFUSED'],
    [401, 'transient', 'SWIFT_TOKEN_REFUSED'],
    [403, 'permanent', 'SWIFT_FORBIDDEN'],
    [405, 'permanent', 'SWIFT_REFUSED'],
    [408, 'transient', 'SWIFT_UNAVAILABLE'],
    [411, 'permanent', 'SWIFT_REFUSED'],
    [412, 'permanent', 'SWIFT_REFUSED'],
    [413, 'transient', 'SWIFT_QUOTA'],
    [416, 'permanent', 'SWIFT_REFUSED'],
    [429, 'rate_limited', 'SWIFT_RATE_LIMITED'],
    [498, 'rate_limited', 'SWIFT_RATE_LIMITED'],
    [499, 'transient', 'SWIFT_UNAVAILABLE'],
    [501, 'transient', 'SWIFT_UNAVAILABLE'],
    [502, 'transient', 'SWIFT_UNAVAILABLE'],
    [504, 'transient', 'SWIFT_UNAVAILABLE'],
    [507, 'transient', 'SWIFT_FULL'],
  ])('never takes a lasting %i for success: %s %s', async (status, kind, code) => {
    proxy.spoil = () => ({ status, headers: { location: `${proxy.authUrl}/elsewhere` } });
    await expect(through({}, { tries: 2 }).put(`lasting/${status}`, picture, NEVER)).rejects.toMatchObject({
      kind,
      code,
      step: 'artifacts',
      message: expect.stringContaining(String(status)),
    });
    expect(proxy.calls.map(({ path }) => path)).not.toContain('/v3/elsewhere');
    await expectNothing(`lasting/${status}`);
  });

  it('comes back when Swift says, if it will not have us for long', async () => {
    proxy.spoil = () => ({ status: 429, headers: { 'retry-after': '120' } });
    const put = through({}, { tries: 2 }).put('later', picture, NEVER);
    await expect(put).rejects.toMatchObject({ retryAfterMs: 120_000 });
  });

  it('ends at once when it is aborted between two tries', async () => {
    const controller = new AbortController();
    proxy.spoil = () => {
      setImmediate(() => controller.abort(new StoppingError()));
      return { status: 503, headers: { 'retry-after': '600' } };
    };
    const put = through({}, { capMs: 600_000 }).put('aborted', picture, controller.signal);
    await expect(put).rejects.toBeInstanceOf(StoppingError);
  });

  describe('tokens', () => {
    const ten = (store: SwiftArtifactStore, folder: string): Promise<StoredArtifact[]> =>
      Promise.all(Array.from({ length: 10 }, (_, i) => store.put(`${folder}/${i}`, picture, NEVER)));
    const lastToken = (): string => String(proxy.swiftCalls.at(-1)?.headers['x-auth-token']);

    async function expectTen(folder: string, stored: readonly StoredArtifact[]): Promise<void> {
      for (const [i, one] of stored.entries()) await expectStored(`${folder}/${i}`, one);
    }

    it('are asked for once by ten uploads at once, each of which is stored right', async () => {
      await expectTen('ten', await ten(through(), 'ten'));
      expect(proxy.logins).toBe(1);
    });

    it('are replaced once when ten uploads find theirs revoked', async () => {
      const store = through();
      await store.put('first', picture, NEVER);
      await lab.revoke(lastToken());
      await expectTen('revoked', await ten(store, 'revoked'));
      expect(proxy.logins).toBe(2);
    });

    it('are renewed before they lapse, and the uploads around it are stored right', async () => {
      proxy.rewrite = (answer) => withLifetime(answer, 300);
      const store = through();
      for (let i = 0; i < 10; i++) await expectStored('short', await store.put('short', picture, NEVER));
      expect(proxy.logins).toBeGreaterThan(1);
    });

    it('are replaced when they have lapsed although this machine thinks not', async () => {
      await restartKeystone('4');
      proxy.rewrite = (answer) => withLifetime(answer, 3_600_000);
      const store = through();
      await store.put('first', picture, NEVER);
      await eventually('the token has lapsed', async () => {
        const headers = { 'x-auth-token': lastToken() };
        return (await fetch(`${lab.endpoint}/${container}`, { method: 'HEAD', headers })).status === 401;
      });
      await expectStored('lapsed', await store.put('lapsed', picture, NEVER));
      expect(proxy.logins).toBe(2);
      await restartKeystone('3600');
    });

    async function restartKeystone(tokenSeconds: string): Promise<void> {
      lab.signal('keystone', 'SIGKILL');
      await lab.up({ TOKEN_SECONDS: tokenSeconds });
    }
  });

  describe('processes', () => {
    it('an object server that was killed: the right error, and stored when it is back', async () => {
      lab.signal('object', 'SIGKILL');
      const refused = direct({}, { tries: 1 }).put('killed', picture, NEVER);
      await expect(refused).rejects.toMatchObject({ kind: 'transient', code: 'SWIFT_UNAVAILABLE' });
      const patient = direct({}, { tries: 100, capMs: 1000 }).put('killed', streamed, NEVER);
      await lab.up();
      await expectStored('killed', await patient);
    });

    it('a container server that was killed: stored all the same or the right error', async () => {
      lab.signal('container', 'SIGKILL');
      const put = direct({}, { tries: 100, capMs: 1000 }).put('unlisted', picture, NEVER);
      await lab.up();
      await expectStored('unlisted', await put);
    });

    it('a frozen proxy: the right error, no answer is waited for without end, and stored when it thaws', async () => {
      lab.signal('proxy', 'SIGSTOP');
      const store = direct({}, { idleMs: 500, tries: 2, checkMs: 1000 });
      await expect(store.put('frozen', picture, NEVER)).rejects.toMatchObject({
        code: 'SWIFT_UNAVAILABLE',
        message: expect.stringContaining('no byte moved for 0.5 s'),
      });
      expect(await store.check()).toMatchObject({ ok: false });
      lab.signal('proxy', 'SIGCONT');
      await expectStored('frozen', await direct().put('frozen', picture, NEVER));
    });

    it('a proxy that goes and comes back during an upload: stored', async () => {
      lab.signal('proxy', 'SIGKILL');
      const put = direct({}, { tries: 100, capMs: 1000 }).put('back', streamed, NEVER);
      await lab.up();
      await expectStored('back', await put);
    });

    it('a frozen Keystone: the right error, and the next upload asks again', async () => {
      lab.signal('keystone', 'SIGSTOP');
      const store = direct({}, { authMs: 500, tries: 2 });
      await expect(store.put('keystone', picture, NEVER)).rejects.toMatchObject({
        kind: 'transient',
        code: 'SWIFT_UNAVAILABLE',
        message: expect.stringContaining('Keystone'),
      });
      lab.signal('keystone', 'SIGCONT');
      await expectStored('keystone', await direct().put('keystone', picture, NEVER));
    });
  });

  describe('what only an operator can put right', () => {
    it('a wrong password: permanent, names the variables, shows neither password', async () => {
      const error: unknown = await direct({ password: 'guessed' })
        .put('x', picture, NEVER)
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ kind: 'permanent', code: 'SWIFT_AUTH_FAILED' });
      expect(String(error)).toMatch(/OS_USERNAME, OS_PASSWORD/);
      expect(String(error)).not.toMatch(/guessed|uploader-password/);
    });

    it('a user who may not write: permanent, in health too', async () => {
      const outsider = direct({ username: 'outsider', password: 'outsider-password' });
      const put = outsider.put('x', picture, NEVER);
      await expect(put).rejects.toMatchObject({ kind: 'permanent', code: 'SWIFT_FORBIDDEN' });
      expect(await outsider.check()).toMatchObject({ ok: false, message: expect.stringContaining('role member') });
    });

    it('a quota that is used up: says so, and what fits is stored afterwards', async () => {
      const large: Artifact = { contentType: 'image/jpeg', source: () => Buffer.alloc(5_000_000) };
      const own = `${container}-quota`;
      await lab.swift('post', own, '-m', 'Quota-Bytes:200000');
      const store = direct({ container: own });
      await expect(store.put('large', large, NEVER)).rejects.toMatchObject({ kind: 'transient', code: 'SWIFT_QUOTA' });
      await store.put('small', picture, NEVER);
      expect(await lab.list(own)).toEqual(['small']);
      await lab.remove(own);
    });

    it.each(['http://127.0.0.1:PORT/no/keystone', 'http://127.0.0.1:PORT'])('no Keystone at %s', async (url) => {
      const server = createServer((_request, response) => response.writeHead(404).end()).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const authUrl = url.replace('PORT', String((server.address() as AddressInfo).port));
      const put = direct({ authUrl }).put('x', picture, NEVER);
      await expect(put).rejects.toMatchObject({ kind: 'permanent', code: 'SWIFT_AUTH_URL' });
      server.close();
    });

    it('nobody at the address of Keystone: transient, for it may come up', async () => {
      const authUrl = `http://${NOBODY_AT}`;
      const put = direct({ authUrl }, { tries: 2 }).put('x', picture, NEVER);
      await expect(put).rejects.toMatchObject({
        code: 'SWIFT_UNAVAILABLE',
        message: expect.stringContaining('REFUSED'),
      });
    });
  });
});

/** Keystone's answer with tokens that live for so long from their issue. ms */
function withLifetime(answer: string, ms: number): string {
  const body = JSON.parse(answer) as { token?: { issued_at: string; expires_at: string } };
  if (body.token === undefined) return answer;
  body.token.expires_at = new Date(Date.parse(body.token.issued_at) + ms).toISOString();
  return JSON.stringify(body);
}
