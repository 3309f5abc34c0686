import { readdirSync, readFileSync } from 'node:fs';

/** The kernel counts CPU in hundredths of a second for those who read it. */
const TICKS_PER_SECOND = 100;

/** Peaks are looked for this often. ms */
const LOOK_EVERY_MS = 100;

/** CPU of a process by `/proc/<pid>/stat`, s. */
export interface Cpu {
  own: number;
  /** Of its children that have ended, and theirs. */
  children: number;
}

/** CPU of a process so far. @throws when there is none of this id */
export function cpuOf(pid: number): Cpu {
  return cpuIn(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

/** What a `stat` of Linux says. The name of the program may hold anything, brackets and spaces included. */
export function cpuIn(stat: string): Cpu {
  const fields = fieldsAfterName(stat);
  const [user = NaN, system = NaN, childUser = NaN, childSystem = NaN] = fields.slice(11, 15).map(Number);
  return { own: (user + system) / TICKS_PER_SECOND, children: (childUser + childSystem) / TICKS_PER_SECOND };
}

/** The process that started this one, as its `stat` says. */
export function parentIn(stat: string): number {
  return Number(fieldsAfterName(stat)[1]);
}

/** Largest resident memory by a `/proc/<pid>/status`, bytes; 0 for what has ended. */
export function peakIn(status: string): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

/** The largest resident memory of a process, and of any one of its children, until it is stopped. Bytes. */
export class Peaks {
  worker = 0;
  child = 0;
  private readonly timer = setInterval(() => this.look(), LOOK_EVERY_MS);

  constructor(private readonly pid: number) {
    this.look();
  }

  stop(): void {
    this.look();
    clearInterval(this.timer);
  }

  private look(): void {
    this.worker = Math.max(this.worker, peakIn(read(this.pid, 'status')));
    for (const name of readdirSync('/proc')) {
      const pid = Number(name);
      if (Number.isNaN(pid) || parentIn(read(pid, 'stat')) !== this.pid) continue;
      this.child = Math.max(this.child, peakIn(read(pid, 'status')));
    }
  }
}

/** Empty for a process that ended meanwhile. */
function read(pid: number, file: 'stat' | 'status'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

function fieldsAfterName(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
