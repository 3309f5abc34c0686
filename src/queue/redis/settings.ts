import type { RedisSettings } from './connection.js';
import type { QueueNames } from './keys.js';

/** All that the Redis Streams queue needs to know. Times in ms. */
export interface RedisQueueSettings {
  redis: RedisSettings;
  names: QueueNames;
  /** This process's name in the group. */
  consumer: string;
  /** A pending entry that nobody renewed for so long may be taken over. */
  visibilityMs: number;
  /** Leases are renewed up to this age of a delivery: a job that never ends is not kept for ever. */
  longestRunMs: number;
}

/** Leases are renewed this often. A quarter leaves three tries before a lease runs out. */
export function renewalEveryMs(visibilityMs: number): number {
  return Math.max(100, Math.floor(visibilityMs / 4));
}
