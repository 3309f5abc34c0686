import { chown, mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { TransientStepError } from '../../src/job/errors.js';
import { eventually } from '../support/eventually.js';
import { ReadOnlyFolder } from '../support/read-only-folder.js';
import { useFolder } from '../support/use-folder.js';
import { Workspaces } from '../../src/assessment/segment/workspaces.js';

const base = useFolder('workspaces');
let workspaces: Workspaces;
beforeEach(async () => {
  workspaces = new Workspaces(base.path);
});

/** A process id that nobody has: the largest that Linux gives out is 2^22. */
const DEAD_PID = 2 ** 22 + 1;

const NOBODY = 65_534;

describe('workspaces', () => {
  it('are for one run and its user only, and gone afterwards', async () => {
    const mode = await workspaces.within(async (folder) => {
      await writeFile(join(folder, 'x'), 'x');
      return (await stat(folder)).mode & 0o777;
    });
    expect(mode).toBe(0o700);
    expect(await readdir(base.path)).toEqual([]);
  });

  it('that cannot be made, or have no room, are an outage that ends by itself', async () => {
    const folder = ReadOnlyFolder.make(base.at('disk'));
    const said: string[] = [];
    const events = { lost: (why: string) => void said.push(why), back: () => void said.push('back') };
    const pace = { freshMs: 10_000, lookMs: 5_000, firstMs: 20, longestMs: 100 };
    const there = new Workspaces(folder.path, events, pace);
    await there.within(async () => undefined);
    await folder.forbid();
    for (let i = 0; i < 2; i += 1) {
      const refused = there.within(async () => undefined);
      await expect(refused).rejects.toMatchObject({ kind: 'outage', code: 'TEMPORARY_FILES' });
    }
    expect(there.heldBackBecause()).toContain(folder.path);
    await folder.allow();
    await eventually('the outage is over', () => there.heldBackBecause() === undefined);
    await there.within(async () => undefined);
    expect(said).toEqual([expect.stringContaining('TMPDIR'), 'back']);
    // Here there is room: what needed more than all of it is to blame.
    const greedy = there.within(() => Promise.reject(new TransientStepError('SEGMENT_NO_ROOM', 'full')));
    await expect(greedy).rejects.toMatchObject({ kind: 'transient' });
    await folder.clear();
    await rm(folder.path, { recursive: true });
  });

  it('are gone when the work fails, too', async () => {
    await expect(workspaces.within(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await readdir(base.path)).toEqual([]);
  });

  // Only root can put something there that another user cannot remove.
  (process.geteuid?.() === 0 ? it : it.skip)('are swept beside one that cannot be', async () => {
    const [foreign, own] = ['a', 'b'].map((end) => base.at(`roadstream-assess-${hostname()}-${DEAD_PID}-${end}`));
    for (const folder of [foreign, own] as string[]) await mkdir(join(folder, 'inside'), { recursive: true });
    for (const folder of [base.path, own, join(own as string, 'inside')] as string[])
      await chown(folder, NOBODY, NOBODY);
    process.seteuid?.(NOBODY);
    const swept = await workspaces.sweep().then(
      () => 'all',
      (error: unknown) => (error as NodeJS.ErrnoException).code,
    );
    process.seteuid?.(0);
    expect(swept).toBe('EACCES');
    expect(await readdir(base.path)).toEqual([(foreign as string).slice(base.path.length + 1)]);
  });

  it('are swept when their process was killed, and only then', async () => {
    const name = (host: string, pid: number) => `roadstream-assess-${encodeURIComponent(host)}-${pid}-abcdef`;
    const gone = [name(hostname(), DEAD_PID)];
    const kept = [name('another-host', DEAD_PID), name(hostname(), process.ppid), 'somebody-elses'];
    const old = 'roadstream-assess-old';
    for (const folder of [...gone, ...kept, old]) await mkdir(base.at(folder));
    const longAgo = new Date(Date.now() - 2 * 86_400_000);
    await utimes(base.at(old), longAgo, longAgo);
    await workspaces.within(async (folder) => {
      await workspaces.sweep();
      expect((await readdir(base.path)).sort()).toEqual([...kept, folder.slice(base.path.length + 1)].sort());
    });
  });
});
