import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'roadstream-assess-';
/** Nothing works in a folder for that long. ms */
const LEFT_BEHIND_AFTER_MS = 86_400_000;

/** Folders for temporary files, one for each run of a job. Their names tell whose they are. */
export class Workspaces {
  /** @param base made by the operating system, as a rule */
  constructor(private readonly base: string = tmpdir()) {}

  /** Runs `work` with a folder of its own, that only this user may enter; it is removed whatever happens. */
  async within<T>(work: (folder: string) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(join(this.base, `${PREFIX}${encodeURIComponent(hostname())}-${process.pid}-`));
    try {
      return await work(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /**
   * Removes what processes left behind that were killed. Call it at the start.
   * @throws of what could not be removed the first reason, after the rest was
   */
  async sweep(): Promise<void> {
    const failures: unknown[] = [];
    for (const name of await readdir(this.base)) {
      const path = join(this.base, name);
      if (!name.startsWith(PREFIX) || !(await isLeftBehind(name, path))) continue;
      // Everybody may put a folder of such a name there that only they can remove.
      await rm(path, { recursive: true, force: true }).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }
}

/** By its age, or because its process is gone: a restarted container has the same name and the same process id. */
async function isLeftBehind(name: string, path: string): Promise<boolean> {
  const { birthtimeMs, mtimeMs } = await stat(path).catch(() => ({ birthtimeMs: Date.now(), mtimeMs: Date.now() }));
  const now = Date.now();
  if (now - mtimeMs > LEFT_BEHIND_AFTER_MS) return true;
  const [, host, pid] = /^roadstream-assess-(.*)-(\d+)-[^-]+$/.exec(name) ?? [];
  if (host !== encodeURIComponent(hostname())) return false;
  if (Number(pid) === process.pid) return birthtimeMs < now - process.uptime() * 1000;
  return !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
