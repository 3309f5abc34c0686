import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it } from '@jest/globals';
import { receive } from '../../src/artifacts/folder/received-file.js';

const NEVER = new AbortController().signal;

// A disk that is always full; not every platform has one.
(existsSync('/dev/full') ? it : it.skip)(
  'a copy says that the disk for temporary files is full, not the store',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'received-'));
    await symlink('/dev/full', join(folder, 'full'));
    const received = receive(Readable.from([Buffer.from('12345')]), join(folder, 'full'), 5, 'name', NEVER);
    await expect(received).rejects.toMatchObject({ kind: 'transient', code: 'STORAGE_NO_ROOM' });
    expect(await readdir(folder)).toEqual([]);
    await rm(folder, { recursive: true });
  },
);
