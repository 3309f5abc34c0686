import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { Redis } from 'ioredis';
import { RedisServer } from './redis-server.js';

/** How a suite shares its server. */
interface Sharing {
  /** Empties the server before each test. */
  flush?: boolean;
  /**
   * Ends what the suite has running on the server, before the server stops. For suites with hooks beside this call: Jest
   * calls hooks of one level in the order they are written, those of a `describe` before those of the file.
   */
  endFirst?: () => unknown;
}

/** A redis-server for a suite: up before its first test, gone after its last. `redis` is a client of it. */
export function useRedis({ flush = false, endFirst }: Sharing = {}): { server: RedisServer; redis: Redis } {
  const server = new RedisServer();
  const redis = server.client();
  beforeAll(() => server.up());
  if (flush) beforeEach(() => redis.flushall());
  afterAll(async () => {
    await endFirst?.();
    await server.stop();
  });
  return { server, redis };
}
