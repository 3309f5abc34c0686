import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ArtifactSet } from '../../src/artifacts/artifact-set.js';
import type { Artifact, ArtifactStore } from '../../src/artifacts/artifact-store.js';
import { StoppingError } from '../../src/job/errors.js';
import { useFolder } from '../support/use-folder.js';

/** A store under test, and a look into it that does not go through the adapter. */
export interface StoreUnderTest {
  store: ArtifactStore;
  /** What is stored under a name; undefined when nothing is. */
  read(name: string): Promise<Buffer | undefined>;
  /** Every name that is there, temporary ones of the adapter included, sorted. */
  list(): Promise<string[]>;
  close(): Promise<void>;
}

/** How large the large object is, bytes. */
export interface ContractOptions {
  largeBytes: number;
}

const NEVER = new AbortController().signal;
const CHUNK = 64 * 1024;

/** What a garbage collector may leave lying about; far less than the large artifact of a store that has room for one. */
const MOST_HELD_BYTES = 256 * 1024 * 1024;
const LARGE_TIMEOUT_MS = 240_000;

const text = (content: string): Artifact => ({ contentType: 'text/plain', source: () => Buffer.from(content) });
const md5 = (content: string | Buffer): string => createHash('md5').update(content).digest('hex');

/** Chunks of a known pattern; `onChunk` runs before each and may throw or abort. */
function stream(bytes: number, onChunk: (index: number) => void = () => undefined): Artifact {
  function* chunks(): Generator<Buffer> {
    for (let at = 0; at < bytes; at += CHUNK) {
      onChunk(at / CHUNK);
      yield Buffer.alloc(Math.min(CHUNK, bytes - at), (at / CHUNK) % 251);
    }
  }
  return { contentType: 'application/octet-stream', source: () => Readable.from(chunks(), { objectMode: false }) };
}

/** What every adapter of `ArtifactStore` promises. Run it from a spec with a store that nothing else uses. */
export function describeArtifactStore(
  name: string,
  open: () => Promise<StoreUnderTest>,
  options: ContractOptions,
): void {
  describe(`an artifact store: ${name}`, () => {
    let under: StoreUnderTest;
    beforeAll(async () => {
      under = await open();
    });
    afterAll(() => under.close());

    const contentOf = async (at: string): Promise<string | undefined> => (await under.read(at))?.toString();
    const namesBelow = async (folder: string): Promise<string[]> =>
      (await under.list()).filter((found) => found.startsWith(folder));

    it('is ready and says where it stores', async () => {
      expect(await under.store.check()).toMatchObject({ ok: true });
      expect(under.store.describe()).not.toBe('');
      expect(await under.list()).toEqual([]);
    });

    it('stores bytes and tells their size and sum', async () => {
      const stored = await under.store.put('put/a.txt', text('hello'), NEVER);
      expect(stored).toMatchObject({ name: 'put/a.txt', contentType: 'text/plain', bytes: 5, md5: md5('hello') });
      expect(await contentOf('put/a.txt')).toBe('hello');
    });

    it('stores nothing at all as an empty artifact', async () => {
      expect(await under.store.put('put/empty', text(''), NEVER)).toMatchObject({ bytes: 0, md5: md5('') });
      expect(await contentOf('put/empty')).toBe('');
    });

    it('replaces what was there', async () => {
      await under.store.put('put/again', text('a longer first text'), NEVER);
      await under.store.put('put/again', text('second'), NEVER);
      expect(await contentOf('put/again')).toBe('second');
      expect(await namesBelow('put/again')).toEqual(['put/again']);
    });

    it(
      'streams what is large, holding little of it',
      async () => {
        const before = process.memoryUsage().rss;
        let most = before;
        const large = stream(options.largeBytes, (index) => {
          if (index % 64 === 0) most = Math.max(most, process.memoryUsage().rss);
        });
        const stored = await under.store.put('put/large', large, NEVER);
        expect(stored).toMatchObject({ bytes: options.largeBytes });
        expect(stored.md5).toBe(await sumOf(stream(options.largeBytes)));
        expect(most - before).toBeLessThan(MOST_HELD_BYTES);
      },
      LARGE_TIMEOUT_MS,
    );

    it.each([
      'odd/서울 교차로.jpg',
      'odd/a b?c#d&e=%2F+.json',
      "odd/'quoted' (1).txt",
      'odd/...',
      'odd/~x',
      'odd/.hidden',
    ])('takes the name %s as it is', async (odd) => {
      await under.store.put(odd, text(odd), NEVER);
      expect(await contentOf(odd)).toBe(odd);
      expect(await under.list()).toContain(odd);
    });

    it.each(['../out', 'a/../../out', '/out', 'a//b', 'a/.', '', '..', 'a/', 'a\\..\\b', 'a\0b'])(
      'refuses the name %j for good',
      async (bad) => {
        const before = await under.list();
        await expect(under.store.put(bad, text('x'), NEVER)).rejects.toMatchObject({
          kind: 'permanent',
          code: 'STORAGE_NAME',
        });
        expect(await under.list()).toEqual(before);
      },
    );

    it('does not begin when the signal has aborted', async () => {
      const reason = new StoppingError();
      await expect(under.store.put('abort/early', text('x'), AbortSignal.abort(reason))).rejects.toBe(reason);
      expect(await namesBelow('abort/')).toEqual([]);
    });

    it('leaves nothing behind when it is aborted half way', async () => {
      const controller = new AbortController();
      const reason = new StoppingError();
      const half = stream(64 * CHUNK, (index) => {
        if (index === 20) controller.abort(reason);
      });
      await expect(under.store.put('abort/half', half, controller.signal)).rejects.toBe(reason);
      expect(await namesBelow('abort/')).toEqual([]);
    });

    it('ends at once when it is aborted while the source is silent', async () => {
      const controller = new AbortController();
      const silent = new Readable({ read: () => setImmediate(() => controller.abort(new StoppingError())) });
      const put = under.store.put(
        'abort/silent',
        { contentType: 'text/plain', source: () => silent },
        controller.signal,
      );
      await expect(put).rejects.toBeInstanceOf(StoppingError);
      expect(silent.destroyed).toBe(true);
      expect(await namesBelow('abort/')).toEqual([]);
    });

    it('leaves the earlier artifact alone when its replacement fails', async () => {
      await under.store.put('source/kept', text('first'), NEVER);
      const broken = failing();
      await expect(under.store.put('source/kept', broken.artifact, NEVER)).rejects.toBe(broken.error);
      expect(await contentOf('source/kept')).toBe('first');
    });

    it('leaves nothing behind when the source fails half way', async () => {
      const broken = failing();
      await expect(under.store.put('source/half', broken.artifact, NEVER)).rejects.toBe(broken.error);
      expect(await namesBelow('source/half')).toEqual([]);
    });

    it('lets one of two win who put the same name at once, never a mixture', async () => {
      const [a, b] = ['a', 'b'].map((letter) => letter.repeat(3 * CHUNK)) as [string, string];
      await Promise.all([a, b, a, b].map((content) => under.store.put('both/x', text(content), NEVER)));
      expect([a, b]).toContain(await contentOf('both/x'));
      expect(await namesBelow('both/')).toEqual(['both/x']);
    });

    it('takes many at once', async () => {
      const names = Array.from({ length: 24 }, (_, i) => `many/${String(i).padStart(2, '0')}/x`);
      await Promise.all(names.map((many) => under.store.put(many, text(many), new AbortController().signal)));
      expect(await namesBelow('many/')).toEqual(names);
    });

    it('removes an artifact, and does not mind one that is not there', async () => {
      await under.store.put('gone/x', text('x'), NEVER);
      await under.store.remove('gone/x', NEVER);
      await under.store.remove('gone/x', NEVER);
      expect(await namesBelow('gone/x')).toEqual([]);
    });

    describe('asked for an artifact', () => {
      const folder = useFolder('fetched', 'suite');

      it.each(['fetch/a.txt', 'fetch/서울 교차로.jpg', 'fetch/a b?c#d&e=%2F+.json'])(
        'copies %s into a file and tells its size',
        async (stored) => {
          await under.store.put(stored, text('hello'), NEVER);
          const file = folder.at('copy');
          await writeFile(file, 'something longer that was there before');
          expect(await under.store.fetch(stored, file, 5, NEVER)).toBe(5);
          expect(await readFile(file, 'utf8')).toBe('hello');
        },
      );

      it(
        'streams what is large, holding little of it',
        async () => {
          await under.store.put('fetch/large', stream(options.largeBytes), NEVER);
          const [file, before] = [folder.at('large'), process.memoryUsage().rss];
          expect(await under.store.fetch('fetch/large', file, options.largeBytes, NEVER)).toBe(options.largeBytes);
          expect(process.memoryUsage().rss - before).toBeLessThan(MOST_HELD_BYTES);
          expect(await sumOf({ contentType: '', source: () => createReadStream(file) })).toBe(
            await sumOf(stream(options.largeBytes)),
          );
          await rm(file);
        },
        LARGE_TIMEOUT_MS,
      );

      it('fetches nothing that is too large', async () => {
        await under.store.put('fetch/too-large', text('123456'), NEVER);
        const fetched = under.store.fetch('fetch/too-large', folder.at('x'), 5, NEVER);
        await expect(fetched).rejects.toMatchObject({ kind: 'permanent', code: 'STORAGE_TOO_LARGE' });
        expect(await readdir(folder.path)).not.toContain('x');
      });

      it('says that there is none, which may change', async () => {
        const fetched = under.store.fetch('fetch/none', folder.at('x'), 5, NEVER);
        await expect(fetched).rejects.toMatchObject({ kind: 'transient', code: 'STORAGE_NOT_FOUND' });
        expect(await readdir(folder.path)).not.toContain('x');
      });

      it.each(['../out', '/etc/passwd', 'a/../../out', 'a//b', ''])('refuses the name %j for good', async (bad) => {
        const fetched = under.store.fetch(bad, folder.at('x'), 5, NEVER);
        await expect(fetched).rejects.toMatchObject({ kind: 'permanent', code: 'STORAGE_NAME' });
      });

      it('does not begin when the signal has aborted', async () => {
        await under.store.put('fetch/aborted', text('x'), NEVER);
        const reason = new StoppingError();
        const fetched = under.store.fetch('fetch/aborted', folder.at('x'), 5, AbortSignal.abort(reason));
        await expect(fetched).rejects.toBe(reason);
        expect(await readdir(folder.path)).not.toContain('x');
      });
    });

    describe('asked for a small artifact', () => {
      it.each(['read/a.txt', 'read/서울 교차로.jpg', 'read/@b/a b?c#d&e=%2F+.json'])(
        'gives the bytes of %s',
        async (stored) => {
          await under.store.put(stored, text('hello'), NEVER);
          expect((await under.store.read(stored, 5, NEVER)).toString()).toBe('hello');
        },
      );

      it('gives an empty one', async () => {
        await under.store.put('read/empty', text(''), NEVER);
        expect(await under.store.read('read/empty', 5, NEVER)).toHaveLength(0);
      });

      it('gives nothing that is too large', async () => {
        await under.store.put('read/too-large', stream(4 * CHUNK), NEVER);
        const read = under.store.read('read/too-large', 3 * CHUNK, NEVER);
        await expect(read).rejects.toMatchObject({ kind: 'permanent', code: 'STORAGE_TOO_LARGE' });
      });

      it('says that there is none, which may change', async () => {
        const read = under.store.read('read/none', 5, NEVER);
        await expect(read).rejects.toMatchObject({ kind: 'transient', code: 'STORAGE_NOT_FOUND' });
      });

      it('refuses a name that leads out, and does not begin when the signal has aborted', async () => {
        await expect(under.store.read('../out', 5, NEVER)).rejects.toMatchObject({ code: 'STORAGE_NAME' });
        const reason = new StoppingError();
        await expect(under.store.read('read/a.txt', 5, AbortSignal.abort(reason))).rejects.toBe(reason);
      });
    });

    describe('with the set of a job', () => {
      const files = ['one.txt', 'two.txt', 'three.txt'].map((file) => ({ file, ...text(file) }));
      const sealed = (folder: string, first = files[0] as { file: string } & Artifact) =>
        new ArtifactSet(under.store, folder).put(
          {
            files: [first, ...files.slice(1)],
            sealFile: 'seal.json',
            seal: (stored) => text(JSON.stringify(stored.map(({ name: of }) => of))),
          },
          NEVER,
        );

      it('stores the files, then the seal that lists them', async () => {
        const stored = await sealed('set/ok/');
        const expected = files.map(({ file }) => `set/ok/${file}`);
        expect(stored.map(({ name: of }) => of)).toEqual([...expected, 'set/ok/seal.json']);
        expect(await contentOf('set/ok/seal.json')).toBe(JSON.stringify(expected));
      });

      it('leaves the same files when it runs twice', async () => {
        const before = await namesBelow('set/ok/');
        await sealed('set/ok/');
        expect(await namesBelow('set/ok/')).toEqual(before);
      });

      it('writes no seal when a file fails, and takes an earlier one away', async () => {
        await sealed('set/broken/');
        const broken = failing();
        await expect(sealed('set/broken/', { file: 'one.txt', ...broken.artifact })).rejects.toBe(broken.error);
        expect(await namesBelow('set/broken/')).not.toContain('set/broken/seal.json');
      });
    });
  });
}

/** An artifact whose source breaks half way, and the error it breaks with. */
function failing(): { artifact: Artifact; error: Error } {
  const error = new Error('the source broke');
  const artifact = stream(8 * CHUNK, (index) => {
    if (index === 4) throw error;
  });
  return { artifact, error };
}

async function sumOf(artifact: Artifact): Promise<string> {
  const hash = createHash('md5');
  for await (const chunk of artifact.source() as Readable) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
