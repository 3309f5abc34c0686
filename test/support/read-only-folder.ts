import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { eventually } from './eventually.js';

/**
 * A folder that can be made one that nobody writes to, root included: a mount that becomes read-only. Where this user may not
 * mount anything, as in most containers, a file takes the folder's place instead.
 */
export class ReadOnlyFolder {
  private constructor(
    readonly path: string,
    private readonly isMount: boolean,
  ) {}

  static make(path: string): ReadOnlyFolder {
    mkdirSync(path, { recursive: true });
    return new ReadOnlyFolder(path, succeeds('mount', '-t', 'tmpfs', '-o', 'size=256m', 'tmpfs', path));
  }

  async forbid(): Promise<void> {
    if (this.isMount) return this.remount('ro');
    renameSync(this.path, this.aside);
    writeFileSync(this.path, 'in the way');
  }

  async allow(): Promise<void> {
    if (this.isMount) return this.remount('rw');
    if (!existsSync(this.aside)) return;
    rmSync(this.path);
    renameSync(this.aside, this.path);
  }

  /** To be called before the folder is removed. */
  async clear(): Promise<void> {
    await this.allow();
    if (this.isMount) await eventually('it is unmounted', async () => succeeds('umount', this.path));
  }

  private get aside(): string {
    return `${this.path}.aside`;
  }

  /** Fails while a file is open for writing. */
  private async remount(mode: 'ro' | 'rw'): Promise<void> {
    await eventually(`it is ${mode}`, () => succeeds('mount', '-o', `remount,${mode}`, this.path));
  }
}

function succeeds(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
