import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { derivedKey } from '../../src/redis/derived-key.js';
import { eventsKey } from '../../src/queue/status/job-note.js';
import type { SteeredDto, WorkerDto } from '../../src/worker/fleet/workers.dto.js';
import { eventually } from '../support/eventually.js';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';

const MAIN = fileURLToPath(new URL('../support/two-kinds/main.js', import.meta.url));
const CLI = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const STREAM = 'stream:assess';

const services: Service[] = [];
const { server, redis } = useRedis({
  endFirst: () => Promise.all(services.map(async (each) => each.isAlive && each.stop())),
});

/** Asks nobody's worker but its own: it runs none. */
let api: Service;
let first: Service;
let second: Service;

async function start(roles: string): Promise<Service> {
  const settings = { REDIS_URL: server.url, ROLES: roles, GEMINI_API_KEY: 'a-key-that-nobody-uses' };
  const service = await Service.start(settings, { main: MAIN });
  services.push(service);
  return service;
}

beforeAll(async () => {
  api = await start('schedule');
  first = await start('assess');
  second = await start('assess');
}, 120_000);

const nameOf = async (service: Service): Promise<string> => (await service.status()).consumer;

async function list(query = ''): Promise<WorkerDto[]> {
  return ((await api.json(`/api/v1/workers${query}`)) as { items: WorkerDto[] }).items;
}

async function patch(path: string, body: object): Promise<{ status: number; body: unknown }> {
  const init = { method: 'PATCH', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
  const response = await fetch(`${api.url}/api/v1/workers${path}`, init);
  return { status: response.status, body: await response.json() };
}

/** Runs a command of the command line and gives what it said. */
async function roadstream(...args: string[]): Promise<string> {
  const env = { PATH: process.env.PATH, REDIS_URL: server.url };
  return promisify(execFile)(process.execPath, [CLI, ...args], { env }).then(
    ({ stdout }) => stdout,
    (error: unknown) => `failed: ${(error as { stderr: string }).stderr}`,
  );
}

describe('the workers as a whole, asked at a process that runs none of them', () => {
  it('are listed with what they are and what they do', async () => {
    const [workers, name] = await eventually('both are there', async () => {
      const found = await list();
      return found.length === 2 && ([found, await nameOf(first)] as const);
    });
    expect(workers.find((worker) => worker.name === name)).toMatchObject({
      kind: 'assessment',
      roles: ['assess'],
      state: 'running',
      claiming: true,
      limit: 2,
      inUse: 0,
      heldBackBecause: [],
      jobs: [],
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      at: expect.stringMatching(/Z$/),
    });
    await redis.xadd(STREAM, '*', 'cctvId', 'c', 'jobId', 'held', 'until', join(first.directory, 'held'));
    const busy = await eventually('a job is in hand', async () => (await list()).find(({ jobs }) => jobs.length === 1));
    expect(busy).toMatchObject({ inUse: 1, jobs: [{ jobId: 'held', cctvId: 'c', attempt: 1 }] });
    expect(await api.json(`/api/v1/workers/${busy.name}`)).toMatchObject({ name: busy.name });
    await writeFile(join(first.directory, 'held'), '');
    await eventually('it is done', async () => (await list()).every(({ jobs }) => jobs.length === 0));
  });

  it('are listed page by page', async () => {
    const one = (await api.json('/api/v1/workers?limit=1')) as { items: WorkerDto[]; next: string };
    const two = (await api.json(`/api/v1/workers?limit=1&cursor=${one.next}`)) as { items: WorkerDto[]; next: null };
    expect([...one.items, ...two.items].map(({ name }) => name).sort()).toEqual((await list()).map(({ name }) => name));
    expect(two.next).toBeNull();
  });

  it('are changed one by one: the one that is meant, and no other', async () => {
    const name = await nameOf(second);
    expect(await patch(`/${name}`, { concurrency: 5, paused: true })).toMatchObject({
      status: 200,
      body: { name, limit: 5, state: 'paused', claiming: false },
    });
    expect(await second.status()).toMatchObject({ state: 'paused', concurrency: { limit: 5 } });
    expect(await first.status()).toMatchObject({ state: 'running', concurrency: { limit: 2 } });
    expect(await patch(`/${name}`, { paused: false })).toMatchObject({
      status: 200,
      body: { limit: 5, state: 'running' },
    });
  });

  it('are changed all at once, and those who listen are told', async () => {
    const { status, body } = await patch('?kind=assessment', { concurrency: 3 });
    expect([status, (body as SteeredDto).pending]).toEqual([200, []]);
    expect((body as SteeredDto).items.map(({ limit }) => limit)).toEqual([3, 3]);
    expect((await patch('', { concurrency: 4 })).status).toBe(200);
    expect([(await first.status()).concurrency.limit, (await second.status()).concurrency.limit]).toEqual([4, 4]);
    const told = await redis.xrange(eventsKey(STREAM), '-', '+');
    const limits = told.map(([, flat]) => (JSON.parse(flat.at(-1) ?? '{}') as { limit: number }).limit);
    expect(limits).toEqual(expect.arrayContaining([2, 5, 3, 4]));
    expect(await redis.hlen(derivedKey(STREAM, 'orders'))).toBe(0);
  });

  it.each([
    ['/nobody-1-a', { paused: true }, 404, 'NO_SUCH_WORKER'],
    ['', {}, 400, 'NOTHING_TO_CHANGE'],
    ['', { concurrency: 65 }, 400, 'BAD_REQUEST'],
    ['', { paused: 'yes' }, 400, 'BAD_REQUEST'],
    ['?kind=errand', { paused: true }, 400, 'KIND_UNKNOWN'],
  ])('are not changed by %s %j', async (path, body, status, code) => {
    expect(await patch(path, body)).toMatchObject({ status, body: { code } });
  });

  it('are steered by the command line in the same words', async () => {
    const name = await nameOf(first);
    expect(await roadstream('workers')).toMatch(new RegExp(`^${name}  assessment  running  0/4$`, 'm'));
    expect(await roadstream('workers', 'set', name, '--concurrency', '6')).toBe(`${name}  assessment  running  0/6\n`);
    const paused = await roadstream('workers', 'pause', '--kind', 'assessment');
    expect(paused.match(/ {2}paused {2}/g)).toHaveLength(2);
    expect((await second.status()).state).toBe('paused');
    expect((await roadstream('workers', 'resume', '--all')).match(/ {2}running {2}/g)).toHaveLength(2);
    expect(JSON.parse(await roadstream('workers', 'show', name))).toMatchObject({ name, limit: 6, jobs: [] });
    expect(await roadstream('workers', 'pause')).toContain('failed: Say which');
    expect(await roadstream('workers', 'pause', 'nobody')).toContain('failed: There is no worker nobody');
    expect(await roadstream('workers', 'set', name, '--concurrency', 'many')).toContain('whole number from 1 to 64');
  });

  it('have a queue whose numbers the command line tells', async () => {
    await redis.xadd('stream:preprocess', '*', 'cctvId', 'c');
    const said = await roadstream('queue');
    expect(said).toMatch(
      /^inspection {2}demand 1\n {2}stream:preprocess:high {2}undelivered 0 {2}running 0 {2}waiting 0\n/,
    );
    expect(said).toMatch(
      / {2}stream:preprocess {2}undelivered 1 {2}running 0 {2}waiting 0 {2}oldest undelivered \d+ s\n/,
    );
    expect(await roadstream('queue', '--kind', 'assessment')).toMatch(/^assessment {2}demand 0\n[^]*dead letters 0\n$/);
  });

  it('are told of with their queue when somebody pauses all of a group', async () => {
    for (const call of ['pause', 'resume']) {
      await fetch(`${first.url}/control/${call}?scope=group`, { method: 'POST' });
    }
    await eventually('it is told', async () => {
      const told = (await redis.xrange(eventsKey(STREAM), '-', '+')).map(([, flat]) => flat);
      const queue = told.filter((flat) => flat.includes('queue.changed')).map((flat) => flat.at(-1));
      return queue.join() === '{"kind":"assessment","paused":true},{"kind":"assessment","paused":false}';
    });
  });

  it('are there again after Redis was emptied and restarted, and can be told', async () => {
    await server.down('SIGKILL');
    await server.up();
    await eventually('both are there', async () => {
      const answer = await fetch(`${api.url}/api/v1/workers`);
      return answer.ok && ((await answer.json()) as { items: unknown[] }).items.length === 2;
    });
    const name = await nameOf(first);
    expect(await patch(`/${name}`, { concurrency: 7 })).toMatchObject({ status: 200, body: { limit: 7 } });
  });

  it('are answered 202 for one that does not say in time that it has done so', async () => {
    const name = await nameOf(first);
    first.process.kill('SIGSTOP');
    expect(await patch(`/${name}`, { concurrency: 6 })).toMatchObject({ status: 202, body: { name, limit: 7 } });
    expect(await patch(`/${name}`, { paused: true })).toMatchObject({ status: 202 });
    first.process.kill('SIGCONT');
    // The later order took the earlier one along.
    await eventually('it did both', async () =>
      (await list()).some((worker) => worker.name === name && worker.limit === 6 && worker.state === 'paused'),
    );
  });

  it('are gone from the list when they stop, at once, and when they die, in half a minute, with their orders', async () => {
    const [leaving, dying] = [await nameOf(first), await nameOf(second)];
    await first.stop();
    expect((await list()).map(({ name }) => name)).not.toContain(leaving);
    await second.stop('SIGKILL');
    expect((await patch(`/${dying}`, { concurrency: 1 })).status).toBe(202);
    const third = await start('assess');
    const beats = derivedKey(STREAM, 'beats');
    // Half a minute earlier, as far as anybody can tell.
    await redis.zincrby(beats, -31_000, dying);
    await eventually('it is gone', async () => (await redis.zscore(beats, dying)) === null);
    expect((await list()).map(({ name }) => name)).toEqual([await nameOf(third)]);
    expect(await redis.hkeys(derivedKey(STREAM, 'workers'))).toEqual([await nameOf(third)]);
    expect(await redis.hlen(derivedKey(STREAM, 'orders'))).toBe(0);
    const gone = (await redis.xrange(eventsKey(STREAM), '-', '+')).map(([, flat]) => flat.at(-1) ?? '');
    for (const name of [leaving, dying]) {
      expect(gone.filter((data) => data.includes(name) && data.includes('"gone"'))).toHaveLength(1);
    }
  }, 60_000);
});

afterAll(() => {
  for (const { process } of services) process.kill('SIGCONT');
});
