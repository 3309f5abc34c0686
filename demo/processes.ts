import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEMO_FOLDER, LOGS } from './places.js';

/** A process of this checkout's demo, as the list on disk names it. */
interface Listed {
  role: string;
  pid: number;
  /** When it started: tells it from a later process with the same pid. */
  start: string;
}

/** One line each: role, pid, start time. `scripts/stop.sh` reads it; the demo comes first. */
const LIST = join(DEMO_FOLDER, 'processes');
const URL_FILE = join(DEMO_FOLDER, 'url');

/** ms; a worker drains for longer than the others need */
const PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 50;

/** The demo that runs in this checkout, if one does. A list that a killed demo left behind counts for nothing. */
export function runningDemo(): { pid: number; url: string } | undefined {
  const demo = readList().find(({ role }) => role === 'demo');
  if (!demo || !isAlive(demo)) return undefined;
  return { pid: demo.pid, url: existsSync(URL_FILE) ? readFileSync(URL_FILE, 'utf8') : '' };
}

/** The demo's children, and the list that lets `npm run stop` find them even when the demo itself was killed. */
export class Processes {
  private readonly children: { role: string; child: ChildProcess }[] = [];
  private ending = false;

  /** Ends what a killed demo may have left, and starts a new list with this process. */
  static async take(): Promise<Processes> {
    mkdirSync(LOGS, { recursive: true });
    const left = readList().filter((listed) => listed.role !== 'demo' && isAlive(listed));
    for (const { pid } of left) process.kill(pid, 'SIGTERM');
    await Promise.all(left.map((listed) => gone(listed)));
    const processes = new Processes();
    processes.write();
    return processes;
  }

  /** Where the service answers, for a second `npm run demo` to say. */
  announce(url: string): void {
    writeFileSync(URL_FILE, url);
  }

  /**
   * Starts a child with its output in a log file. It gets a process group of its own: Ctrl+C in the terminal reaches the demo
   * only, which then ends its children in the right order.
   */
  start(
    role: string,
    command: string,
    args: readonly string[],
    options: { cwd: string; env: NodeJS.ProcessEnv },
  ): ChildProcess {
    if (this.ending) throw new Error('The demo is ending.');
    const log = openSync(logOf(role), 'w');
    const child = spawn(command, args, { ...options, detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    this.children.push({ role, child });
    this.write();
    return child;
  }

  /** Ends the children, the last one started first, and removes the list. */
  async end(): Promise<void> {
    this.ending = true;
    for (const { child } of this.children.reverse()) await endChild(child);
    rmSync(LIST, { force: true });
    rmSync(URL_FILE, { force: true });
  }

  private write(): void {
    const own = { role: 'demo', pid: process.pid };
    const children = this.children.flatMap(({ role, child }) => (child.pid ? [{ role, pid: child.pid }] : []));
    const lines = [own, ...children].map(({ role, pid }) => `${role} ${pid} ${startOf(pid)}\n`);
    writeFileSync(LIST, lines.join(''));
  }
}

/** The file that takes a child's output. */
export function logOf(role: string): string {
  return join(LOGS, `${role}.log`);
}

/** Ends a child of ours: asks, waits, then forces. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || !child.pid) return;
  const closed = new Promise((resolve) => child.once('exit', resolve));
  const force = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  child.kill('SIGTERM');
  await closed;
  clearTimeout(force);
}

function readList(): Listed[] {
  if (!existsSync(LIST)) return [];
  const lines = readFileSync(LIST, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => {
    const [role = '', pid = '', start = ''] = line.split(' ');
    return { role, pid: Number(pid), start };
  });
}

function isAlive({ pid, start }: Listed): boolean {
  return start !== '' && startOf(pid) === start;
}

async function gone(listed: Listed): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (isAlive(listed)) {
    if (Date.now() > deadline) process.kill(listed.pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** When a process started, in the words of /proc or of ps; empty when there is no such process. As in scripts/stop.sh. */
function startOf(pid: number): string {
  if (!existsSync('/proc/self'))
    return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)])
      .stdout.toString()
      .replaceAll(/\s+/g, '_');
  try {
    // The name in brackets may hold anything, so fields are counted behind it.
    const [state, ...fields] = (readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1) ?? '').split(' ');
    return state === 'Z' ? '' : (fields[18] ?? '');
  } catch {
    return '';
  }
}
