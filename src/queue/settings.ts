import type { QueueNames } from '../job/kind.js';
import type { LetterBounds } from './dead-letters/letter-keeper.js';
import type { RedisSettings } from '../redis/connection.js';

/** All that the Redis Streams queue needs to know. Times in ms. */
export interface RedisQueueSettings {
  redis: RedisSettings;
  names: QueueNames;
  /** This process's name in the group. */
  consumer: string;
  /** A pending entry that nobody renewed for so long may be taken over. */
  visibilityMs: number;
  /** Under load the urgent lanes are looked at so often; 0: with every claim. */
  urgentCheckMs: number;
  /** Acknowledged entries stay in their stream for so long. */
  retentionMs: number;
  /** Results stay in theirs for so long; as long as entries if left out. */
  resultsKeepMs?: number;
  /** Dead letters stay in theirs so; for ever if left out. */
  letters?: LetterBounds;
  /** The status of a job that clients asked for is kept for so long after its end; a day if left out. */
  statusKeepMs?: number;
  /** An entry that holds more is never read, bytes. */
  maxEntryBytes: number;
  /** Leases are renewed up to this age of a delivery: a job that never ends is not kept for ever. */
  longestRunMs: number;
}

/** How long results stay, ms. */
export function resultsKeptMs({ retentionMs, resultsKeepMs = retentionMs }: RedisQueueSettings): number {
  return resultsKeepMs;
}

/** A consumer that holds nothing and was silent for so long is gone: living ones talk every second. */
export function goneAfterMs(visibilityMs: number): number {
  return Math.max(60_000, 2 * visibilityMs);
}

/** Leases are renewed this often. A quarter leaves three tries before a lease runs out. */
export function renewalEveryMs(visibilityMs: number): number {
  return Math.max(100, Math.floor(visibilityMs / 4));
}

/**
 * The longest wait between two tries to reach Redis for renewals. After an outage of less than 0.6 of the visibility
 * timeout nobody gets a grace period, and a lease may be a quarter of it old to begin with: this keeps within the rest.
 */
export function leaseReconnectWaitMs(visibilityMs: number): number {
  return Math.min(2_000, Math.max(100, Math.floor(visibilityMs / 10)));
}
