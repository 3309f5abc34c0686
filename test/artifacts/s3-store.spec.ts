import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Artifact } from '../../src/artifacts/artifact-store.js';
import { openStore } from '../../src/artifacts/open-store.js';
import { RETRY_PACE } from '../../src/artifacts/remote/retry-pace.js';
import type { S3Settings } from '../../src/artifacts/s3/s3.settings.js';
import { S3ArtifactStore } from '../../src/artifacts/s3/s3.store.js';
import { WatchedStore } from '../../src/artifacts/watched-store.js';
import { eventually } from '../support/eventually.js';
import { FakeS3 } from '../support/fake-s3.js';

const NEVER = new AbortController().signal;
const DAY_S = 86_400;
const QUICK = { ...RETRY_PACE, tries: 3, baseMs: 1, capMs: 10, idleMs: 1_000 };
const text = (content: string): Artifact => ({ contentType: 'text/plain', source: () => Buffer.from(content) });

describe('the S3 store', () => {
  let fake: FakeS3;
  beforeEach(async () => {
    fake = await FakeS3.start();
  });
  afterEach(() => fake.stop());

  const open = (changes: Partial<S3Settings> = {}): S3ArtifactStore =>
    new S3ArtifactStore(fake.settings(changes), QUICK);

  it.each([
    [400, 'AuthorizationHeaderMalformed', 'permanent', 'S3_REGION'],
    [400, 'EntityTooLarge', 'permanent', 'S3_REFUSED'],
    [400, 'BadDigest', 'transient', 'S3_CORRUPTED'],
    [400, 'ExpiredToken', 'transient', 'S3_CREDENTIALS_EXPIRED'],
    [301, 'PermanentRedirect', 'permanent', 'S3_REGION'],
    [307, 'TemporaryRedirect', 'permanent', 'S3_REGION'],
    [403, 'AccessDenied', 'permanent', 'S3_FORBIDDEN'],
    [403, 'InvalidAccessKeyId', 'permanent', 'S3_CREDENTIALS'],
    [403, 'SignatureDoesNotMatch', 'permanent', 'S3_CREDENTIALS'],
    [403, 'RequestTimeTooSkewed', 'transient', 'S3_CLOCK'],
    [403, 'QuotaExceeded', 'transient', 'S3_FULL'],
    [404, 'NoSuchBucket', 'permanent', 'S3_NO_BUCKET'],
    [404, 'NoSuchUpload', 'transient', 'S3_UPLOAD_GONE'],
    [405, 'MethodNotAllowed', 'permanent', 'S3_REFUSED'],
    [409, 'OperationAborted', 'transient', 'S3_UNAVAILABLE'],
    [429, 'TooManyRequests', 'rate_limited', 'S3_RATE_LIMITED'],
    [500, 'InternalError', 'transient', 'S3_UNAVAILABLE'],
    [503, 'SlowDown', 'rate_limited', 'S3_RATE_LIMITED'],
    [503, 'ServiceUnavailable', 'transient', 'S3_UNAVAILABLE'],
    [507, 'XMinioStorageFull', 'transient', 'S3_FULL'],
  ])('never takes a lasting %i %s for success: %s %s', async (status, code, kind, own) => {
    fake.spoil = () => ({ status, code, headers: { location: `${fake.url}/elsewhere` } });
    await expect(open().put('x', text('x'), NEVER)).rejects.toMatchObject({
      kind,
      code: own,
      step: 'artifacts',
      message: expect.stringContaining(code),
    });
    expect(fake.calls.map(({ key }) => key)).not.toContain('');
    expect(fake.keys).toEqual([]);
  });

  it('never takes a web page for a store', async () => {
    fake.spoil = () => 'page';
    const refused = { kind: 'permanent', code: 'S3_REFUSED', message: expect.stringContaining('S3_ENDPOINT') };
    await expect(open().put('x', text('x'), NEVER)).rejects.toMatchObject(refused);
    await expect(open().read('x', 100, NEVER)).rejects.toMatchObject(refused);
    expect(await open().check()).toMatchObject({ ok: false });
  });

  it('comes back when the store says, if it will not have us for long', async () => {
    fake.spoil = () => ({ status: 503, code: 'SlowDown', headers: { 'retry-after': '120' } });
    await expect(open().put('x', text('x'), NEVER)).rejects.toMatchObject({ retryAfterMs: 120_000 });
  });

  it.each(['cut', 'hang', { status: 503, code: 'SlowDown' }] as const)('gets over %j', async (fault) => {
    fake.spoilNext(fault);
    await open().put('x', text('x'), NEVER);
    expect(fake.keys).toEqual(['x']);
  });

  it('reads again what broke off half way, and never gives what was changed', async () => {
    await open().put('x', text('0123456789'), NEVER);
    fake.cuts = 1;
    expect(String(await open().read('x', 100, NEVER))).toBe('0123456789');
    const stored = fake.objects.get('x');
    if (stored !== undefined) stored.bytes = Buffer.from('012345678X');
    await expect(open().read('x', 100, NEVER)).rejects.toMatchObject({ kind: 'transient', code: 'S3_CORRUPTED' });
  });

  it('holds one part of a stream at a time, and leaves none of one that breaks', async () => {
    const chunk = Buffer.alloc(1024 * 1024);
    let given = 0;
    const endless = Readable.from(
      (function* () {
        for (;;) {
          if (given === 40) throw new Error('the source broke');
          given++;
          // No more than the part in hand, and what streams read ahead.
          expect(given).toBeLessThan((fake.calls.filter(({ method }) => method === 'PUT').length + 2) * 8 + 4);
          yield chunk;
        }
      })(),
      { objectMode: false },
    );
    const put = open().put('x', { contentType: 'video/mp4', source: () => endless }, NEVER);
    await expect(put).rejects.toThrow('the source broke');
    expect(fake.calls.filter(({ method }) => method === 'PUT')).toHaveLength(4);
    expect([fake.keys, [...fake.uploads.keys()]]).toEqual([[], []]);
  });

  it('puts everything below its prefix, and calls it by its name all the same', async () => {
    const store = open({ keyPrefix: 'roadstream/' });
    expect(await store.put('preprocess/a', text('a'), NEVER)).toMatchObject({ name: 'preprocess/a' });
    expect(await store.check()).toMatchObject({ ok: true });
    expect(fake.calls.every(({ method, key }) => method === 'HEAD' || key.startsWith('roadstream/'))).toBe(true);
    expect(String(await store.read('preprocess/a', 10, NEVER))).toBe('a');
    await store.remove('preprocess/a', NEVER);
    expect(fake.keys).toEqual([]);
  });

  it('refuses a name that is longer than S3 takes', async () => {
    await expect(open().put('가'.repeat(342), text('x'), NEVER)).rejects.toMatchObject({ code: 'STORAGE_NAME' });
  });

  it('keeps metadata as far as S3 takes it', async () => {
    const metadata = { 'cctv-id': '세종대로', 'job-id': 'x'.repeat(3_000) };
    await open().put('x', { ...text('x'), metadata }, NEVER);
    const headers = fake.objects.get('x')?.headers ?? {};
    expect(decodeURIComponent(headers['x-amz-meta-cctv-id'] ?? '')).toBe('세종대로');
    expect(headers['x-amz-meta-job-id']).toBeUndefined();
  });

  it('tags what may go with age, not what people said', async () => {
    const store = open({ agingTag: 'expire=30d' });
    await store.put('aging', text('x'), NEVER);
    await store.put('kept', { ...text('x'), isLasting: true }, NEVER);
    expect(fake.objects.get('aging')?.headers['x-amz-tagging']).toBe('expire=30d');
    expect(fake.objects.get('kept')?.headers['x-amz-tagging']).toBeUndefined();
  });

  it.each([
    [7, 7 * DAY_S],
    [1, DAY_S],
  ])('signs links that open for %i days', async (linkDays, seconds) => {
    const { url } = await open({ linkDays }).put('a b/서울', text('found'), NEVER);
    expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe(String(seconds));
    expect(await (await fetch(url)).text()).toBe('found');
  });

  it('gives plain addresses when asked to', async () => {
    const { url } = await open({ linkDays: 0 }).put('a b/x', text('x'), NEVER);
    expect(url).toBe(`${fake.url}/bucket/a%20b/x`);
  });

  it('leaves nothing of its checks, and after the first one only looks', async () => {
    const store = open();
    expect(await store.check()).toMatchObject({ ok: true });
    expect(fake.calls.map(({ method }) => method)).toEqual(['PUT', 'GET', 'DELETE', 'HEAD']);
    await store.check();
    expect(fake.calls.slice(4).map(({ method }) => method)).toEqual(['HEAD']);
    expect(fake.keys).toEqual([]);
  });

  it('says so when its keys may not list the bucket', async () => {
    fake.spoil = ({ method }) => (method === 'HEAD' ? { status: 403, code: 'AccessDenied' } : undefined);
    const { ok, message } = await open().check();
    expect({ ok, message }).toEqual({
      ok: true,
      message: expect.stringContaining('allow them s3:ListBucket on bucket'),
    });
  });

  it('says where it stores, and no secret', () => {
    expect(open({ keyPrefix: 'x/' }).describe()).toBe(`S3 bucket bucket, below x/ (${fake.url}/)`);
  });

  it('charges no job for an outage, and goes on by itself', async () => {
    const said: string[] = [];
    const events = { lost: (why: string) => void said.push(why), back: () => void said.push('back') };
    const pace = { freshMs: 10_000, lookMs: 5_000, firstMs: 20, longestMs: 100 };
    const store = new WatchedStore(open(), events, pace);
    await store.put('x', text('x'), NEVER);
    await fake.down();
    await expect(store.put('x', text('x'), NEVER)).rejects.toMatchObject({ kind: 'outage', code: 'S3_UNAVAILABLE' });
    expect(store.heldBackBecause()).toContain('cannot be reached');
    await fake.up();
    await eventually('it works again', async () => store.heldBackBecause() === undefined);
    expect(said).toEqual([expect.stringContaining('cannot be reached'), 'back']);
    store.stop();
  });
});

describe('keys that run out', () => {
  let fake: FakeS3;
  let keeper: Keeper;
  beforeEach(async () => {
    fake = await FakeS3.start();
    keeper = await Keeper.start();
  });
  afterEach(async () => {
    await keeper.stop();
    await fake.stop();
  });

  it('are fetched anew before they do, and when the store says that they have', async () => {
    const { AWS_CONTAINER_CREDENTIALS_FULL_URI: before } = process.env;
    process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] = keeper.url;
    const store = new S3ArtifactStore(fake.settings({ keys: undefined }), QUICK);
    await store.put('x', text('x'), NEVER);
    expect(fake.calls.at(-1)?.signedBy).toBe('KEY1');
    fake.spoil = ({ signedBy }) => (signedBy === 'KEY1' ? { status: 400, code: 'ExpiredToken' } : undefined);
    await store.put('x', text('x'), NEVER);
    expect(fake.calls.at(-1)).toMatchObject({ signedBy: 'KEY2', headers: { 'x-amz-security-token': 'token 2' } });
    expect((await store.check()).message).toContain('signed links end with them');
    fake.spoil = () => ({ status: 400, code: 'ExpiredToken' });
    const put = store.put('x', text('x'), NEVER);
    await expect(put).rejects.toMatchObject({ kind: 'transient', code: 'S3_CREDENTIALS_EXPIRED' });
    if (before === undefined) delete process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI'];
  });

  it('are read again from a shared file that was written meanwhile, without a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'roadstream-aws-'));
    const file = join(folder, 'credentials');
    const write = (n: number) =>
      writeFile(file, `[default]\naws_access_key_id=FILE${n}\naws_secret_access_key=s\naws_session_token=token-${n}\n`);
    const before = { ...process.env };
    Object.assign(process.env, { AWS_SHARED_CREDENTIALS_FILE: file, AWS_CONFIG_FILE: join(folder, 'none') });
    try {
      await write(1);
      const store = new S3ArtifactStore(fake.settings({ keys: undefined }), QUICK);
      await store.put('x', text('x'), NEVER);
      fake.spoil = ({ signedBy }) => (signedBy === 'FILE1' ? { status: 400, code: 'ExpiredToken' } : undefined);
      await write(2);
      await store.put('x', text('x'), NEVER);
      expect(fake.calls.at(-1)?.signedBy).toBe('FILE2');
    } finally {
      for (const name of Object.keys(process.env)) if (!(name in before)) Reflect.deleteProperty(process.env, name);
      await rm(folder, { recursive: true });
    }
  });

  it('and none at all are told apart from a store that is away', async () => {
    await keeper.stop();
    process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] = keeper.url;
    const store = await openStore({ directory: '', prefix: '', s3: fake.settings({ keys: undefined }) });
    const { ok, message } = await store.check();
    expect({ ok, message }).toEqual({ ok: false, message: expect.stringContaining('There are no keys for') });
    delete process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI'];
  });
});

/** Gives temporary keys, as the agent of a container platform does: other ones each time. */
class Keeper {
  private given = 0;

  private constructor(private readonly server: Server) {
    server.on('request', (_request, response) => {
      this.given += 1;
      const body = {
        AccessKeyId: `KEY${this.given}`,
        SecretAccessKey: 'secret',
        Token: `token ${this.given}`,
        Expiration: new Date(Date.now() + 3_600_000).toISOString(),
      };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  }

  static async start(): Promise<Keeper> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Keeper(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo | null)?.port ?? 9}/keys`;
  }

  async stop(): Promise<void> {
    if (!this.server.listening) return;
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}
