import { beforeEach, describe, expect, it } from '@jest/globals';
import { UNTOLD } from '../../src/lib/repeating.js';
import { Follower } from '../../src/queue/results/follower.js';
import { ResultsFeed } from '../../src/queue/results/results-feed.js';
import { connect } from '../../src/redis/connection.js';
import { Link } from '../../src/redis/link.js';
import { eventually } from '../support/eventually.js';
import { useRedis } from '../support/use-redis.js';

const STREAM = 'stream:preprocess:results';
const GROUP = 'ledger';

const { server, redis } = useRedis({ flush: true, endFirst: () => link?.close() });
let link: Link | undefined;
let feed: ResultsFeed;

beforeEach(async () => {
  link ??= new Link(connect({ url: server.url }, 'commands'));
  feed = new ResultsFeed(link, { stream: STREAM, group: GROUP, consumer: 'me', from: 'start' });
  await feed.next(1);
});

async function publish(count: number): Promise<void> {
  for (let i = 1; i <= count; i += 1) await redis.xadd(STREAM, '*', 'jobId', `job-${i}`);
}

const namesOf = (results: readonly { fields: Record<string, string> }[]) =>
  results.map(({ fields }) => fields['jobId']);

/** Follows until all but those that are refused are done; gives what was acted on, in its order. */
async function follow(refuse: (jobId: string, times: number) => boolean, left: number): Promise<string[]> {
  const acted: string[] = [];
  const act = async ({ id, fields: { jobId = '' } }: { id: string; fields: Record<string, string> }) => {
    acted.push(jobId);
    if (refuse(jobId, acted.filter((name) => name === jobId).length)) throw new Error('Redis is away');
    await feed.done(id);
  };
  const follower = new Follower(feed, act, UNTOLD, 5);
  follower.start();
  await eventually('it has done what it can', async () => {
    const [group] = (await redis.xinfo('GROUPS', STREAM)) as [unknown[]];
    const of = (name: string) => group[group.indexOf(name) + 1];
    return of('lag') === 0 && of('pending') === left;
  });
  await follower.stop();
  return acted;
}

describe('results that are followed', () => {
  it('come again at once, and in their order, when the answer that held them was lost', async () => {
    await publish(3);
    // Given to us by Redis, and never heard of.
    await redis.xreadgroup('GROUP', GROUP, 'me', 'COUNT', 2, 'STREAMS', STREAM, '>');
    expect(namesOf(await feed.next(10))).toEqual(['job-3']);
    feed.lookBack();
    expect(namesOf(await feed.next(10))).toEqual(['job-1', 'job-2', 'job-3']);
    expect(await feed.next(10)).toEqual([]);
  });

  it('come again after Redis was away, without the half minute that another reader waits', async () => {
    await publish(2);
    await redis.xreadgroup('GROUP', GROUP, 'me', 'COUNT', 2, 'STREAMS', STREAM, '>');
    await redis.call('CONFIG', 'SET', 'min-replicas-to-write', '1');
    await expect(feed.next(10)).rejects.toThrow();
    await redis.call('CONFIG', 'SET', 'min-replicas-to-write', '0');
    expect(namesOf(await feed.next(10))).toEqual(['job-1', 'job-2']);
  });

  it('are acted on in their order though one of them had to be tried again', async () => {
    await publish(4);
    const acted = await follow((jobId, times) => jobId === 'job-2' && times === 1, 0);
    expect(acted).toEqual(['job-1', 'job-2', 'job-2', 'job-3', 'job-4']);
  });

  it('are not kept up by one that nobody can act on', async () => {
    await publish(4);
    const acted = await follow((jobId) => jobId === 'job-2', 1);
    expect(acted).toEqual(['job-1', 'job-2', 'job-2', 'job-3', 'job-4']);
  });
});
