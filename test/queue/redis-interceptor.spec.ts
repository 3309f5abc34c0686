import { RedisPing } from '../../src/redis/redis-ping.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defer, lastValueFrom } from 'rxjs';
import { connect } from '../../src/redis/connection.js';
import { Link } from '../../src/redis/link.js';
import { RedisInterceptor } from '../../src/redis/redis.interceptor.js';
import { RedisServer } from '../support/redis-server.js';

const AWAY = { code: 'REDIS_UNREACHABLE', message: expect.stringContaining('Redis cannot be reached') };

describe('a call over HTTP that needs Redis', () => {
  let server: RedisServer;
  let link: Link;
  let interceptor: RedisInterceptor;

  beforeAll(async () => {
    server = await RedisServer.start();
    link = new Link(connect({ url: server.url }, 'producer'));
    interceptor = new RedisInterceptor(new RedisPing(link));
  });
  afterAll(async () => {
    await link.close();
    await server.stop();
  });

  async function call(handler: () => Promise<unknown>): Promise<unknown> {
    return lastValueFrom(await interceptor.intercept({} as never, { handle: () => defer(handler) }));
  }

  it('is answered while Redis is there, and keeps errors of its own', async () => {
    expect(await call(() => link.connection.xlen('a'))).toBe(0);
    await expect(call(() => Promise.reject(new Error('Mine.')))).rejects.toThrow('Mine.');
  });

  it('says that Redis is away when it went away after the call had begun', async () => {
    const died = async (): Promise<unknown> => {
      await server.down('SIGKILL');
      return link.connection.xlen('a');
    };
    await expect(call(died)).rejects.toMatchObject(AWAY);
  });

  it('says so at once while Redis is away', async () => {
    await expect(call(() => Promise.resolve('never'))).rejects.toMatchObject(AWAY);
  });
});
