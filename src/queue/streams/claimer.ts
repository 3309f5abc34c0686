import type { Delivery } from '../job-queue.js';
import type { Connection } from '../../redis/connection.js';
import type { ConsumerGroup } from './group.js';
import type { LaneKeys } from '../lane-keys.js';
import { toClaimed } from '../replies.js';
import { runScript } from '../scripts.js';
import type { RedisQueueSettings } from '../settings.js';

/**
 * Takes new deliveries without waiting, never more than asked for: lane by lane, the urgent ones first. Under load it
 * asks the plain lane alone as long as the urgent ones were found empty a moment ago.
 */
export class Claimer {
  /** ms since the epoch */
  private urgentEmptyUntil = 0;
  private readonly plainLane: LaneKeys;

  constructor(
    private readonly connection: Connection,
    private readonly group: ConsumerGroup,
    private readonly lanes: readonly LaneKeys[],
    private readonly settings: RedisQueueSettings,
  ) {
    this.plainLane = lanes.at(-1) as LaneKeys;
  }

  async claim(count: number): Promise<Delivery[]> {
    if (this.lanes.length === 1 || Date.now() < this.urgentEmptyUntil) return this.from([this.plainLane], count);
    const deliveries = await this.from(this.lanes, count);
    const urgent = deliveries.filter(({ lane }) => lane !== this.plainLane.stream).length;
    if (urgent < count) this.urgentEmptyUntil = Date.now() + this.settings.urgentCheckMs;
    return deliveries;
  }

  private async from(lanes: readonly LaneKeys[], count: number): Promise<Delivery[]> {
    const { names, consumer, maxEntryBytes } = this.settings;
    const keys = lanes.flatMap(({ stream, record }) => [stream, record]);
    const args = [names.group, consumer, count, maxEntryBytes];
    const reply = await this.group.with(() => runScript(this.connection, 'claim', keys, args));
    return toClaimed(
      reply,
      lanes.map(({ stream }) => stream),
    );
  }
}
