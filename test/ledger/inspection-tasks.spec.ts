import { ResultsFeed } from '../../src/queue/results/results-feed.js';
import { JobProducer } from '../../src/queue/job-producer.js';
import { describe, expect, it } from '@jest/globals';
import { InspectionTasks } from '../../src/assessment/tasks/inspection-tasks.js';
import { Follower } from '../../src/queue/results/follower.js';
import { connect, type Connection } from '../../src/redis/connection.js';
import { Link } from '../../src/redis/link.js';
import { eventually } from '../support/eventually.js';
import { useRedis } from '../support/use-redis.js';

const RESULTS = 'results';
const NAMES = { lanes: ['assess:high', 'assess'], dlq: 'assess:dlq', group: 'assessors' };

const connections: Connection[] = [];
const { server, redis } = useRedis({ endFirst: () => connections.forEach((connection) => connection.disconnect()) });

function follower(consumer: string): Follower {
  const [reading, writing] = [connect({ url: server.url }, 'commands'), connect({ url: server.url }, 'producer')];
  connections.push(reading, writing);
  const feed = new ResultsFeed(new Link(reading), {
    stream: RESULTS,
    group: 'assessment-tasks',
    consumer,
    from: 'now',
  });
  const tasks = new InspectionTasks(feed, new JobProducer(new Link(writing), NAMES), 'damage');
  return new Follower(feed, (result) => tasks.take(result), { failed: () => {}, recovered: () => {} }, 10);
}

const publish = (jobId: string, detections: number) =>
  redis.xadd(
    RESULTS,
    '*',
    ...['jobId', jobId, 'cctvId', 'cam', 'enqueuedAt', '2026-01-01T10:00:00.000Z', 'artifacts', `p/cam/${jobId}/t/`],
    ...['damageVerdict', 'clear', 'detections', String(detections)],
  );

describe('tasks that inspections become', () => {
  it('are one for each inspection with damage, though two workers look and a result comes twice', async () => {
    const followers = ['a', 'b'].map(follower);
    await publish('before anybody looked', 1);
    followers.forEach((each) => each.start());
    await eventually('the group is there', async () => (await groups()) === 1);
    for (let i = 0; i < 20; i += 1) await publish(`job-${i}`, i % 2);
    await publish('job-1', 1);
    await eventually('all are done with', async () => (await lag()) === 0);
    await Promise.all(followers.map((each) => each.stop()));
    const tasks = (await redis.xrange('assess', '-', '+')).map(([, fields]) => fields);
    expect(tasks).toHaveLength(10);
    expect(tasks[0]).toEqual(
      expect.arrayContaining(['image', 'p/cam/job-1/t/damage_result.jpg', 'jobId', 'job-1.picture']),
    );
  });
});

async function groups(): Promise<number> {
  return ((await redis.xinfo('GROUPS', RESULTS)) as unknown[]).length;
}

async function lag(): Promise<number> {
  const [row] = (await redis.xinfo('GROUPS', RESULTS)) as (string | number)[][];
  const of = (name: string) => Number(row?.[row.indexOf(name) + 1]);
  return of('lag') + of('pending');
}
