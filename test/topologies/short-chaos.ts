import { setTimeout as after } from 'node:timers/promises';
import type { Cluster, Redis } from 'ioredis';
import { eventually } from '../support/eventually.js';
import { GROUP, testStreams } from '../support/test-engine.js';
import { Fleet } from './fleet.js';

/** Every so manieth job cannot be done and is set aside. */
const HOPELESS_EVERY = 10;

/** What became of the jobs of a run. */
export interface Result {
  accepted: string[];
  /** As often as each was done. */
  done: string[];
  /** Names of the jobs in the dead-letter stream. */
  dead: string[];
}

/**
 * The chaos suite in short form: jobs keep coming while workers run them and `disturb` does its worst. `accept` decides
 * whether an entry that Redis took counts as accepted.
 */
export async function shortChaos(
  url: string,
  redis: Redis | Cluster,
  jobs: number,
  disturb: (fleet: Fleet, stream: string) => Promise<void>,
  accept: () => Promise<boolean> = () => Promise.resolve(true),
): Promise<Result> {
  const streams = testStreams();
  const fleet = new Fleet(url, streams);
  for (let i = 0; i < 3; i += 1) fleet.add();
  const accepted: string[] = [];
  const produce = async (): Promise<void> => {
    for (let i = 0; i < jobs; i += 1) {
      const lane = i % 5 === 0 ? streams.high : streams.stream;
      const fields = [
        'jobId',
        `job-${i}`,
        'ms',
        20 + (i % 7) * 30,
        'hopeless',
        i % HOPELESS_EVERY === 0 ? 'yes' : 'no',
      ];
      // What Redis refuses in the middle of trouble was not accepted; a producer would try again.
      const wasAdded = await redis.xadd(lane, '*', ...fields).then(
        () => accept(),
        () => false,
      );
      if (wasAdded) accepted.push(`job-${i}`);
      await after(25);
    }
  };
  await Promise.all([produce(), disturb(fleet, streams.stream)]);
  await eventually('nothing is left to do', () => isEmpty(redis, [streams.high, streams.stream]), 60_000);
  await fleet.stop();
  const letters = await redis.xrange(streams.dlq, '-', '+');
  return { accepted, done: fleet.done, dead: letters.map(([, fields]) => fields[1] as string) };
}

async function isEmpty(redis: Redis | Cluster, lanes: readonly string[]): Promise<boolean> {
  const left = await Promise.all(lanes.map((lane) => leftOn(redis, lane))).catch(() => [1]);
  return left.every((count) => count === 0);
}

/** Entries not delivered yet, or pending. */
async function leftOn(redis: Redis | Cluster, lane: string): Promise<number> {
  const groups = (await redis.xinfo('GROUPS', lane)) as (string | number | null)[][];
  const group = groups.find((flat) => flat[1] === GROUP) ?? [];
  const valueOf = (name: string): string | number | null => group[group.indexOf(name) + 1] ?? null;
  const unread = await redis.xrange(lane, `(${String(valueOf('last-delivered-id'))}`, '+', 'COUNT', 1);
  return unread.length + Number(valueOf('pending'));
}
