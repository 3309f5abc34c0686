import { describe, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { testQueue, testStreams } from '../support/test-engine.js';
import { useRedis } from '../support/use-redis.js';

const { server, redis } = useRedis();

describe('a queue that is opened', () => {
  /** Connections of the queue: for commands, for reads, and the one of the thread that renews leases. */
  const connections = async (): Promise<number> =>
    String(await redis.client('LIST')).split('name=roadstream:').length - 1;

  it('twice at the same moment renews its leases by one thread, which ends with it', async () => {
    const queue = testQueue(server.url, testStreams());
    await Promise.all([queue.open(), queue.open()]);
    await eventually('the thread renews', async () => (await connections()) >= 3);
    await queue.open();
    await queue.close();
    await eventually('all have gone', async () => (await connections()) === 0);
  });

  it('and closed at the same moment leaves nothing behind', async () => {
    const queue = testQueue(server.url, testStreams());
    const opened = queue.open().then(
      () => 'opened',
      () => 'closed',
    );
    await queue.close();
    await opened;
    await eventually('all have gone', async () => (await connections()) === 0);
  });
});
