import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { monotonicMs } from './journal.js';
import type { WorkerPlan } from './worker-plan.js';

const SHIFTED_CLOCK = fileURLToPath(new URL('../support/shifted-clock.js', import.meta.url));
const WORKER = fileURLToPath(new URL('./worker-process.js', import.meta.url));

/** When a worker was told to die and when it was dead, on the machine's monotonic clock; ms. */
export interface Death {
  worker: string;
  killedAt: number;
  goneAt: number;
}

/** A member of a fleet: a process by the name under which it is in the journal. */
export interface FleetMember {
  readonly name: string;
  readonly exited: Promise<unknown>;
  signal(signal: NodeJS.Signals): void;
  /** Has it drain and leave. */
  stop(): Promise<void>;
}

/** One worker process. */
export class WorkerProcess implements FleetMember {
  readonly exited: Promise<unknown>;

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
  ) {
    this.exited = once(child, 'exit');
  }

  static launch(plan: WorkerPlan): WorkerProcess {
    // The test runner's own options are not for the worker.
    const { clockOffMs } = plan;
    const env = { PATH: process.env['PATH'], CLOCK_OFF_MS: String(clockOffMs ?? 0) };
    const execArgv = clockOffMs === undefined ? [] : ['--import', SHIFTED_CLOCK];
    const options = { env, execArgv, stdio: 'inherit' as const };
    return new WorkerProcess(plan.consumer, fork(WORKER, [JSON.stringify(plan)], options));
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async stop(): Promise<void> {
    this.signal('SIGTERM');
    await this.exited;
  }
}

/** A number of workers that is kept up: in the place of one that dies another one starts. */
export class Fleet<Member extends FleetMember = WorkerProcess> {
  readonly deaths: Death[] = [];
  private readonly workers = new Set<Member>();
  private readonly killedAt = new Map<string, number>();
  private closing = false;

  constructor(private readonly launch: (name: string) => Member) {}

  /** Chaos workers that all go by one plan. */
  static of(plan: Omit<WorkerPlan, 'consumer'>): Fleet {
    return new Fleet((consumer) => WorkerProcess.launch({ ...plan, consumer }));
  }

  /** Those that live now. */
  get living(): Member[] {
    return [...this.workers];
  }

  /** Starts a worker, and another one whenever it dies. */
  add(): Member {
    const worker = this.launch(randomUUID().slice(0, 8));
    this.workers.add(worker);
    void worker.exited.then(() => this.bury(worker));
    return worker;
  }

  /** Kills a worker as `kill -9` does. */
  kill(worker: Member): void {
    this.killedAt.set(worker.name, monotonicMs());
    worker.signal('SIGKILL');
  }

  /** Has all of them drain and leave. */
  async stop(): Promise<void> {
    this.closing = true;
    await Promise.all(this.living.map((worker) => worker.stop()));
  }

  private bury(worker: Member): void {
    const goneAt = monotonicMs();
    this.workers.delete(worker);
    this.deaths.push({ worker: worker.name, goneAt, killedAt: this.killedAt.get(worker.name) ?? goneAt });
    if (!this.closing) this.add();
  }
}
