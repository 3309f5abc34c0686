import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';

const MAIN = fileURLToPath(new URL('../support/fourth-kind/main.js', import.meta.url));
const STREAM = 'stream:errands';

const { server, redis } = useRedis();

describe('a kind of job that is one value, one handler and one line', () => {
  let service: Service;

  beforeAll(async () => {
    service = await Service.start({ REDIS_URL: server.url, ROLES: 'inspect' }, { main: MAIN });
  }, 90_000);

  afterAll(() => service.stop());

  function run(job: Record<string, string>): Promise<string | null> {
    return redis.xadd(STREAM, '*', 'cctvId', 'c', ...Object.entries(job).flat());
  }

  async function call(method: string, path: string): Promise<{ status: number; body: unknown }> {
    const answer = await fetch(service.url + path, { method });
    return { status: answer.status, body: await answer.json() };
  }

  it('runs, publishes, and is counted under its name', async () => {
    await run({ jobId: 'first' });
    const done = 'worker_jobs_total{kind="errand",outcome="complete"}';
    await eventually('it is done', async () => (await service.metric(done)) === 1);
    const [result] = await redis.xrange('stream:errands:results', '-', '+');
    expect(result![1]).toEqual(expect.arrayContaining(['jobId', 'first']));
  });

  it('has slots of its own, which can be changed, and a status of its own', async () => {
    expect(await call('POST', '/control/concurrency?n=3&kind=errand')).toMatchObject({
      body: { kind: 'errand', concurrency: { limit: 3 } },
    });
    for (const jobId of ['a', 'b', 'd', 'e']) await run({ jobId, until: join(service.directory, 'go') });
    const errands = async () => (await service.status()).kinds['errand'];
    await eventually('three run', async () => (await errands())?.jobs.length === 3);
    expect(await errands()).toMatchObject({ group: 'runners', concurrency: { limit: 3, inUse: 3 }, lag: 1 });
    expect((await service.status()).group).toBe('workers');
    await writeFile(join(service.directory, 'go'), '');
    await eventually('all are done', async () => (await redis.xlen('stream:errands:results')) === 5);
  });

  it('sets aside what cannot be done, and puts it back', async () => {
    await redis.xadd(STREAM, '*', 'cctvId', 'hopeless');
    await eventually('it is set aside', async () => (await redis.xlen('stream:errands:dlq')) === 1);
    expect((await call('GET', '/control/dlq?kind=errand')).body).toMatchObject({ letters: [{ code: 'HOPELESS' }] });
    expect((await call('GET', '/control/dlq')).body).toEqual({ letters: [] });
    expect((await call('POST', '/control/dlq/redrive?all=true&kind=errand')).body).toEqual({ redriven: 1 });
  });

  it('pauses by its name', async () => {
    expect((await call('POST', '/control/pause?kind=errand')).body).toMatchObject({ kinds: ['errand'] });
    expect((await call('POST', '/control/resume')).body).toMatchObject({
      kinds: expect.arrayContaining(['inspection', 'errand']),
    });
  });

  it('says which kinds there are when asked for another', async () => {
    expect(await call('GET', '/control/dlq?kind=parcel')).toMatchObject({
      status: 400,
      body: { code: 'KIND_UNKNOWN', message: expect.stringMatching(/inspection, assessment,.* errand/) },
    });
    expect(await call('POST', '/control/pause?kind=parcel')).toMatchObject({
      status: 400,
      body: { code: 'KIND_UNKNOWN' },
    });
    expect(await call('POST', '/control/pause?kind=assessment')).toMatchObject({
      status: 400,
      body: { code: 'KIND_NOT_HERE', message: expect.stringMatching(/it runs: inspection,.* ?errand/) },
    });
  });
});
