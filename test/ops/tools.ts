import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { it } from '@jest/globals';
import { eventually } from '../support/eventually.js';

/** Runs a program to its end: what it said, and whether it was content. */
export function ran(program: string, ...args: string[]): { ok: boolean; said: string } {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  return { ok: status === 0, said: stdout + stderr };
}

/** Whether a program is installed. */
export function isInstalled(program: string, ...args: string[]): boolean {
  return spawnSync(program, args.length === 0 ? ['--version'] : args).error === undefined;
}

/** `it` where a program is installed; elsewhere the test is skipped, and standard error says so and what to install. */
export function itWith(program: string, debianPackage: string): typeof it | typeof it.skip {
  if (isInstalled(program)) return it;
  process.stderr.write(`SKIPPED: ${program} is not installed (Debian: apt-get install ${debianPackage}).\n`);
  return it.skip;
}

/** A program that serves HTTP while a test runs. */
export class HttpProgram {
  private constructor(
    private readonly process: ChildProcess,
    readonly url: string,
  ) {}

  /**
   * Starts it and waits until it answers.
   * @param ready a path that it answers 200 once it works
   */
  static async start(url: string, ready: string, program: string, ...args: string[]): Promise<HttpProgram> {
    const started = new HttpProgram(spawn(program, args, { stdio: 'ignore' }), url);
    await eventually(`${program} answers`, async () => (await fetch(url + ready).catch(() => undefined))?.ok === true);
    return started;
  }

  async json(path: string, init?: RequestInit): Promise<unknown> {
    return (await fetch(this.url + path, init)).json();
  }

  /** Ends it. */
  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const exited = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await exited;
  }
}
