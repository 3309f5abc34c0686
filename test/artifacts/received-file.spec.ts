import { existsSync } from 'node:fs';
import { readdir, symlink } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { expect, it } from '@jest/globals';
import { receive } from '../../src/artifacts/folder/received-file.js';
import { useFolder } from '../support/use-folder.js';

const NEVER = new AbortController().signal;
const folder = useFolder('received');

// A disk that is always full; not every platform has one.
(existsSync('/dev/full') ? it : it.skip)(
  'a copy says that the disk for temporary files is full, not the store',
  async () => {
    await symlink('/dev/full', folder.at('full'));
    const received = receive(Readable.from([Buffer.from('12345')]), folder.at('full'), 5, 'name', NEVER);
    await expect(received).rejects.toMatchObject({ kind: 'transient', code: 'STORAGE_NO_ROOM' });
    expect(await readdir(folder.path)).toEqual([]);
  },
);
