import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ArtifactStore } from '../../src/artifacts/artifact-store.js';
import { FolderArtifactStore } from '../../src/artifacts/folder/folder.store.js';
import { openStore } from '../../src/artifacts/open-store.js';
import type { WatchPace } from '../../src/artifacts/outage-watch.js';
import { SwiftArtifactStore } from '../../src/artifacts/swift/swift.store.js';
import { RETRY_PACE } from '../../src/artifacts/remote/retry-pace.js';
import { WatchedStore } from '../../src/artifacts/watched-store.js';
import { eventually } from '../support/eventually.js';
import { FakeSwift } from '../support/fake-swift.js';
import { ReadOnlyFolder } from '../support/read-only-folder.js';
import { useFolder } from '../support/use-folder.js';

const MIB = 1024 * 1024;
const NEVER = new AbortController().signal;
const TEXT = { contentType: 'text/plain', source: () => Buffer.from('text') };
const QUICK: WatchPace = { freshMs: 10_000, lookMs: 5_000, firstMs: 20, longestMs: 100 };
const IMPATIENT = { ...RETRY_PACE, tries: 2, baseMs: 1 };

/** A watched store and what was said of its outages. */
function watch(store: ArtifactStore, pace = QUICK): { store: WatchedStore; said: string[] } {
  const said: string[] = [];
  const events = { lost: (why: string) => void said.push(why), back: () => void said.push('back') };
  return { store: new WatchedStore(store, events, pace), said };
}

const base = useFolder('watched');

describe('a watched folder', () => {
  let folder: ReadOnlyFolder;
  beforeEach(async () => {
    folder = ReadOnlyFolder.make(base.at('artifacts'));
  });
  afterEach(() => folder.clear());

  it('that cannot be written to charges no job, says so once, and goes on by itself when it can be again', async () => {
    const { store, said } = watch(new FolderArtifactStore(folder.path, 'preprocess/'));
    await store.put('preprocess/a/x', TEXT, NEVER);
    await folder.forbid();
    for (const name of ['preprocess/a/y', 'preprocess/b/x']) {
      await expect(store.put(name, TEXT, NEVER)).rejects.toMatchObject({ kind: 'outage' });
    }
    await expect(store.ensure()).rejects.toMatchObject({ kind: 'outage', code: 'STORAGE_AWAY' });
    expect(store.heldBackBecause()).toContain(folder.path);
    expect(await store.check()).toMatchObject({ ok: false });
    await folder.allow();
    await eventually('the outage is over', () => store.heldBackBecause() === undefined);
    await store.ensure();
    await store.put('preprocess/a/y', TEXT, NEVER);
    expect(said).toEqual([expect.stringContaining(folder.path), 'back']);
  });

  it('that takes all but one artifact charges the job of that one', async () => {
    const { store, said } = watch(new FolderArtifactStore(folder.path));
    await mkdir(join(folder.path, 'a/x'), { recursive: true });
    await expect(store.put('a/x', TEXT, NEVER)).rejects.toMatchObject({ kind: 'permanent', code: 'STORAGE_NAME' });
    expect(said).toEqual([]);
  });

  it('is nearly full before it is full: first it says so, then nothing is claimed', async () => {
    const low = new FolderArtifactStore(folder.path, '', { least: MIB, low: Number.MAX_SAFE_INTEGER });
    expect(await low.check()).toMatchObject({ ok: true, isShort: true, message: expect.stringContaining('free') });
    const full = watch(new FolderArtifactStore(folder.path, '', { least: Number.MAX_SAFE_INTEGER, low: Infinity }));
    await expect(full.store.ensure()).rejects.toMatchObject({ kind: 'outage' });
    expect(full.said[0]).toContain('jobs wait');
    full.store.stop();
  });

  it('is refused at the start where a file stands in its place or above it', async () => {
    await writeFile(base.at('file'), '');
    for (const directory of [base.at('file'), base.at('file/below')]) {
      const opened = openStore({ directory, prefix: '', swift: undefined });
      await expect(opened).rejects.toMatchObject({
        code: 'STORAGE_NO_FOLDER',
        message: expect.stringContaining(directory),
      });
    }
  });
});

describe('a watched Swift', () => {
  let fake: FakeSwift;
  beforeEach(async () => {
    fake = await FakeSwift.start();
  });
  afterEach(() => fake.stop());

  const open = () => watch(new SwiftArtifactStore(fake.settings('c'), IMPATIENT));

  it.each([
    ['a password that was changed', 401, 'SWIFT_AUTH_FAILED'],
    ['a Keystone that is broken', 503, 'SWIFT_UNAVAILABLE'],
    ['a Keystone that cannot be reached', 0, 'SWIFT_UNAVAILABLE'],
  ])('charges no job for %s', async (_what, status, code) => {
    const { store, said } = open();
    await store.put('x', TEXT, NEVER);
    fake.refuses = status;
    fake.revokeTokens();
    await expect(store.put('y', TEXT, NEVER)).rejects.toMatchObject({ kind: 'outage', code });
    await expect(store.ensure()).rejects.toMatchObject({ kind: 'outage' });
    fake.refuses = undefined;
    await eventually('the outage is over', () => store.heldBackBecause() === undefined);
    await store.put('y', TEXT, NEVER);
    expect(said).toEqual([expect.stringContaining('Keystone'), 'back']);
  });

  it.each([
    ['that forbids to write', 403, 'SWIFT_FORBIDDEN'],
    ['whose quota is used up', 413, 'SWIFT_QUOTA'],
    ['that is full', 507, 'SWIFT_FULL'],
  ])('%s is an outage, although its container can be looked at', async (_what, status, code) => {
    const { store } = open();
    await store.put('x', TEXT, NEVER);
    expect(await store.check()).toMatchObject({ ok: true });
    fake.uploadStatus = status;
    await expect(store.put('y', TEXT, NEVER)).rejects.toMatchObject({ kind: 'outage', code });
    fake.uploadStatus = undefined;
    await eventually('the outage is over', () => store.heldBackBecause() === undefined);
  });

  it('spends an attempt when it works, whatever it just said', async () => {
    const { store, said } = open();
    fake.refusedName = 'odd';
    await expect(store.put('odd', TEXT, NEVER)).rejects.toMatchObject({ kind: 'transient', code: 'SWIFT_FORBIDDEN' });
    expect(said).toEqual([]);
  });

  it.each([401, 403])('asks for a new token once when the old one was revoked, by status %i', async (status) => {
    fake.unknownToken = status;
    const { store } = open();
    await store.put('x', TEXT, NEVER);
    fake.revokeTokens();
    await store.put('y', TEXT, NEVER);
    expect(fake.logins).toHaveLength(2);
    expect([...fake.objects.keys()]).toEqual(['c/x', 'c/y']);
  });
});
