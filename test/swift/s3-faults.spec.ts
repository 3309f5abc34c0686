import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Artifact, StoredArtifact } from '../../src/artifacts/artifact-store.js';
import type { RetryPace } from '../../src/artifacts/remote/retry-pace.js';
import type { S3Settings } from '../../src/artifacts/s3/s3.settings.js';
import { S3ArtifactStore } from '../../src/artifacts/s3/s3.store.js';
import { StoppingError } from '../../src/job/errors.js';
import { NOBODY_AT } from '../support/nobody.js';
import { FaultProxy, type Fault } from '../support/swift-lab/fault-proxy.js';
import { SwiftLab, TEST_PATIENCE } from '../support/swift-lab/swift-lab.js';

const NEVER = new AbortController().signal;
const HOUR_MS = 3_600_000;
const MB = 1024 * 1024;

const small = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 31 + (i >> 8)) % 256));
const large = Buffer.alloc(9 * MB, small);
const picture: Artifact = { contentType: 'image/jpeg', source: () => small };
/** Two parts. */
const streamed: Artifact = { contentType: 'video/mp4', source: () => Readable.from(pieces(), { objectMode: false }) };

function* pieces(): Generator<Buffer> {
  for (let at = 0; at < large.length; at += 100_000) yield large.subarray(at, at + 100_000);
}

const s3Fault = (status: number, code: string): Fault => ({
  status,
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>It is ${code}</Message></Error>`,
});

describe('an S3 in trouble', () => {
  const bucket = `faults-s3-${process.pid}`;
  let lab: SwiftLab;
  let proxy: FaultProxy;

  beforeAll(async () => {
    lab = SwiftLab.running();
    await lab.swift('post', bucket);
  });
  afterAll(async () => {
    await lab.remove(`${bucket}+segments`);
    await lab.remove(bucket);
  });
  beforeEach(async () => {
    proxy = await FaultProxy.start(lab);
  });
  afterEach(() => proxy.stop());

  /** A store that goes through the spoiling proxy. */
  const through = (changes: Partial<S3Settings> = {}, patience: Partial<RetryPace> = {}): S3ArtifactStore =>
    new S3ArtifactStore(lab.s3Settings(bucket, { endpoint: proxy.s3Endpoint, ...changes }), {
      ...TEST_PATIENCE,
      ...patience,
    });
  /** A store that asks the lab itself. */
  const direct = (changes: Partial<S3Settings> = {}, patience: Partial<RetryPace> = {}): S3ArtifactStore =>
    through({ endpoint: lab.s3Settings(bucket).endpoint, ...changes }, patience);

  async function expectStored(name: string, stored: StoredArtifact, bytes: Buffer): Promise<void> {
    expect(stored).toMatchObject({ bytes: bytes.length, md5: createHash('md5').update(bytes).digest('hex') });
    expect((await lab.read(bucket, name))?.equals(bytes)).toBe(true);
  }

  describe.each([
    ['bytes', picture, small, 1],
    ['a stream in parts', streamed, large, 4],
  ])('storing %s', (what, artifact, bytes, calls) => {
    it.each<[string, Fault]>([
      ...[408, 429, 500, 502, 503, 504].map((status): [string, Fault] => [`a ${status}`, { status }]),
      ['SlowDown', s3Fault(503, 'SlowDown')],
      ['InternalError', s3Fault(500, 'InternalError')],
      ['RequestTimeout', s3Fault(400, 'RequestTimeout')],
      ['a connection cut half way', 'cut'],
      ['an answer that is no HTTP', 'garbage'],
      ['a bit that flips on its way', 'flip'],
    ])('gets over %s', async (trouble, fault) => {
      const name = `passing/${what}/${trouble}`;
      let isSpoilt = false;
      proxy.spoil = ({ method }) => {
        if (isSpoilt || method !== 'PUT') return undefined;
        isSpoilt = true;
        return fault;
      };
      await expectStored(name, await through().put(name, artifact, NEVER), bytes);
      expect(proxy.calls).toHaveLength(calls + 1);
    });

    it('gets over a call that is never answered', async () => {
      let isSpoilt = false;
      proxy.spoil = ({ method }) => {
        if (isSpoilt || method !== 'PUT') return undefined;
        isSpoilt = true;
        return 'hang';
      };
      const store = through({}, { idleMs: 1_000 });
      await expectStored(`hang/${what}`, await store.put(`hang/${what}`, artifact, NEVER), bytes);
    });

    it('never calls it stored what changes on its way each time', async () => {
      proxy.spoil = ({ method }) => (method === 'PUT' ? 'flip' : undefined);
      const put = through().put(`flip/${what}`, artifact, NEVER);
      await expect(put).rejects.toMatchObject({ kind: 'transient', code: 'S3_CORRUPTED' });
      expect(await lab.read(bucket, `flip/${what}`)).toBeUndefined();
    });
  });

  it('takes back the parts of a stream that breaks, and leaves what was there', async () => {
    const error = new Error('the source broke');
    const broken: Artifact = { ...streamed, source: () => Readable.from(breaking(error), { objectMode: false }) };
    await direct().put('parts', picture, NEVER);
    await expect(direct().put('parts', broken, NEVER)).rejects.toBe(error);
    expect((await lab.read(bucket, 'parts'))?.equals(small)).toBe(true);
    expect((await lab.names(`${bucket}+segments`)).filter((name) => name.startsWith('parts/'))).toEqual([]);
  });

  it('takes back the parts of a stream when it is aborted between two tries', async () => {
    const controller = new AbortController();
    proxy.spoil = ({ path }) => {
      if (!path.includes('partNumber=2')) return undefined;
      setImmediate(() => controller.abort(new StoppingError()));
      return { status: 503, headers: { 'retry-after': '600' } };
    };
    const put = through({}, { capMs: 600_000 }).put('aborted', streamed, controller.signal);
    await expect(put).rejects.toBeInstanceOf(StoppingError);
    expect((await lab.names(`${bucket}+segments`)).filter((name) => name.startsWith('aborted/'))).toEqual([]);
  });

  describe('what only an operator can put right', () => {
    const keys = (accessKeyId: string, secretAccessKey: string): Partial<S3Settings> => ({
      keys: { accessKeyId, secretAccessKey, sessionToken: undefined },
    });

    it.each<[string, Partial<S3Settings>, string, string]>([
      ['a wrong secret', keys('uploader', 'guessed'), 'S3_CREDENTIALS', 'S3_SECRET_ACCESS_KEY'],
      ['an unknown key', keys('nobody', 'guessed'), 'S3_CREDENTIALS', 'S3_ACCESS_KEY_ID'],
      ['no right to write', keys('outsider', 'outsider-password'), 'S3_FORBIDDEN', 's3:PutObject'],
      ['no such bucket', { bucket: 'not-there' }, 'S3_NO_BUCKET', 'Make the bucket not-there'],
      ['a wrong region', { region: 'far-9' }, 'S3_REGION', "expecting 'lab-1'"],
    ])('%s: permanent, in health too, says what to do and shows no secret', async (_what, changes, code, advice) => {
      const store = direct(changes);
      const error: unknown = await store.put('x', picture, NEVER).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ kind: 'permanent', code, message: expect.stringContaining(advice) });
      expect(await store.check()).toMatchObject({ ok: false, message: expect.stringContaining(advice) });
      expect(JSON.stringify(error) + String(error) + String((error as Error).cause)).not.toMatch(/guessed|-password/);
    });

    it('nobody at the address: transient, for it may come up', async () => {
      const put = direct({ endpoint: `http://${NOBODY_AT}` }, { tries: 2 }).put('x', picture, NEVER);
      await expect(put).rejects.toMatchObject({ code: 'S3_UNAVAILABLE', message: expect.stringContaining('REFUSED') });
    });

    it('a quota that is used up: says so, and what fits is stored afterwards', async () => {
      const own = `${bucket}-quota`;
      await lab.swift('post', own, '-m', 'Quota-Bytes:200000');
      const store = direct({ bucket: own });
      const put = store.put('large', { contentType: 'x/y', source: () => Buffer.alloc(5_000_000) }, NEVER);
      await expect(put).rejects.toMatchObject({ message: expect.stringMatching(/quota/i) });
      await store.put('small', picture, NEVER);
      expect(await lab.list(own)).toEqual(['small']);
      await lab.remove(own);
    });
  });

  it.each([HOUR_MS, -HOUR_MS])('stores with a clock %i ms off, and its links open', async (ms) => {
    const now = Date.now.bind(Date);
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => now() + ms);
    const stored = await direct().put(`clock/${ms}`, picture, NEVER);
    clock.mockRestore();
    await expectStored(`clock/${ms}`, stored, small);
  });

  it('stores again when a process that was killed is back', async () => {
    lab.signal('object', 'SIGKILL');
    const refused = direct({}, { tries: 1 }).put('killed', picture, NEVER);
    await expect(refused).rejects.toMatchObject({ kind: 'transient', code: 'S3_UNAVAILABLE' });
    const patient = direct({}, { tries: 100, capMs: 1000 }).put('killed', streamed, NEVER);
    await lab.up();
    await expectStored('killed', await patient, large);
  });

  it.each(['link/x', "link/서울 'a' #1?.jpg"])('signs links that open %s without a password', async (name) => {
    const { url } = await direct().put(name, picture, NEVER);
    const response = await fetch(url);
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    expect(Buffer.from(await response.arrayBuffer()).equals(small)).toBe(true);
    expect((await fetch(url.replace('link/', 'link/other'))).status).toBe(403);
    expect((await fetch(url.slice(0, url.indexOf('?')))).ok).toBe(false);
  });
});

function* breaking(error: Error): Generator<Buffer> {
  yield large;
  yield large;
  throw error;
}
