import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { ROOT } from '../demo/places.js';
import type { Processes } from '../demo/processes.js';
import { untilAnswers } from './until.js';

/** Libraries and a model are loaded first, which takes a busy machine its time. */
const READY_WITHIN_MS = 120_000;
/** Lines of a log that say why something ended. */
const LAST_LINES = 15;

/** A program that the stack runs. */
export interface Part {
  readonly role: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Beside what this process has. */
  readonly env?: NodeJS.ProcessEnv;
  /** Answers with success once the program is ready. */
  readonly readyUrl: string;
}

/** Starts the programs of the stack and waits for them. */
export class Parts {
  private readonly wanted = new Set<string>();
  private fail: (error: Error) => void = () => undefined;
  /** Rejects when one ends by itself before all are up. */
  readonly failed = new Promise<never>((_, reject) => (this.fail = reject));

  /** @param say takes lines for people */
  constructor(
    private readonly processes: Processes,
    private readonly say: (line: string) => void,
  ) {
    this.failed.catch(() => undefined);
  }

  /** Starts one and waits until it is ready. */
  async start({ role, command, args, env = {}, readyUrl }: Part): Promise<void> {
    const child = this.processes.start(role, command, args, { cwd: ROOT, env: { ...process.env, ...env } });
    this.wanted.add(role);
    this.watch(role, child);
    await untilAnswers(readyUrl, READY_WITHIN_MS, this.failed).catch((error: unknown) => {
      throw new Error(`${role} is not ready: ${String(error)} See ${this.processes.logOf(role)}.`);
    });
  }

  /** Ends one that is started anew. */
  async end(role: string): Promise<void> {
    this.wanted.delete(role);
    await this.processes.endOne(role);
  }

  /** From now on nobody is missed. */
  letGo(): void {
    this.wanted.clear();
  }

  private watch(role: string, child: ChildProcess): void {
    const tell = (how: string): void => {
      if (!this.wanted.delete(role)) return;
      const sentence = `${role} ended by itself (${how}). The end of its log:\n${this.endOf(role)}`;
      this.say(sentence);
      this.fail(new Error(sentence));
    };
    child.once('error', (error) => tell(error.message));
    child.once('exit', (code, signal) => tell(signal ?? `exit code ${code}`));
  }

  private endOf(role: string): string {
    const file = this.processes.logOf(role);
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LAST_LINES).join('\n') : '';
  }
}
