import { beforeAll, expect, it } from '@jest/globals';
import { aclOf, rightsFor } from '../../src/queue/diagnose/rights.js';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';

const namesOf = (stream: string, group: string) => ({
  lanes: [`${stream}:high`, stream],
  ...{ dlq: `${stream}:dlq`, results: `${stream}:results`, group },
});
const QUEUES = [namesOf('stream:preprocess', 'workers'), namesOf('stream:assess', 'assessors')];
const DLQ = 'stream:preprocess:dlq';

let service: Service;
const { server, redis } = useRedis({ endFirst: () => service.stop() });

beforeAll(async () => {
  await redis.call('ACL', 'SETUSER', 'least', 'on', '>p', ...aclOf(rightsFor(false, QUEUES)).split(' '));
  for (const id of ['7-0', '8-0', '9-0']) await redis.xadd(DLQ, id, 'cctvId', 'cam', 'roadstream:code', 'A');
  await redis.xadd('stream:preprocess', '*', 'cctvId', 'cam');
  await redis.xgroup('CREATE', 'stream:preprocess', 'workers', '0');
  const environment = { REDIS_URL: server.url.replace('//', '//least:p@'), ROLES: 'schedule' };
  service = await Service.start(environment);
}, 60_000);

it('the smallest rights of a process that only answers are enough for all lists, numbers and bulk calls', async () => {
  const statusOf = async (path: string, body?: object): Promise<[string, number]> => {
    const headers = { 'content-type': 'application/json' };
    const init = body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) };
    return [path, (await fetch(`${service.url}/api/v1/${path}`, init)).status];
  };
  for (const path of [
    'queue',
    'queue/inspection',
    'dead-letters',
    'dead-letters/7-0',
    'cameras',
    'jobs',
    'workers',
    'findings',
    'findings/counts',
  ])
    expect(await statusOf(path)).toEqual([path, 200]);
  expect(await statusOf('dead-letters/redrive', { id: '7-0' })).toEqual(['dead-letters/redrive', 200]);
  expect(await statusOf('dead-letters/purge', { filter: { all: true }, expect: 2 })).toEqual([
    'dead-letters/purge',
    200,
  ]);
  expect(await redis.xlen(DLQ)).toBe(0);
  const missed = { class: 'D40', box: { x: 0.1, y: 0.1, width: 0.1, height: 0.1 } };
  expect(await statusOf('cameras/cam/findings', missed)).toEqual(['cameras/cam/findings', 201]);
  expect((await service.status()).redisRefuses).toEqual([]);
});
