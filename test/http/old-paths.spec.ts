import { beforeAll, describe, expect, it } from '@jest/globals';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';

/** Set aside today: older ones are not kept. */
const LETTER = `${Date.now()}-0`;

let service: Service;
const { server, redis } = useRedis({ endFirst: () => service.stop() });

beforeAll(async () => {
  service = await Service.start({ REDIS_URL: server.url });
  await redis.xadd('stream:preprocess:dlq', LETTER, 'cctvId', 'cam', 'roadstream:code', 'A');
}, 60_000);

describe('an old path', () => {
  it.each([
    ['GET', '/cameras', 200, '/api/v1/cameras'],
    ['GET', '/cameras/cam%2E1', 404, '/api/v1/cameras/cam.1'],
    ['GET', '/cameras/a%20b', 400, '/api/v1/cameras/a%20b'],
    ['GET', '/assessments', 200, '/api/v1/jobs?kind=assessment'],
    ['GET', '/control/dlq', 200, '/api/v1/dead-letters'],
    ['GET', `/control/dlq/${LETTER}`, 200, `/api/v1/dead-letters/${LETTER}`],
    ['POST', '/control/dlq/redrive', 400, '/api/v1/dead-letters/redrive'],
    ['DELETE', '/control/dlq', 400, '/api/v1/dead-letters/purge'],
    ['POST', '/control/jobs/job-1/cancel', 202, '/api/v1/jobs/job-1/cancel'],
  ])('answers as it did, and names its successor: %s %s', async (method, path, status, successor) => {
    const answer = await fetch(service.url + path, { method });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('deprecation')).toMatch(/^@\d{10}$/);
    expect(answer.headers.get('link')).toBe(`<${successor}>; rel="successor-version"`);
  });

  it('is deprecated in the description of the calls, too', async () => {
    const { paths } = (await service.json('/docs/openapi.json')) as {
      paths: Record<string, Record<string, { deprecated?: boolean }>>;
    };
    const old = Object.entries(paths).flatMap(([path, calls]) =>
      Object.entries(calls).flatMap(([method, { deprecated }]) => (deprecated === true ? [`${method} ${path}`] : [])),
    );
    expect(old.sort()).toEqual([
      'delete /control/dlq',
      'get /assessments',
      'get /cameras',
      'get /cameras/{cctvId}',
      'get /control/dlq',
      'get /control/dlq/{id}',
      'post /control/dlq/redrive',
      'post /control/jobs/{jobId}/cancel',
    ]);
  });
});

it.each([
  ['GET', '/health'],
  ['GET', '/health/live'],
  ['GET', '/health/ready'],
  ['GET', '/metrics'],
  ['GET', '/worker/status'],
  ['POST', '/control/concurrency?n=2'],
  ['POST', '/control/pause'],
  ['POST', '/control/resume'],
  ['GET', '/api/v1/damage-detection/classes'],
  ['GET', '/api/v1/cameras'],
])('a path of the contract is never marked: %s %s', async (method, path) => {
  const answer = await fetch(service.url + path, { method });
  expect(answer.status).toBe(200);
  expect([answer.headers.get('deprecation'), answer.headers.get('link')]).toEqual([null, null]);
});

it('the bare address names the paths there are', async () => {
  const { service: name, docs, ...paths } = (await service.json('/')) as Record<string, string>;
  expect([name, docs]).toEqual(['roadstream', '/docs']);
  for (const path of Object.values(paths)) {
    const ended = new AbortController();
    const answer = await fetch(service.url + path, { signal: ended.signal });
    expect([path, answer.status]).toEqual([path, 200]);
    ended.abort();
  }
});
