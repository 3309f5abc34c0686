import { setTimeout as after } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { running } from '../../demo/processes.js';
import { loadConfig } from '../../src/config/config.js';
import { readEnvironment } from '../../src/config/sources/environment.js';
import { stackSet } from '../places.js';
import { readStackFile, type StackFile } from '../stack-file.js';
import { Book } from './book.js';
import type { Entrance } from './formats.js';
import { Listener } from './listener.js';
import { ResultsWatch } from './results.js';
import { Sender, type Plan } from './sender.js';
import { Surroundings } from './surroundings.js';
import { verdictOf } from './verdict.js';

/** A load is over when nothing of it has ended for so long, ms: longer than a killed worker's leases are held. */
const STANDSTILL_MS = 360_000;
/** What ends twice does so soon after. */
const LATECOMERS_MS = 2_000;
const LOOK_EVERY_MS = 250;
const TELL_EVERY_MS = 5_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const { plan, mostMb } = wishes();
  const stack = readStackFile();
  if (stack === undefined || running(stackSet()) === undefined) {
    say('No stack is up. Start it with: npm run stack');
    return 1;
  }
  if (plan.stubRate > 0 && !stack.stub) {
    say('The workers of this stack watch every road. End it, and start it with: npm run stack -- --stub');
    return 1;
  }
  return check({ ...plan, playlist: stack.sample }, mostMb, stack);
}

async function check(plan: Plan, mostMb: number, stack: StackFile): Promise<number> {
  const { queue, access } = loadConfig(readEnvironment());
  const [redis, reader] = [new Redis(stack.redis), new Redis(stack.redis)];
  const entrance: Entrance = {
    ...{ redis, api: stack.api, token: access.controlToken },
    lanes: [queue.highStream, queue.stream],
  };
  const book = new Book();
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  try {
    const results = await ResultsWatch.open(reader, queue.resultsStream, book);
    const listener = await Listener.open(entrance, book);
    const around = await Surroundings.open(stack.prometheus);
    say(`Sending for ${plan.durationMs / 1_000} s…`);
    const telling = setInterval(() => say(`  ${book.jobs.size} sent, ${book.waiting} not over`), TELL_EVERY_MS);
    await new Sender(plan, entrance, book).run(stop.signal);
    await ended(book);
    await after(LATECOMERS_MS);
    clearInterval(telling);
    await Promise.all([results.close(), listener.close(), around.close()]);
    const { memory, rang, blind } = around;
    const { lines, faults } = verdictOf({ book, resyncs: listener.resyncs, memory, rang, blind }, mostMb);
    for (const line of lines) say(line);
    for (const fault of faults) say(`FAULT: ${fault}`);
    say(faults.length === 0 ? 'Passed: every accepted job ended once.' : `Failed: ${faults.length} faults.`);
    return faults.length === 0 ? 0 : 1;
  } finally {
    redis.disconnect();
    reader.disconnect();
  }
}

/** Waits until every job is over, or nothing moves any more. */
async function ended(book: Book): Promise<void> {
  let [least, since] = [book.waiting, Date.now()];
  while (book.waiting > 0 && Date.now() - since < STANDSTILL_MS) {
    if (book.waiting < least) [least, since] = [book.waiting, Date.now()];
    await after(LOOK_EVERY_MS);
  }
}

function wishes(): { plan: Omit<Plan, 'playlist'>; mostMb: number } {
  const { values } = parseArgs({
    options: {
      duration: { type: 'string', default: '60' },
      stub: { type: 'boolean', default: false },
      rate: { type: 'string', default: '50' },
      'real-every': { type: 'string', default: '10' },
      'memory-mb': { type: 'string', default: '1500' },
    },
  });
  const [duration, rate, realEvery, mostMb] = [
    positive('--duration', values.duration),
    positive('--rate', values.rate),
    positive('--real-every', values['real-every']),
    positive('--memory-mb', values['memory-mb']),
  ];
  const plan = {
    run: `load-${Date.now().toString(36)}`,
    ...{ durationMs: duration * 1_000, realEveryMs: realEvery * 1_000, stubRate: values.stub ? rate : 0 },
  };
  return { plan, mostMb };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  say(`${name} is ${text}; it must be a number above 0.`);
  process.exit(1);
}

process.exit(await main());
