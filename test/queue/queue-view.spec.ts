import { describe, expect, it } from '@jest/globals';
import { QueueView } from '../../src/queue/queue-view.js';
import { connect, type Connection } from '../../src/redis/connection.js';
import { useRedis } from '../support/use-redis.js';

let connection: Connection | undefined;
const { server, redis } = useRedis({ endFirst: () => connection?.disconnect() });
const GROUP = 'workers';
const MANY = 450;

/** A view of a stream of which some entries wait and the others run. Gives what waits, in order. */
async function mixed(stream: string, waits: (n: number) => boolean): Promise<{ view: QueueView; ids: string[] }> {
  await redis.xgroup('CREATE', stream, GROUP, '0', 'MKSTREAM');
  const ids: string[] = [];
  for (let n = 0; n < MANY; n += 1) {
    const id = (await redis.xadd(stream, '*', 'jobId', `job-${n}`)) as string;
    await redis.xreadgroup('GROUP', GROUP, waits(n) ? 'waiting' : 'worker', 'COUNT', 1, 'STREAMS', stream, '>');
    if (waits(n)) ids.push(id);
  }
  connection ??= connect({ url: server.url }, 'commands');
  return { view: new QueueView(connection, { lanes: [stream], dlq: `${stream}:dlq`, group: GROUP }, 1_000), ids };
}

describe('what waits in a queue', () => {
  it.each([
    ['close together', () => true],
    ['far apart', (n: number) => n % 40 === 3],
    ['here and there', (n: number) => n % 3 === 0 || (n > 100 && n < 140)],
    ['at the ends', (n: number) => n < 5 || n > MANY - 5],
  ])('is seen whole and in order, lying %s', async (how, waits) => {
    const { view, ids } = await mixed(how, waits);
    const seen = await view.waitingAfter(how, undefined, 1_000);
    expect(seen.map(({ entryId }) => entryId)).toEqual(ids);
    const [, after = ''] = ids;
    expect((await view.waitingAfter(how, after, 2)).map(({ entryId }) => entryId)).toEqual(ids.slice(2, 4));
    expect(await view.running(1_000)).toHaveLength(MANY - ids.length);
  });

  it('leaves out what was removed, and reads nothing too large', async () => {
    const { view, ids } = await mixed('gaps', (n) => n % 2 === 0);
    const removed = ids.filter((_, at) => at % 5 === 1);
    await redis.xdel('gaps', ...removed);
    const large = (await redis.xadd('gaps', '*', 'jobId', 'x'.repeat(2_000))) as string;
    await redis.xreadgroup('GROUP', GROUP, 'waiting', 'COUNT', 1, 'STREAMS', 'gaps', '>');
    const seen = await view.waitingAfter('gaps', undefined, 1_000);
    expect(seen.map(({ entryId }) => entryId)).toEqual([...ids.filter((id) => !removed.includes(id)), large]);
    expect(seen.at(-1)?.payload).toEqual([]);
    // A page is short only when there are no more.
    expect(await view.waitingAfter('gaps', undefined, 50)).toHaveLength(50);
  });
});
