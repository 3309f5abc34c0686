import type { QueueNames } from '../../job/kind.js';
import type { Clock } from '../../lib/clock.js';
import type { Connection } from '../../redis/connection.js';
import { laneKeys } from '../lane-keys.js';
import { defineScripts } from '../scripts.js';
import { readDeadNumbers, type DeadNumbers } from './dead-numbers.js';
import { LaneCounter, type LaneNumbers } from './lane-numbers.js';
import { readUnreadResults, type UnreadResults } from './unread-results.js';

/** The numbers of a whole queue. */
export interface QueueCount {
  /** The most urgent first. */
  readonly lanes: readonly LaneNumbers[];
  readonly deadLetters: DeadNumbers;
  /** How far those are who read the results. */
  readonly readers: readonly UnreadResults[];
}

/**
 * The numbers of one queue, in a time that does not grow with what waits in it. Whoever looks again uses the same one: it
 * remembers what it counted.
 */
export class QueueNumbers {
  private readonly counters: readonly LaneCounter[];

  /** @param clock by which ages are told: that of Redis */
  constructor(
    private readonly connection: Connection,
    private readonly names: QueueNames,
    private readonly clock: Clock,
  ) {
    defineScripts(connection);
    this.counters = names.lanes.map(
      (lane) => new LaneCounter(connection, laneKeys(lane, names.group), names.group, clock),
    );
  }

  async read(): Promise<QueueCount> {
    const [lanes, deadLetters, readers] = await Promise.all([
      Promise.all(this.counters.map((counter) => counter.read())),
      readDeadNumbers(this.connection, this.names),
      readUnreadResults(this.connection, this.names.results, this.clock.now()),
    ]);
    return { lanes, deadLetters, readers };
  }
}
