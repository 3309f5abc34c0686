import type { Delivery } from '../job-queue.js';
import type { Connection } from './connection.js';
import type { ConsumerGroup } from './group.js';
import { laneAt, toDelivery, toDeliveries, type RawEntry, type ReadReply } from './replies.js';
import { runScript } from './scripts.js';
import type { RedisQueueSettings } from './settings.js';

/**
 * Takes new deliveries without waiting. One read of all lanes together is cheapest, but `COUNT` is for each lane: it
 * may bring too many as soon as urgent entries are about. So while they are, a script goes lane by lane.
 */
export class Claimer {
  private isUrgentAbout = true;

  constructor(
    private readonly connection: Connection,
    private readonly group: ConsumerGroup,
    private readonly settings: RedisQueueSettings,
  ) {}

  async claim(count: number): Promise<Delivery[]> {
    const take = this.isUrgentAbout ? this.laneByLane(count) : this.together(count);
    const deliveries = await take;
    const plainLane = this.settings.names.lanes.at(-1);
    this.isUrgentAbout = deliveries.some(({ lane }) => lane !== plainLane);
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

  private async together(count: number): Promise<Delivery[]> {
    const { names, consumer } = this.settings;
    const read = (): Promise<unknown> =>
      this.connection.callBuffer('XREADGROUP', readArgs(names.lanes, names.group, consumer, count));
    return toDeliveries((await this.group.with(read)) as ReadReply);
  }
}

/** The arguments of `XREADGROUP` for new entries of all lanes; without `blockMs` it does not wait. */
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
