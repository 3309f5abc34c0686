import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { SegmentFolder } from '../../src/capture/segment/segment-folder.js';
import { useFolder } from '../support/use-folder.js';

const base = useFolder('segments');
let root: string;
let folder: SegmentFolder;
beforeEach(async () => {
  root = base.at('root');
  await mkdir(join(root, 'cam'), { recursive: true });
  await writeFile(base.at('outside.mp4'), 'outside');
  await writeFile(join(root, 'cam', 'a.mp4'), '123');
  folder = new SegmentFolder(root);
});

const look = async (path: string) => folder.look(await folder.find(path), path);

describe('the folder of segments', () => {
  it('finds a file and tells its size', async () => {
    expect(await look('cam/a.mp4')).toMatchObject({ bytes: 3, changedAt: expect.any(Number) });
  });

  it('follows a link that stays inside, and may itself be one', async () => {
    await symlink(join(root, 'cam'), join(root, 'same'));
    await symlink(root, base.at('link'));
    folder = new SegmentFolder(base.at('link'));
    expect(await look('same/a.mp4')).toMatchObject({ bytes: 3 });
  });

  it.each([
    ['a link to a file outside', () => symlink(base.at('outside.mp4'), join(root, 'x'))],
    ['a link to a folder outside', () => symlink(base.path, join(root, 'y')), 'y/outside.mp4'],
    ['a link to a device', () => symlink('/dev/zero', join(root, 'x'))],
    ['a folder', () => mkdir(join(root, 'x'))],
    ['a pipe nobody writes to', () => promisify(execFile)('mkfifo', [join(root, 'x')])],
    ['a link that goes round', () => symlink(join(root, 'x'), join(root, 'x'))],
    ['a way that climbs', () => Promise.resolve(), '../outside.mp4'],
    ['the folder itself', () => Promise.resolve(), '.'],
  ])('gives nothing of %s', async (_what, make: () => Promise<unknown>, path = 'x') => {
    await make();
    await expect(look(path)).rejects.toMatchObject({ kind: 'permanent', code: 'SEGMENT_NOT_ALLOWED' });
  });

  it.each(['cam/b.mp4', 'cam/a.mp4/b', 'none/a.mp4'])('says that %s may come yet', async (path) => {
    const error: unknown = await look(path).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: 'transient', code: 'SEGMENT_MISSING' });
    expect((error as Error).message).toContain(path);
    expect((error as Error).message).not.toContain(root);
  });

  it('says so too when it is not there itself', async () => {
    folder = new SegmentFolder(base.at('none'));
    await expect(look('a.mp4')).rejects.toMatchObject({ code: 'SEGMENT_MISSING' });
  });
});
