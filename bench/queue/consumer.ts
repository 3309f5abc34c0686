import { Socket } from 'node:net';
import { drainWithBare } from './engines/bare.js';
import { drainWithBullmq } from './engines/bullmq.js';
import { drainWithRoadstream } from './engines/roadstream.js';
import type { EngineName, Setting } from './measures.js';

/** What the parent asks of this process. */
export interface Order extends Setting {
  url: string;
  stream: string;
  /** Stop after so many jobs. */
  jobs: number;
  /** Warm up with so many of them before anything is counted. */
  warmUp: number;
  /** Note when each job starts. */
  noteStarts: boolean;
}

/** What this process answers. */
export interface Account {
  seconds: number;
  cpuMicros: number;
  socketWrites: number;
  /** Resident memory when the last job was done. */
  rssBytes: number;
  /** By the name of each job, ms since the epoch with fractions. */
  starts: Record<string, number>;
}

/** Tells an engine about its jobs. */
export interface Tally {
  readonly total: number;
  /** A job started. Call it from the handler. */
  started(name: () => string): void;
  /** Resolves when the last job has started and been handled. */
  readonly done: Promise<void>;
}

const DRAIN: Record<EngineName, (order: Order, tally: Tally) => Promise<() => Promise<void>>> = {
  roadstream: drainWithRoadstream,
  published: drainWithRoadstream,
  tracked: drainWithRoadstream,
  bullmq: drainWithBullmq,
  bare: drainWithBare,
};

process.once('message', (order: Order) => {
  void run(order).then((account) => {
    process.send?.(account, () => process.exit(0));
  });
});
process.send?.('ready');

async function run(order: Order): Promise<Account> {
  const writes = countSocketWrites();
  const starts: Record<string, number> = {};
  let seen = 0;
  let begin = { at: 0, cpu: process.cpuUsage(), writes: 0 };
  let finish: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (finish = resolve));
  const started = (name: () => string): void => {
    if (order.noteStarts) starts[name()] = performance.timeOrigin + performance.now();
    seen += 1;
    if (seen === order.warmUp) {
      begin = { at: performance.now(), cpu: process.cpuUsage(), writes: writes() };
      process.send?.('warm');
    }
    if (seen === order.jobs) finish();
  };
  const stop = await DRAIN[order.engine](order, { total: order.jobs, started, done });
  await done;
  const cpu = process.cpuUsage(begin.cpu);
  const account = {
    seconds: (performance.now() - begin.at) / 1_000,
    cpuMicros: cpu.user + cpu.system,
    socketWrites: writes() - begin.writes,
    rssBytes: process.memoryUsage.rss(),
    starts,
  };
  await stop();
  return account;
}

function countSocketWrites(): () => number {
  let count = 0;
  const write = Socket.prototype.write;
  Socket.prototype.write = function counted(this: Socket, ...args: Parameters<typeof write>) {
    count += 1;
    return write.apply(this, args);
  } as typeof write;
  return () => count;
}
