import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a command used, with all its children. */
export interface Usage {
  /** User and system time, s. */
  cpuSeconds: number;
  /** What it printed. */
  stdout: string;
}

/** Runs a command in a process of its own. @throws when it fails */
export async function usageOf(command: string, ...args: string[]): Promise<Usage> {
  const timed = `TIMEFORMAT='%U %S'; time "$@"`;
  const { stdout, stderr } = await run('bash', ['-c', timed, 'bash', command, ...args]);
  const [user, system] = stderr.trim().split('\n').at(-1)!.split(/\s+/).map(Number);
  return { cpuSeconds: (user ?? NaN) + (system ?? NaN), stdout };
}
