import { chmod, chown, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { segmentFile } from '../../src/job/segment.js';
import { RecordingKeeper } from '../../src/recording/recording-keeper.js';
import { useFolder } from '../support/use-folder.js';
import { HeardEvents } from './replica.js';

const NOBODY = 65_534;

/** To root nothing is forbidden: what it should not be able to do it does as another user, who owns the folders. */
async function unprivileged(directory: string, work: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return work();
  for (const name of ['.', ...(await readdir(directory))]) await chown(join(directory, name), NOBODY, NOBODY);
  process.seteuid?.(NOBODY);
  try {
    await work();
  } finally {
    process.seteuid?.(0);
  }
}

const LENGTH_MS = 600_000;
const DAY_MS = 24 * 3_600_000;
const NOW_MS = Date.UTC(2026, 0, 10);
const OLD = segmentFile(NOW_MS - 2 * DAY_MS);
const RECENT = segmentFile(NOW_MS - DAY_MS / 2);
const CURRENT = segmentFile(NOW_MS);

const directory = useFolder('keeper');
const outside = useFolder('outside');

describe('the keeper of recordings', () => {
  let events: HeardEvents;

  beforeEach(async () => {
    events = new HeardEvents();
  });

  const keeper = (diskShare: number): RecordingKeeper =>
    new RecordingKeeper({ directory: directory.path, lengthMs: LENGTH_MS, keepMs: DAY_MS, diskShare }, events);

  async function put(...path: string[]): Promise<void> {
    await mkdir(directory.at(...path.slice(0, -1)), { recursive: true });
    await writeFile(directory.at(...path), 'video');
  }

  it('deletes segments and pieces that are too old, and nothing else', async () => {
    await put('cam_1', OLD);
    await put('cam_1', RECENT);
    await put('cam_1', 'notes.txt');
    await put('cam_1', '.recording', `${(NOW_MS - 2 * DAY_MS) / 1000}-aa.ts`);
    await put('cam_1', '.recording', `${NOW_MS / 1000}-aa.ts`);
    await put('cam_1', 'other', OLD);
    await keeper(0.999_999).tidy(NOW_MS);
    expect((await readdir(directory.at('cam_1'))).sort()).toEqual(['.recording', 'notes.txt', 'other', RECENT].sort());
    expect(await readdir(directory.at('cam_1', '.recording'))).toEqual([`${NOW_MS / 1000}-aa.ts`]);
    expect(await readdir(directory.at('cam_1', 'other'))).toEqual([OLD]);
    expect(events.heard).toEqual(['deleted 2 age']);
  });

  it('deletes what was left of a join whose worker was killed', async () => {
    const [old, recent] = [NOW_MS - 2 * DAY_MS, NOW_MS - DAY_MS / 2];
    await put('cam_1', '.recording', `${old}-0a1b2c3d.mp4`);
    await put('cam_1', '.recording', `${old}-0a1b2c3d.txt`);
    await put('cam_1', '.recording', `${recent}-0a1b2c3d.mp4`);
    await keeper(0.999_999).tidy(NOW_MS);
    expect(await readdir(directory.at('cam_1', '.recording'))).toEqual([`${recent}-0a1b2c3d.mp4`]);
  });

  it('makes room of pieces, too, that were never put together', async () => {
    await put('cam_1', '.recording', `${(NOW_MS - DAY_MS / 2) / 1000}-aa.ts`);
    await put('cam_1', '.recording', `${NOW_MS / 1000}-aa.ts`);
    await keeper(0.000_001).tidy(NOW_MS);
    expect(await readdir(directory.at('cam_1', '.recording'))).toEqual([`${NOW_MS / 1000}-aa.ts`]);
  });

  it('is not kept from the folders of others by one that it may not read', async () => {
    await put('cam_1', OLD);
    await put('cam_2', OLD);
    await put('cam_3', OLD);
    await chmod(directory.at('cam_2'), 0o000);
    await unprivileged(directory.path, () => keeper(0.999_999).tidy(NOW_MS));
    expect(await readdir(directory.at('cam_1'))).toEqual([]);
    expect(await readdir(directory.at('cam_3'))).toEqual([]);
    expect(events.heard).toEqual(['deleted 2 age', expect.stringContaining('keeping failed Error: EACCES')]);
    await chmod(directory.at('cam_2'), 0o700);
  });

  it('follows no symbolic link', async () => {
    await writeFile(outside.at(OLD), 'video');
    await put('cam_1', RECENT);
    await symlink(outside.path, directory.at('cam_2'));
    await symlink(outside.path, directory.at('cam_1', '.recording'));
    await symlink(outside.at(OLD), directory.at('cam_1', OLD));
    await keeper(0.999_999).tidy(NOW_MS);
    expect(await readdir(outside.path)).toEqual([OLD]);
    expect(events.heard).toEqual([]);
  });

  it('makes room where the disk is fuller than allowed, but leaves what goes on', async () => {
    await put('cam_1', RECENT);
    await put('cam_2', CURRENT);
    await keeper(0.000_001).tidy(NOW_MS);
    expect(await readdir(directory.at('cam_1'))).toEqual([]);
    expect(await readdir(directory.at('cam_2'))).toEqual([CURRENT]);
    expect(events.heard).toEqual(['deleted 1 disk']);
  });

  it('has nothing to say where nothing was recorded yet', async () => {
    await rm(directory.path, { recursive: true });
    await keeper(0.8).tidy(NOW_MS);
    expect(events.heard).toEqual([]);
  });
});
