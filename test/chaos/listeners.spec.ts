import { setTimeout as after } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { statusKey } from '../../src/queue/status/job-note.js';
import { isEnded } from '../../src/queue/status/job-record.js';
import { EventsApp } from '../events/events-app.js';
import { eventually } from '../support/eventually.js';
import { ReturningListener } from '../support/returning-listener.js';
import { Faults } from './faults.js';
import { Field } from './field.js';
import { Random } from './random.js';

const JOBS = 120;
const WORKERS = 3;
const KILLS = 8;
const LISTENERS = 50;
const VISIBILITY_MS = 4_000;
/** Retries: several kills in a row may meet one job. */
const MANY = 12;
const SEED = jest.getSeed();

jest.setTimeout(180_000);

describe('50 listeners to 120 jobs, while workers and Redis are killed', () => {
  const listeners: ReturningListener[] = [];
  const names = new Array(JOBS).fill(0).map((_, i) => `job-${i}`);
  let field: Field;
  let app: EventsApp;

  beforeAll(async () => {
    field = await Field.prepare();
    const { stream, high, dlq, results } = field.streams;
    app = await EventsApp.start(field.server.url, {
      REDIS_STREAM: stream,
      REDIS_STREAM_HIGH: high,
      REDIS_DLQ_STREAM: dlq,
      RESULTS_STREAM: results,
    });
    for (let i = 0; i < LISTENERS; i += 1)
      listeners.push(new ReturningListener(() => app.url, '?types=job.started,job.completed,job.failed'));
    await eventually('all listen', () => app.streams.size === LISTENERS);
    const fleet = field.fleet({ visibilityMs: VISIBILITY_MS, maxRetry: MANY, publishes: true });
    for (let i = 0; i < WORKERS; i += 1) fleet.add();
    const random = new Random(SEED);
    const faults = new Faults(field, fleet, new Random(SEED + 1));
    await Promise.all([produce(random), faults.kill(KILLS, 3_000), restartTwice(faults)]);
    await field.settled(90_000);
    await fleet.stop();
    await eventually('all is told', () => listeners.every(({ ends }) => new Set(ends).size === JOBS), 30_000);
  });

  afterAll(async () => {
    for (const listener of listeners) listener.close();
    await app.stop();
    await field.clear();
  });

  async function produce(random: Random): Promise<void> {
    for (const [i, jobId] of names.entries()) {
      const fails = i % 20 === 3 ? 'for good' : i % 10 === 1 ? 'once' : 'never';
      await field.enqueue({ jobId, lengthMs: Math.round(30 + 800 * random.next() ** 2), fails, track: '1' });
      await after(200 * random.next());
    }
  }

  async function restartTwice(faults: Faults): Promise<void> {
    for (let i = 0; i < 2; i += 1) {
      await after(7_000);
      await faults.restartRedis();
    }
  }

  it('tell each of them exactly one end of every job', () => {
    for (const { ends } of listeners) expect([...ends].sort()).toEqual([...names].sort());
  });

  it('tell all of them the same, in the same order', () => {
    const [first, ...others] = listeners.map(({ events }) => events.map(({ id }) => id));
    for (const other of others) expect(other).toEqual(first);
    expect(listeners.map(({ resyncs }) => resyncs)).toEqual(new Array(LISTENERS).fill(0));
  });

  it('leave a status of each that says how it ended', async () => {
    const states = await Promise.all(
      names.map((name) => field.redis.hget(statusKey(field.streams.stream, name), 'state')),
    );
    expect(states.filter((state) => !isEnded(state ?? ''))).toEqual([]);
    expect(states.filter((state) => state === 'failed')).toHaveLength(JOBS / 20);
  });
});
