import { beforeAll, describe, expect, it } from '@jest/globals';
import { aclOf, rightsFor } from '../../src/queue/diagnose/rights.js';
import { connect } from '../../src/redis/connection.js';
import { Link } from '../../src/redis/link.js';
import { FleetBook } from '../../src/worker/fleet/fleet-book.js';
import type { WorkerReport } from '../../src/worker/fleet/worker-report.js';
import { EventsApp, INSPECTIONS } from '../events/events-app.js';
import { eventually } from '../support/eventually.js';
import { SseReader } from '../support/sse-reader.js';
import { useRedis } from '../support/use-redis.js';

const QUEUES = ['stream:preprocess', 'stream:assess'].map((stream) => ({
  ...{ lanes: [`${stream}:high`, stream], dlq: `${stream}:dlq`, results: `${stream}:results`, group: 'workers' },
}));
const REPORT: WorkerReport = {
  ...{ name: 'w', kind: 'inspection', host: 'h', version: '1', roles: ['inspect'], state: 'running', claiming: true },
  ...{ limit: 2, inUse: 0, heldBackBecause: [], jobs: [], loopDelayMs: 0 },
};

const links: Link[] = [];
let app: EventsApp;
const { server, redis } = useRedis({
  endFirst: async () => {
    await app.stop();
    await Promise.all(links.map((link) => link.close()));
  },
});

function bookFor(username: string): FleetBook {
  const link = new Link(connect({ url: server.url, username, password: 'p' }, 'producer'));
  links.push(link);
  return new FleetBook(link, 'inspection', INSPECTIONS);
}

describe('the smallest rights', () => {
  beforeAll(async () => {
    for (const [user, runsJobs] of [
      ['runs', true],
      ['asks', false],
    ] as const) {
      await redis.call('ACL', 'SETUSER', user, 'on', '>p', ...aclOf(rightsFor(runsJobs, QUEUES)).split(' '));
    }
    app = await EventsApp.start(server.url.replace('redis://', 'redis://asks:p@'));
  });

  it('are enough for a worker to say how it is and hear what it is told, and for others to see and tell it', async () => {
    const [runs, asks] = [bookFor('runs'), bookFor('asks')];
    expect(await runs.beat(REPORT, 0, true)).toBeUndefined();
    expect(await asks.list()).toMatchObject([{ report: REPORT, carriedOut: 0 }]);
    expect(await asks.list('w')).toHaveLength(1);
    const first = await asks.order('w', { concurrency: 3 });
    const second = await asks.order('w', { paused: true });
    expect(second).toBeGreaterThan(first ?? Infinity);
    expect(await runs.beat(REPORT, 0, false)).toEqual({ id: second, order: { concurrency: 3, paused: true } });
    expect(await runs.beat(REPORT, second ?? 0, false)).toBeUndefined();
    expect(await asks.order('nobody', { paused: true })).toBeUndefined();
    await runs.leave(REPORT);
    expect(await asks.list()).toEqual([]);
  });

  it('are enough to listen, and to be told what was missed', async () => {
    const reader = await SseReader.open(`${app.url}/api/v1/events`);
    await eventually('it hears', async () => {
      await app.tell({ type: 'queue.changed', data: { kind: 'inspection' } });
      return reader.events.length > 0;
    });
    reader.close();
    await app.tell({ type: 'queue.changed', data: { kind: 'last' } });
    const again = await SseReader.open(`${app.url}/api/v1/events`, { 'Last-Event-ID': reader.lastId ?? '' });
    await again.first('the last', ({ data }) => data['kind'] === 'last');
    again.close();
  });

  it('bound what is known of workers: who invents names fills no memory', async () => {
    const runs = bookFor('runs');
    for (let i = 0; i < 1_020; i += 1) await runs.beat({ ...REPORT, name: `w${i}` }, 0, true);
    expect(await redis.zcard('{stream:preprocess}:beats')).toBe(1_000);
    expect(await redis.hlen('{stream:preprocess}:workers')).toBe(1_000);
    expect(await runs.list()).toHaveLength(1_000);
    expect(await redis.pttl('{stream:preprocess}:workers')).toBeGreaterThan(0);
  });
});
