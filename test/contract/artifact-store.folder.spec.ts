import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FolderArtifactStore } from '../../src/artifacts/folder/folder.store.js';
import { useFolder } from '../support/use-folder.js';
import { describeArtifactStore } from './artifact-store.contract.js';
import { filesBelow, openFolder } from './open-folder.js';

const MB = 1024 * 1024;
const NEVER = new AbortController().signal;
const TEXT = { contentType: 'text/plain', source: () => Buffer.from('text') };

describeArtifactStore('folder', openFolder, { largeBytes: 64 * MB });

const base = useFolder('artifacts');

describe('the folder store', () => {
  let root: string;
  beforeEach(async () => {
    root = base.at('root');
    await mkdir(root);
  });

  it('makes nothing behind a link that leads out', async () => {
    await mkdir(base.at('outside'));
    await symlink(base.at('outside'), join(root, 'cam'));
    const put = new FolderArtifactStore(root).put('cam/job/x', TEXT, NEVER);
    await expect(put).rejects.toMatchObject({ kind: 'permanent', code: 'STORAGE_FORBIDDEN' });
    expect(await readdir(base.at('outside'))).toEqual([]);
  });

  it('replaces a link in the place of a file instead of writing through it', async () => {
    await writeFile(base.at('precious'), 'precious');
    await symlink(base.at('precious'), join(root, 'x'));
    await new FolderArtifactStore(root).put('x', TEXT, NEVER);
    expect(await readFile(base.at('precious'), 'utf8')).toBe('precious');
    expect(await readFile(join(root, 'x'), 'utf8')).toBe('text');
  });

  it.each([
    ['a link that leads out', 'STORAGE_FORBIDDEN', (at: string) => symlink('/etc/hostname', at)],
    ['a folder', 'STORAGE_NOT_FOUND', (at: string) => mkdir(at)],
    ['a pipe nobody writes to', 'STORAGE_NOT_FOUND', (at: string) => promisify(execFile)('mkfifo', [at])],
  ])('gives nothing of %s', async (_what, code, make: (at: string) => Promise<unknown>) => {
    await make(join(root, 'x'));
    const fetched = new FolderArtifactStore(root).fetch('x', base.at('copy'), 1_000, NEVER);
    await expect(fetched).rejects.toMatchObject({ code });
    expect(existsSync(base.at('copy'))).toBe(false);
  });

  it('may itself be a link', async () => {
    await symlink(root, base.at('link'));
    await new FolderArtifactStore(base.at('link')).put('a/x', TEXT, NEVER);
    expect(await filesBelow(root)).toEqual(['a/x']);
  });

  it.each([0, 2, -2])('sweeps what a killed writer left, not a living one, with a clock %i h off', async (hours) => {
    const part = (last: number): string => join(root, 'a', `.x.00000000-0000-0000-0000-00000000000${last}.part`);
    await mkdir(join(root, 'a'));
    await writeFile(part(1), 'old');
    await writeFile(part(2), 'young');
    const longAgo = new Date(Date.now() - 3_600_000);
    await utimes(part(1), longAgo, longAgo);
    const now = Date.now() + hours * 3_600_000;
    const clock = jest.spyOn(Date, 'now').mockReturnValue(now);
    await new FolderArtifactStore(root).put('a/x', TEXT, NEVER);
    clock.mockRestore();
    expect([existsSync(part(1)), existsSync(part(2))]).toEqual([false, true]);
  });

  it('says what is in the way of a name', async () => {
    await mkdir(join(root, 'a/x'), { recursive: true });
    const store = new FolderArtifactStore(root);
    await expect(store.put('a/x', TEXT, NEVER)).rejects.toMatchObject({ code: 'STORAGE_NAME' });
    await expect(store.put('y'.repeat(300), TEXT, NEVER)).rejects.toMatchObject({ code: 'STORAGE_NAME' });
    expect(await filesBelow(root)).toEqual([]);
  });

  it('is not healthy where a file stands in its place', async () => {
    await writeFile(base.at('file'), '');
    expect(await new FolderArtifactStore(base.at('file')).check()).toMatchObject({ ok: false });
  });

  it('calls a full disk a transient error and leaves nothing of the attempt', async () => {
    const result = await runWithLimit(root);
    expect(result).toMatchObject({ kind: 'transient', code: 'STORAGE_FULL', step: 'artifacts' });
    expect(await filesBelow(root)).toEqual([]);
  });
});

/** Puts 1 MB in a process that may write files of 256 KiB at most: the nearest to a full disk that needs no rights. */
async function runWithLimit(root: string): Promise<unknown> {
  const module = new URL('../../src/artifacts/folder/folder.store.js', import.meta.url).href;
  const script = `
    process.on('SIGXFSZ', () => {});
    const { FolderArtifactStore } = await import(${JSON.stringify(module)});
    const big = { contentType: 'x', source: () => Buffer.alloc(1024 * 1024) };
    const put = new FolderArtifactStore(${JSON.stringify(root)}).put('a/big', big, new AbortController().signal);
    await put.then(() => console.log('{}'), ({ kind, code, step }) => console.log(JSON.stringify({ kind, code, step })));`;
  const limited = 'ulimit -f 256; exec "$0" --input-type=module -e "$1"';
  const child = spawn('bash', ['-c', limited, process.execPath, script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(child, 'close');
  return JSON.parse(output);
}
