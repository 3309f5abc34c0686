import { beforeEach, describe, expect, it } from '@jest/globals';
import { MACHINE_CLOCK } from '../../src/lib/clock.js';
import { JobProducer } from '../../src/queue/job-producer.js';
import { connect } from '../../src/redis/connection.js';
import { Link } from '../../src/redis/link.js';
import { EndpointStates } from '../../src/webhooks/endpoints/endpoint-states.js';
import { Endpoints } from '../../src/webhooks/endpoints/endpoint.js';
import { hookEventOf, type HookEvent } from '../../src/webhooks/follow/hook-event.js';
import { HookWriter, type CallFate } from '../../src/webhooks/follow/hook-writer.js';
import { useRedis } from '../support/use-redis.js';

const STREAM = 'stream:webhooks';
const ENDPOINT = {
  ...{ name: 'desk', url: 'https://desk.example/jobs', addsJobId: false, secrets: [] },
  ...{ events: undefined, cameras: undefined },
};
const DAY_MS = 86_400_000;

const { server, redis } = useRedis({ flush: true, endFirst: () => link?.close() });
let link: Link | undefined;
let states: EndpointStates;
let fates: CallFate[];
let full: string[];

beforeEach(() => {
  link ??= new Link(connect({ url: server.url }, 'producer'));
  states = new EndpointStates(link, { stream: STREAM, group: 'callers' }, MACHINE_CLOCK);
  [fates, full] = [[], []];
});

function writer(most: { waiting: number; undelivered: number }): HookWriter {
  const names = { lanes: [STREAM], dlq: `${STREAM}:dlq`, group: 'callers' };
  const events = { written: (fate: CallFate) => fates.push(fate), full: (receiver: string) => full.push(receiver) };
  const endpoints = new Endpoints([ENDPOINT], []);
  const undelivered = () => redis.xlen(STREAM);
  return new HookWriter(new JobProducer(link!, names), endpoints, states, events, MACHINE_CLOCK, undelivered, most);
}

const event = (n: number): HookEvent => hookEventOf('inspection', `${n}-0`, { jobId: `job-${n}`, cctvId: 'cam' })!;

describe('calls that are to be made', () => {
  it('are one for each event, however often it comes', async () => {
    const some = writer({ waiting: 10, undelivered: 10 });
    for (const n of [1, 2, 1]) await some.write(event(n));
    expect(fates).toEqual(['queued', 'queued', 'repeated']);
    expect(await redis.xlen(STREAM)).toBe(2);
  });

  it('are bounded while nobody makes them, and told of', async () => {
    const some = writer({ waiting: 10, undelivered: 3 });
    for (const n of [1, 2, 3, 4, 5]) await some.write(event(n));
    expect(fates).toEqual(['queued', 'queued', 'queued', 'full', 'full']);
    expect(full).toEqual(['desk', 'desk']);
    expect(await redis.xlen(STREAM)).toBe(3);
  });

  it('are bounded for each receiver that is waited for', async () => {
    await redis.sadd(`{${STREAM}}:held:callers:desk`, '1-0', '2-0');
    const waiting = await states.waitingFor('desk');
    await writer({ waiting: 2, undelivered: 10 }).write(event(1));
    expect([waiting, fates]).toEqual([2, ['full']]);
  });

  it('are none while the receiver is off, which it stays as long as anybody asks', async () => {
    await states.switchOff(ENDPOINT, { code: 'WEBHOOK_GONE', message: 'It answered 410.' });
    const [key = ''] = await redis.keys('*endpoints*');
    await redis.pexpire(key, 60_000);
    await writer({ waiting: 10, undelivered: 10 }).write(event(1));
    expect(fates).toEqual(['off']);
    expect(await redis.pttl(key)).toBeGreaterThan(29 * DAY_MS);
  });
});
