import { spawn, type ChildProcess } from 'node:child_process';
import { setPriority } from 'node:os';
import type { Readable } from 'node:stream';

/** Between SIGTERM and SIGKILL, ms. */
const PATIENCE_MS = 2_000;

/** Limits that the kernel keeps for a child; null for none. */
export interface ChildLimits {
  readonly cpuSeconds: number | null;
  readonly memoryBytes: number | null;
  /** How far it steps back behind the service when the processors are busy, 0..19; 0 if left out. */
  readonly niceness?: number;
}

/** How a child ended. */
export interface ChildEnd {
  readonly exitCode: number | null;
  readonly killed: boolean;
  /** Why it could not be started at all. */
  readonly spawnError: Error | null;
}

/**
 * A child with an empty environment, no stdin, no core dumps and limits of its own. It is gone within 3 s of `stop()`,
 * and `ended` settles only then.
 */
export class BoundedChild {
  /** Never rejects. */
  readonly ended: Promise<ChildEnd>;
  private readonly child: ChildProcess;
  private killTimer: NodeJS.Timeout | undefined;
  private killed = false;

  constructor(path: string, args: readonly string[], limits: ChildLimits) {
    // `exec` keeps the pid, so that signals reach the program and not the shell.
    this.child = spawn('/bin/sh', ['-c', `${limitCommands(limits)}exec "$0" "$@"`, path, ...args], {
      env: {},
      // A group of its own: Ctrl+C asks the worker to drain, and must not take the captures away from under it.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.ended = this.whenClosed();
    if (limits.niceness !== undefined) stepBack(this.child.pid, limits.niceness);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get stdout(): Readable {
    return this.child.stdout as Readable;
  }

  get stderr(): Readable {
    return this.child.stderr as Readable;
  }

  /** Asks the child to go, and makes it after 2 s. */
  stop(): void {
    if (this.killed) return;
    this.killed = true;
    this.child.kill('SIGTERM');
    this.killTimer = setTimeout(() => this.child.kill('SIGKILL'), PATIENCE_MS);
    // A child blocked on a full pipe would not see the signal before it is read.
    this.stdout.resume();
    this.stderr.resume();
  }

  private whenClosed(): Promise<ChildEnd> {
    return new Promise((resolve) => {
      let spawnError: Error | null = null;
      this.child.on('error', (error) => (spawnError = error));
      this.child.once('close', (exitCode) => {
        clearTimeout(this.killTimer);
        resolve({ exitCode, killed: this.killed, spawnError });
      });
    });
  }
}

/** What is not allowed to step back, or is gone already, runs as it is. */
function stepBack(pid: number | undefined, niceness: number): void {
  try {
    if (pid !== undefined) setPriority(pid, niceness);
  } catch {
    // Nothing depends on it.
  }
}

/** Silent where the platform does not know a limit. */
function limitCommands({ cpuSeconds, memoryBytes }: ChildLimits): string {
  const limits = [
    '-c 0',
    ...(cpuSeconds === null ? [] : [`-t ${Math.ceil(cpuSeconds)}`]),
    ...(memoryBytes === null ? [] : [`-v ${Math.ceil(memoryBytes / 1024)}`]),
  ];
  return limits.map((limit) => `ulimit ${limit} 2>/dev/null; `).join('');
}
