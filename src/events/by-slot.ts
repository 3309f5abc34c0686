import { slotOf } from '../queue/one-slot.js';
import type { RedisSettings } from '../redis/connection.js';
import { parseRedisUrl } from '../redis/redis-url.js';
import type { KindEvents } from './blocked-reader.js';

/** Streams in groups that one read can ask for: on a Cluster those of one slot, else all of them. */
export function bySlot(sources: readonly KindEvents[], { url }: Pick<RedisSettings, 'url'>): KindEvents[][] {
  if (parseRedisUrl(url).kind !== 'cluster') return [[...sources]];
  const slots = new Map<number, KindEvents[]>();
  for (const source of sources) {
    const slot = slotOf(source.key);
    slots.set(slot, [...(slots.get(slot) ?? []), source]);
  }
  return [...slots.values()];
}
