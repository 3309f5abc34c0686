import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { PermanentStepError, TransientStepError } from '../../job/errors.js';

/** A file as it was at one moment. */
export interface FileState {
  readonly bytes: number;
  /** When it was last written to, by the clock of its file system, ms since the epoch. */
  readonly changedAt: number;
}

/** The folder that recordings are in. Nothing outside of it is read, whatever a path or a link says. */
export class SegmentFolder {
  private readonly root: string;

  constructor(folder: string) {
    this.root = resolve(folder);
  }

  /**
   * The absolute path of a file below the folder, all links followed.
   * @param path parts separated by `/`, as a job names it
   * @throws TransientStepError SEGMENT_MISSING: it may be recorded yet
   * @throws PermanentStepError SEGMENT_NOT_ALLOWED for a link that leads out, and what is no file: a folder, pipe or device
   */
  async find(path: string): Promise<string> {
    const found = await real(join(this.root, ...path.split('/')), path);
    if (!found.startsWith((await real(this.root, path)) + sep))
      throw notAllowed(path, 'is a link that leads out of it');
    return found;
  }

  /**
   * Looks at a file that {@link find} found.
   * @throws as {@link find}
   */
  async look(found: string, path: string): Promise<FileState> {
    // Opened rather than looked up, so that a right to read it is needed; a pipe without a writer does not keep us waiting.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const handle = await open(found, flags).catch((error: unknown) => {
      throw explain(error, path);
    });
    try {
      const state = await handle.stat();
      if (!state.isFile()) throw notAllowed(path, 'is no file');
      return { bytes: state.size, changedAt: state.mtimeMs };
    } finally {
      await handle.close();
    }
  }
}

async function real(absolute: string, path: string): Promise<string> {
  try {
    return await realpath(absolute);
  } catch (error) {
    throw explain(error, path);
  }
}

const MISSING = ['ENOENT', 'ENOTDIR', 'ESTALE'];
const NEVER = ['ELOOP', 'ENAMETOOLONG', 'EISDIR', 'ENXIO', 'ENODEV'];

/** Paths of this machine stay out of messages: only the job's own is named. */
function explain(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const name = JSON.stringify(path);
  if (MISSING.includes(code)) {
    const text = `There is no ${name} below SEGMENTS_DIR (yet): look whether it was recorded, or deleted since.`;
    return new TransientStepError('SEGMENT_MISSING', text);
  }
  if (code === 'EACCES' || code === 'EPERM') {
    const text = `${name} below SEGMENTS_DIR may not be read: give the user of this service the right.`;
    return new PermanentStepError('SEGMENT_FORBIDDEN', text);
  }
  if (NEVER.includes(code)) return notAllowed(path, `cannot be read as a file (${code})`);
  return new TransientStepError('SEGMENT_MISSING', `${name} below SEGMENTS_DIR cannot be read now (${code}).`);
}

function notAllowed(path: string, why: string): PermanentStepError {
  return new PermanentStepError('SEGMENT_NOT_ALLOWED', `${JSON.stringify(path)} below SEGMENTS_DIR ${why}.`);
}
