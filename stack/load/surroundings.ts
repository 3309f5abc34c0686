import { execFile } from 'node:child_process';
import { setTimeout as after } from 'node:timers/promises';
import { promisify } from 'node:util';
import { living } from '../../demo/processes.js';
import { stackSet } from '../places.js';

const run = promisify(execFile);
const LOOK_EVERY_MS = 2_000;
const KB_PER_MB = 1_024;
/** Prometheus has heard nothing of these yet when a process is started anew. */
const ANSWERS_WITHIN_MS = 5_000;

/** Memory of a process, MB. */
export interface Memory {
  first: number;
  most: number;
  last: number;
}

/** Watches what a load must not disturb: the alerts, and the memory of each process. */
export class Surroundings {
  /** By the process's role. */
  readonly memory = new Map<string, Memory>();
  /** Alerts that began to ring meanwhile. */
  readonly rang = new Set<string>();
  /** Why Prometheus could not be asked, last. */
  blind: string | undefined;
  private before: ReadonlySet<string> = new Set();
  private readonly stop = new AbortController();
  private looking: Promise<void> = Promise.resolve();

  private constructor(private readonly prometheus: string) {}

  static async open(prometheus: string): Promise<Surroundings> {
    const around = new Surroundings(prometheus);
    around.before = new Set(await around.ringing());
    around.looking = around.look();
    return around;
  }

  /** Looks once more. */
  async close(): Promise<void> {
    this.stop.abort();
    await this.looking;
    await this.lookOnce();
  }

  private async look(): Promise<void> {
    while (!this.stop.signal.aborted) {
      await this.lookOnce();
      await after(LOOK_EVERY_MS, undefined, { signal: this.stop.signal }).catch(() => undefined);
    }
  }

  private async lookOnce(): Promise<void> {
    await this.weigh();
    for (const alert of await this.ringing()) if (!this.before.has(alert)) this.rang.add(alert);
  }

  private async ringing(): Promise<string[]> {
    try {
      const answer = await fetch(`${this.prometheus}/api/v1/alerts`, {
        signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
      });
      const { data } = (await answer.json()) as {
        data: { alerts: { state: string; labels: Record<string, string> }[] };
      };
      this.blind = undefined;
      return data.alerts
        .filter(({ state }) => state === 'firing')
        .map(({ labels: { alertname = '', kind = '', instance = '' } }) => `${alertname} ${kind} ${instance}`.trim());
    } catch (error) {
      this.blind = `Prometheus cannot be asked for alerts: ${String(error)}`;
      return [];
    }
  }

  private async weigh(): Promise<void> {
    const processes = living(stackSet());
    const pids = processes.map(({ pid }) => String(pid)).join(',');
    // It fails when one of them has just ended; the next look tells.
    const { stdout } = await run('ps', ['-o', 'pid=,rss=', '-p', pids]).catch(() => ({ stdout: '' }));
    for (const line of stdout.split('\n')) {
      const [pid = 0, kb = 0] = line.trim().split(/\s+/).map(Number);
      const role = processes.find((process) => process.pid === pid)?.role;
      if (role !== undefined) this.note(role, Math.round(kb / KB_PER_MB));
    }
  }

  private note(role: string, mb: number): void {
    const known = this.memory.get(role) ?? { first: mb, most: mb, last: mb };
    this.memory.set(role, { first: known.first, most: Math.max(known.most, mb), last: mb });
  }
}
