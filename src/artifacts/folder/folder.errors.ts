import { JobError, messageOf, PermanentStepError, TransientStepError } from '../../job/errors.js';

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const FORBIDDEN = new Set(['EACCES', 'EPERM', 'EROFS']);
const NAME = new Set(['ENAMETOOLONG', 'EISDIR', 'ENOTDIR', 'EEXIST', 'ELOOP']);

/** The code of what no folder can be at. */
export const NO_FOLDER = 'STORAGE_NO_FOLDER';

/** What a file system says, as one of our errors that tells the operator what to do. */
export function storageError(cause: unknown, root: string): JobError {
  if (cause instanceof JobError) return cause;
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  const context = { step: 'artifacts', cause };
  if (FULL.has(code)) {
    const advice = 'Free some space there, raise the quota, or set ARTIFACTS_DIR to another disk.';
    return new TransientStepError('STORAGE_FULL', `The artifact folder ${root} is full (${code}). ${advice}`, context);
  }
  if (FORBIDDEN.has(code)) {
    const advice = 'Give the user of this service write access, or set ARTIFACTS_DIR to another folder.';
    return new PermanentStepError(
      'STORAGE_FORBIDDEN',
      `The artifact folder ${root} cannot be written to (${code}). ${advice}`,
      context,
    );
  }
  if (NAME.has(code)) {
    const text = `The folder ${root} cannot hold an artifact of this name (${code}). Look what is in the way there.`;
    return new PermanentStepError('STORAGE_NAME', text, context);
  }
  return new TransientStepError('STORAGE_FAILED', `Writing below ${root} failed: ${messageOf(cause)}.`, context);
}

/** What keeps the folder itself from being one, such as a file in its place. */
export function rootError(cause: unknown, root: string): JobError {
  const { code = '' } = cause as NodeJS.ErrnoException;
  if (!NAME.has(code)) return storageError(cause, root);
  const text = `ARTIFACTS_DIR ${root} is no folder and cannot be made one (${code}). Move away what is in its place, or set ARTIFACTS_DIR to another path.`;
  return new PermanentStepError(NO_FOLDER, text, { step: 'artifacts', cause });
}

/** The refusal to follow a link that leads out of the store. */
export function linkError(path: string, root: string): PermanentStepError {
  const text = `${path} is a link that leads out of the artifact folder ${root}. Remove the link, or set ARTIFACTS_DIR to its target.`;
  return new PermanentStepError('STORAGE_FORBIDDEN', text, { step: 'artifacts' });
}
