import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEMO_FOLDER } from './places.js';

/** A set of processes of this checkout that one of them leads. */
export interface ProcessSet {
  /** Holds their list, their logs and the leader's address. */
  readonly folder: string;
  /** What the list calls the leader. */
  readonly leader: string;
  /** The longest that a child may take to end, ms. */
  readonly patienceMs: number;
}

/** The demo's; a worker drains for longer than the others need. */
export const DEMO: ProcessSet = { folder: DEMO_FOLDER, leader: 'demo', patienceMs: 20_000 };

/** A process of a set, as the list on disk names it. */
export interface Listed {
  role: string;
  pid: number;
  /** When it started: tells it from a later process with the same pid. */
  start: string;
}

/** One line each: role, pid, start time. `scripts/stop.sh` reads it; the leader comes first. */
const listOf = ({ folder }: ProcessSet): string => join(folder, 'processes');
const urlFileOf = ({ folder }: ProcessSet): string => join(folder, 'url');
/** Others write into it to their end. */
const LAST = 'redis';

const LOOK_EVERY_MS = 50;

/** The leader that runs in this checkout, if one does. A list that a killed one left behind counts for nothing. */
export function running(set: ProcessSet): { pid: number; url: string } | undefined {
  const leader = readList(set).find(({ role }) => role === set.leader);
  if (!leader || !isAlive(leader)) return undefined;
  const file = urlFileOf(set);
  return { pid: leader.pid, url: existsSync(file) ? readFileSync(file, 'utf8') : '' };
}

/** All of a set that live, the leader first. */
export function living(set: ProcessSet): Listed[] {
  return readList(set).filter(isAlive);
}

/** The leader's children, and the list that lets `npm run stop` find them even when the leader itself was killed. */
export class Processes {
  private children: { role: string; child: ChildProcess }[] = [];
  private readonly begun = new Set<string>();
  private ending = false;

  private constructor(private readonly set: ProcessSet) {}

  /** Ends what a killed leader may have left, and starts a new list with this process. */
  static async take(set: ProcessSet): Promise<Processes> {
    mkdirSync(join(set.folder, 'logs'), { recursive: true });
    const left = living(set).filter(({ role }) => role !== set.leader);
    for (const { pid } of left) process.kill(pid, 'SIGTERM');
    await Promise.all(left.map((listed) => gone(listed, set.patienceMs)));
    const processes = new Processes(set);
    processes.write();
    return processes;
  }

  /** Where the service answers, for a second start to say. */
  announce(url: string): void {
    writeFileSync(urlFileOf(this.set), url);
  }

  /**
   * Starts a child with its output in a log file. It gets a process group of its own: Ctrl+C in the terminal reaches the leader
   * only, which then ends its children in the right order.
   */
  start(
    role: string,
    command: string,
    args: readonly string[],
    options: { cwd: string; env: NodeJS.ProcessEnv },
  ): ChildProcess {
    if (this.ending) throw new Error(`The ${this.set.leader} is ending.`);
    const log = openSync(this.logOf(role), this.begun.has(role) ? 'a' : 'w');
    this.begun.add(role);
    const child = spawn(command, args, { ...options, detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    this.children = [...this.children.filter((other) => other.role !== role), { role, child }];
    this.write();
    return child;
  }

  /** The file that takes a child's output. */
  logOf(role: string): string {
    return join(this.set.folder, 'logs', `${role}.log`);
  }

  /** Ends a child by its role. */
  async endOne(role: string): Promise<void> {
    for (const found of this.children.filter((one) => one.role === role))
      await endChild(found.child, this.set.patienceMs);
  }

  /** Ends the children, Redis last, and removes the list. */
  async end(): Promise<void> {
    this.ending = true;
    const others = this.children.filter(({ role }) => role !== LAST);
    await Promise.all(others.map(({ child }) => endChild(child, this.set.patienceMs)));
    await this.endOne(LAST);
    rmSync(listOf(this.set), { force: true });
    rmSync(urlFileOf(this.set), { force: true });
  }

  private write(): void {
    const own = { role: this.set.leader, pid: process.pid };
    const children = this.children.flatMap(({ role, child }) => (child.pid ? [{ role, pid: child.pid }] : []));
    const lines = [own, ...children].map(({ role, pid }) => `${role} ${pid} ${startOf(pid)}\n`);
    writeFileSync(listOf(this.set), lines.join(''));
  }
}

/** Ends a child of ours: asks, waits, then forces. */
async function endChild(child: ChildProcess, patienceMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || !child.pid) return;
  const closed = new Promise((resolve) => child.once('exit', resolve));
  const force = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  child.kill('SIGTERM');
  await closed;
  clearTimeout(force);
}

function readList(set: ProcessSet): Listed[] {
  const file = listOf(set);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => {
    const [role = '', pid = '', start = ''] = line.split(' ');
    return { role, pid: Number(pid), start };
  });
}

/** Whether it still runs, and is no later process with the same pid. */
export function isAlive({ pid, start }: Listed): boolean {
  return start !== '' && startOf(pid) === start;
}

async function gone(listed: Listed, patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
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
