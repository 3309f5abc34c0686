import type { Delivery } from '../job-queue.js';
import type { Connection } from './connection.js';
import type { ConsumerGroup } from './group.js';
import { laneAt, toDeliveries, toDelivery, type RawEntry, type ReadReply } from './replies.js';
import { runScript } from './scripts.js';
import type { RedisQueueSettings } from './settings.js';

/**
 * Takes new deliveries without waiting, never more than asked for. A script goes lane by lane, the urgent ones first;
 * reading the plain lane alone is cheaper, and right as long as the urgent ones were found empty a moment ago.
 */
export class Claimer {
  /** ms since the epoch */
  private urgentEmptyUntil = 0;
  private readonly plainLane: string;

  constructor(
    private readonly connection: Connection,
    private readonly group: ConsumerGroup,
    private readonly settings: RedisQueueSettings,
  ) {
    this.plainLane = settings.names.lanes.at(-1) as string;
  }

  async claim(count: number): Promise<Delivery[]> {
    if (this.settings.names.lanes.length === 1 || Date.now() < this.urgentEmptyUntil) return this.fromPlainLane(count);
    const deliveries = await this.laneByLane(count);
    const urgent = deliveries.filter(({ lane }) => lane !== this.plainLane).length;
    if (urgent < count) this.urgentEmptyUntil = Date.now() + this.settings.urgentCheckMs;
    return deliveries;
  }

  private async laneByLane(count: number): Promise<Delivery[]> {
    const { names, consumer } = this.settings;
    const args = [names.group, consumer, count];
    const taken = await this.group.with(() => runScript(this.connection, 'claim', names.lanes, args));
    return (taken as [lane: number, entries: RawEntry[]][]).flatMap(([lane, entries]) =>
      entries.map((entry) => toDelivery(laneAt(names.lanes, lane), entry, 1)),
    );
  }

  private async fromPlainLane(count: number): Promise<Delivery[]> {
    const { names, consumer } = this.settings;
    const args = readArgs([this.plainLane], names.group, consumer, count);
    const reply = await this.group.with(() => this.connection.callBuffer('XREADGROUP', args));
    return toDeliveries(reply as ReadReply);
  }
}

/** The arguments of `XREADGROUP` for new entries, at most `count` of each lane; without `blockMs` it does not wait. */
export function readArgs(
  lanes: readonly string[],
  group: string,
  consumer: string,
  count: number,
  blockMs?: number,
): string[] {
  const block = blockMs === undefined ? [] : ['BLOCK', String(Math.max(1, Math.round(blockMs)))];
  const news = lanes.map(() => '>');
  return ['GROUP', group, consumer, 'COUNT', String(count), ...block, 'STREAMS', ...lanes, ...news];
}
