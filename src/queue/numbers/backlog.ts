import type { Connection } from '../../redis/connection.js';
import { runScript } from '../scripts.js';
import { isBefore } from './entry-id.js';
import type { LaneFacts } from './lane-facts.js';

/** More are not counted one by one. */
const COUNTED_TO = 10_000;
/** Counted by one call, so that Redis is never held up. */
const PAGE = 1_000;
/** A number that was not counted to its end is looked at again before this much of what was counted is gone. */
const RECOUNT_BELOW = COUNTED_TO / 2;

type Facts = Pick<
  LaneFacts,
  'length' | 'added' | 'first' | 'lastGenerated' | 'maxDeleted' | 'lastDelivered' | 'read' | 'claimed'
>;

/** What was known at the last look. */
interface Known {
  readonly facts: Facts;
  readonly count: number;
  /** So many there are at least. The same as `count` when that is exact. */
  readonly atLeast: number;
}

/**
 * How many entries of a stream a group was not given yet. Redis' own number is not taken on trust: it has none after an undelivered
 * entry was deleted, and Redis 7 goes on counting entries that were trimmed before they were read (redis/redis #13957). So
 * they are counted once, and from then on what was added and read since is added up, which costs nothing. Counted again is
 * only when that may be wrong: entries that were not delivered may have left the stream, or Redis lost count of what was read.
 * Exact up to 10,000; beyond, Redis' number if it can be true.
 */
export class Backlog {
  private known: Known | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly stream: string,
  ) {}

  /** @param facts of this moment */
  async count(facts: Facts): Promise<number> {
    const plain = plainCount(facts);
    this.known =
      plain === undefined ? (this.since(facts) ?? (await this.look(facts))) : { facts, count: plain, atLeast: plain };
    return this.known.count;
  }

  /** By what is known from the last look; undefined when that is not enough. */
  private since(facts: Facts): Known | undefined {
    if (this.known === undefined) return undefined;
    const change = changeSince(this.known.facts, facts);
    if (change === undefined) return undefined;
    const { count, atLeast } = this.known;
    const isExact = count === atLeast;
    const next = { facts, count: count + change, atLeast: Math.min(count, atLeast) + change };
    return next.atLeast < 0 || (!isExact && next.atLeast < RECOUNT_BELOW) ? undefined : next;
  }

  private async look(facts: Facts): Promise<Known> {
    const { claimed, length } = facts;
    const most = Math.min(claimed ?? COUNTED_TO, length, COUNTED_TO);
    const counted = await this.countUpTo(most, facts);
    if (counted < COUNTED_TO) return { facts, count: counted, atLeast: counted };
    const count = Math.max(counted, Math.min(claimed ?? counted, length));
    return { facts, count, atLeast: counted };
  }

  private async countUpTo(most: number, { lastDelivered, lastGenerated }: Facts): Promise<number> {
    let count = 0;
    for (let from = lastDelivered; count < most;) {
      const args = [from, lastGenerated, Math.min(PAGE, most - count)];
      const reply = await runScript(this.connection, 'undelivered', [this.stream], args);
      const [found, last] = reply as [number, Buffer | null];
      count += found;
      if (last === null) return count;
      from = last.toString('latin1');
    }
    return count;
  }
}

/** Where there is nothing to count: all was delivered, or nothing of what is there. */
function plainCount({ length, first, lastGenerated, lastDelivered }: Facts): number | undefined {
  if (first === undefined || !isBefore(lastDelivered, lastGenerated)) return 0;
  return isBefore(lastDelivered, first) ? length : undefined;
}

/** How the number changed between two looks; undefined when these facts do not tell. */
function changeSince(then: Facts, now: Facts): number | undefined {
  if (then.added === undefined || now.added === undefined || now.added < then.added) return undefined;
  if (isBefore(now.lastDelivered, then.lastDelivered) || mayHaveLeft(then, now)) return undefined;
  const read = readSince(then, now);
  return read === undefined ? undefined : now.added - then.added - read;
}

/** Whether entries that were not delivered may have left the stream in between. */
function mayHaveLeft(then: Facts, now: Facts): boolean {
  const removed = ({ added = 0, length }: Facts): number => added - length;
  if (removed(now) === removed(then)) return false;
  if (now.first === undefined || isBefore(then.lastDelivered, now.first)) return true;
  return now.maxDeleted === undefined || isBefore(then.lastDelivered, now.maxDeleted);
}

function readSince(then: Facts, now: Facts): number | undefined {
  if (then.lastDelivered === now.lastDelivered) return 0;
  // While a deleted entry lies ahead of the group Redis guesses what was read.
  const isGuess = now.maxDeleted === undefined || isBefore(then.lastDelivered, now.maxDeleted);
  if (isGuess || then.read === undefined || now.read === undefined || now.read <= then.read) return undefined;
  return now.read - then.read;
}
