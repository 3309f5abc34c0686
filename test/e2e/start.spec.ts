import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort, RedisServer } from '../support/redis-server.js';
import { Service } from '../support/service.js';

describe('a start that fails', () => {
  let redis: RedisServer;

  beforeAll(async () => {
    redis = await RedisServer.start();
  });
  afterAll(() => redis.stop());

  it('ends the process when the port is taken, and leaves no worker behind', async () => {
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    const service = await Service.launch({ REDIS_URL: redis.url, PORT: String(port) });
    expect(await service.end()).toBe(1);
    expect(service.output).toContain('EADDRINUSE');
    const groups = await redis
      .client()
      .xinfo('CONSUMERS', 'stream:preprocess', 'workers')
      .catch(() => []);
    expect(groups).toEqual([]);
    other.close();
  });
});
