import { mkdtemp, readdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { OutageWatch, type OutageEvents, type StoreCheck, type WatchPace } from '../../artifacts/outage-watch.js';
import { messageOf, OutageError, TransientStepError } from '../../job/errors.js';

const PREFIX = 'roadstream-assess-';
/** Nothing works in a folder for that long. ms */
const LEFT_BEHIND_AFTER_MS = 86_400_000;

/** With less free no video would fit. Bytes. */
const LEAST_FREE = 64 * 1024 * 1024;
/** What steps say when the disk has no room for their files. */
const NO_ROOM = ['STORAGE_NO_ROOM', 'SEGMENT_NO_ROOM'];

const UNHEARD: OutageEvents = { lost: () => undefined, back: () => undefined };

/**
 * Folders for temporary files, one for each run of a job. Their names tell whose they are. While none can be made, or the disk
 * is full, no job is charged for it.
 */
export class Workspaces {
  private readonly watch: OutageWatch<StoreCheck>;

  /** @param base made by the operating system, as a rule */
  constructor(
    private readonly base: string = tmpdir(),
    events: OutageEvents = UNHEARD,
    pace?: WatchPace,
  ) {
    const refusal = (why: string): OutageError => new OutageError('TEMPORARY_FILES', why);
    const silent = (): StoreCheck => this.broken('it does not answer');
    this.watch = new OutageWatch(refusal, () => this.look(), silent, events, pace);
  }

  /** Why no job can have a folder now; undefined when it can. */
  heldBackBecause(): string | undefined {
    return this.watch.why;
  }

  /**
   * Runs `work` with a folder of its own, that only this user may enter; it is removed whatever happens.
   * @throws OutageError TEMPORARY_FILES when there is no place for one; what the work throws
   */
  async within<T>(work: (folder: string) => Promise<T>): Promise<T> {
    await this.watch.ensure();
    const folder = await this.make();
    try {
      return await work(folder);
    } catch (error) {
      const hadNoRoom = error instanceof TransientStepError && NO_ROOM.includes(error.code);
      // What it wrote takes up the room.
      if (hadNoRoom) await rm(folder, { recursive: true, force: true });
      if (hadNoRoom && (await this.watch.explains(undefined))) await this.watch.ensure();
      throw error;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async make(): Promise<string> {
    const start = join(this.base, `${PREFIX}${encodeURIComponent(hostname())}-${process.pid}-`);
    try {
      return await mkdtemp(start);
    } catch (error) {
      if (await this.watch.explains(undefined)) await this.watch.ensure();
      throw error;
    }
  }

  private async look(): Promise<StoreCheck> {
    try {
      const folder = await mkdtemp(join(this.base, `${PREFIX}${encodeURIComponent(hostname())}-${process.pid}-`));
      await writeFile(join(folder, 'check'), 'roadstream').finally(() => rm(folder, { recursive: true, force: true }));
      const { bavail, bsize } = await statfs(this.base);
      if (bavail * bsize < LEAST_FREE) return this.broken(`it has less than ${LEAST_FREE / 1024 ** 2} MiB free`);
      return { ok: true, message: `Temporary files go to ${this.base}.` };
    } catch (error) {
      return this.broken(messageOf(error));
    }
  }

  private broken(why: string): StoreCheck {
    const advice = 'Make room and give this user write access there, or set TMPDIR to another folder.';
    return { ok: false, message: `The folder for temporary files ${this.base} cannot be used (${why}). ${advice}` };
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
