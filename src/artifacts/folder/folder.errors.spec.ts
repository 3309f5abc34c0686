import { describe, expect, it } from '@jest/globals';
import { storageError } from './folder.errors.js';

const said = (code: string): Error => Object.assign(new Error(`${code}: no`), { code });

describe('an error of the file system', () => {
  it.each([
    ['ENOSPC', 'transient', 'STORAGE_FULL'],
    ['EDQUOT', 'transient', 'STORAGE_FULL'],
    ['EACCES', 'permanent', 'STORAGE_FORBIDDEN'],
    ['EROFS', 'permanent', 'STORAGE_FORBIDDEN'],
    ['ENAMETOOLONG', 'permanent', 'STORAGE_NAME'],
    ['EIO', 'transient', 'STORAGE_FAILED'],
    ['EMFILE', 'transient', 'STORAGE_FAILED'],
  ])('%s is %s: %s', (code, kind, expected) => {
    const error = storageError(said(code), '/data');
    expect(error).toMatchObject({ kind, code: expected, step: 'artifacts' });
    expect(error.message).toContain('/data');
  });

  it('stays what it is when it is one of ours', () => {
    const ours = storageError(said('ENOSPC'), '/data');
    expect(storageError(ours, '/other')).toBe(ours);
  });
});
