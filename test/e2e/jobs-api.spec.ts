import { execFile as run } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MOST_WAITING_CLIENTS } from '../../src/jobs/api/waiting-clients.service.js';
import type { JobView } from '../../src/jobs/job-view.js';
import { statusKey } from '../../src/queue/status/job-note.js';
import { eventually } from '../support/eventually.js';
import { Service } from '../support/service.js';
import { SseReader } from '../support/sse-reader.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { useRedis } from '../support/use-redis.js';

const execFile = promisify(run);
const CLI = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const MAIN = fileURLToPath(new URL('../support/fourth-kind/main.js', import.meta.url));
const STREAM = 'stream:errands';

const { server, redis } = useRedis();

interface Answer<T = JobView> {
  status: number;
  headers: Headers;
  body: T;
}

describe('jobs that are asked for over HTTP', () => {
  let service: Service;

  beforeAll(async () => {
    const environment = {
      REDIS_URL: server.url,
      ROLES: 'inspect',
      RETRY_BASE_SECONDS: '0.1',
      REDIS_VISIBILITY_TIMEOUT: '4',
    };
    service = await Service.start(environment, { main: MAIN });
  }, 90_000);

  afterAll(() => service.stop());

  async function call<T = JobView>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    signal: AbortSignal | null = null,
  ): Promise<Answer<T>> {
    const answer = await fetch(service.url + path, {
      method,
      signal,
      headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: (text === '' ? {} : JSON.parse(text)) as T };
  }

  const ask = (body: object, headers?: Record<string, string>) =>
    call('POST', '/api/v1/jobs', { kind: 'errand', cctvId: 'c', ...body }, headers);
  const look = async (id: string) => (await call('GET', `/api/v1/jobs/${id}`)).body;

  async function until(id: string, state: string): Promise<JobView> {
    await eventually(`${id} is ${state}`, async () => (await look(id)).state === state);
    return look(id);
  }

  it('are queued with a name, and found there until they are done', async () => {
    const { status, headers, body } = await ask({ until: join(service.directory, 'first') });
    expect(status).toBe(202);
    expect(headers.get('location')).toBe(`/api/v1/jobs/${body.id}`);
    expect(body).toMatchObject({ kind: 'errand', cctvId: 'c', priority: 'normal', attempt: expect.any(Number) });
    const running = await until(body.id, 'running');
    await eventually('it tells of itself', async () => (await look(body.id)).message === 'Halfway.');
    expect(await look(body.id)).toMatchObject({ step: 'wait', steps: ['wait'], progress: 0.5, maxAttempts: 2 });
    await writeFile(join(service.directory, 'first'), '');
    const done = await until(body.id, 'completed');
    expect(done).toMatchObject({ progress: 1, result: { cctvId: 'c' }, step: null, failure: null, waiting: null });
    expect(done.version).toBeGreaterThan(running.version);
    expect(done.finishedAt).not.toBeNull();
  });

  it('tell how they go on, in order, from their state to their end', async () => {
    const { body } = await ask({ cctvId: 'flaky', until: join(service.directory, 'watched') });
    const reader = await SseReader.open(`${service.url}/api/v1/jobs/${body.id}/events`);
    await reader.first('it runs again', ({ data }) => data['state'] === 'running' && data['attempt'] === 2);
    await reader.first('it tells of itself', ({ data }) => data['message'] === 'Halfway.');
    await writeFile(join(service.directory, 'watched'), '');
    await reader.over();
    const [first] = reader.events;
    expect(first?.type).toBe('job.state');
    const told = reader.events.map(({ data }) => data);
    const states = told.map((data) => String(data['state'])).filter((state, i, all) => state !== all[i - 1]);
    expect(states.join(' ')).toMatch(/^(?:queued )?(?:running )?(?:waiting )?running completed$/);
    expect(versionsOf(told)).toEqual([...versionsOf(told)].sort((a, b) => a - b));
    const second = told.filter((data) => data['attempt'] === 2).map((data) => Number(data['progress']));
    expect(second).toEqual([...second].sort((a, b) => a - b));
    expect(reader.events.filter(({ type }) => type === 'job.completed')).toHaveLength(1);
  });

  it('answer with their end for a client that waits for it', async () => {
    const { status, headers, body } = await ask({}, { Prefer: 'wait=30' });
    expect(status).toBe(200);
    expect(headers.get('preference-applied')).toBe('wait=30');
    expect(body.state).toBe('completed');
    const late = await ask({ until: join(service.directory, 'never') }, { Prefer: 'wait=1' });
    expect(late.status).toBe(202);
    await call('POST', `/api/v1/jobs/${late.body.id}/cancel`);
    await until(late.body.id, 'cancelled');
  });

  it('let only so many clients wait at once, and forget those who leave', async () => {
    const body = { kind: 'errand', cctvId: 'c', until: join(service.directory, 'never again') };
    const leaving = new AbortController();
    const wait = (seconds: number, signal: AbortSignal | null = null) =>
      call('PUT', '/api/v1/jobs/waited-for', body, { Prefer: `wait=${seconds}` }, signal);
    let answered = 0;
    const answer = () =>
      wait(60, leaving.signal).then(
        () => answered++,
        () => undefined,
      );
    const waiting = new Array(MOST_WAITING_CLIENTS + 5).fill(0).map(answer);
    await eventually('five too many are answered at once', () => answered === 5);
    const isApplied = async () => (await wait(1)).headers.get('preference-applied') === 'wait=1';
    expect(await isApplied()).toBe(false);
    leaving.abort();
    await Promise.all(waiting);
    await eventually('those who left are forgotten', isApplied);
    await call('POST', '/api/v1/jobs/waited-for/cancel');
    await until('waited-for', 'cancelled');
  });

  it('are queued once under a name, however often they are asked for; another of that name is refused', async () => {
    const body = { kind: 'errand', cctvId: 'c', until: join(service.directory, 'once') };
    const answers = await Promise.all(new Array(8).fill(0).map(() => call('PUT', '/api/v1/jobs/once', body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...new Array(7).fill(200), 202]);
    expect((await call('PUT', '/api/v1/jobs/once', { ...body, cctvId: 'd' })).body).toMatchObject({
      code: 'JOB_DIFFERS',
    });
    await writeFile(join(service.directory, 'once'), '');
    await until('once', 'completed');
    expect((await call('PUT', '/api/v1/jobs/once', body)).status).toBe(200);
    const results = await redis.xrange(`${STREAM}:results`, '-', '+');
    expect(results.filter(([, fields]) => fields.includes('once'))).toHaveLength(1);
  });

  it('lets one of two clients have a name that both want for different jobs', async () => {
    const wish = (cctvId: string) => call('PUT', '/api/v1/jobs/wanted', { kind: 'errand', cctvId });
    const statuses = (await Promise.all([wish('a'), wish('b')])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([202, 409]);
  });

  it('say why they wait, until when, and then try again', async () => {
    const { body } = await ask({ cctvId: 'flaky' });
    expect(await until(body.id, 'completed')).toMatchObject({ attempt: 2 });
  });

  it('say why they failed, and can be tried again', async () => {
    const { body } = await ask({ cctvId: 'hopeless' });
    const failed = await until(body.id, 'failed');
    expect(failed.failure).toMatchObject({ code: 'HOPELESS', message: 'Nothing can be done.' });
    expect((await call('POST', `/api/v1/jobs/${body.id}/retry`)).status).toBe(202);
    await eventually(
      'it failed anew',
      async () =>
        (await look(body.id)).failure?.letter !== failed.failure?.letter && (await look(body.id)).state === 'failed',
    );
    expect(await redis.xlen(`${STREAM}:dlq`)).toBe(1);
    await redis.del(`${STREAM}:dlq`);
    expect((await call('POST', `/api/v1/jobs/${body.id}/retry`)).body).toMatchObject({ code: 'LETTER_GONE' });
  });

  it('are called off while they run and while they wait, and not after their end', async () => {
    const { body } = await ask({ until: join(service.directory, 'never') });
    await until(body.id, 'running');
    expect((await call('POST', `/api/v1/jobs/${body.id}/cancel`)).status).toBe(202);
    await until(body.id, 'cancelled');
    expect((await call('POST', `/api/v1/jobs/${body.id}/cancel`)).body).toMatchObject({ code: 'JOB_ENDED' });
    await call('POST', '/control/pause?kind=errand&scope=group');
    const queued = await ask({});
    expect(queued.body.state).toBe('queued');
    expect((await call('POST', `/api/v1/jobs/${queued.body.id}/cancel`)).body).toMatchObject({ state: 'cancelled' });
    const urgent = await ask({});
    expect((await call('POST', `/api/v1/jobs/${urgent.body.id}/expedite`)).body).toMatchObject({
      priority: 'urgent',
      state: 'queued',
    });
    await call('POST', '/control/resume?kind=errand&scope=group');
    await until(urgent.body.id, 'completed');
    expect((await call('POST', `/api/v1/jobs/${urgent.body.id}/expedite`)).body.priority).toBe('urgent');
  });

  it('are checked before they are queued', async () => {
    const refused = async (body: object) => (await ask(body)).body as unknown as { code: string; message: string };
    expect(await refused({ untill: 'x' })).toMatchObject({
      code: 'UNKNOWN_FIELD',
      message: expect.stringContaining('did you mean "until"'),
    });
    expect(await refused({ kind: 'inspection', cctvId: '..', hls: 'https://c.example/a' })).toMatchObject({
      code: 'BAD_FIELD',
    });
    expect(await refused({ kind: 'parcel' })).toMatchObject({ code: 'KIND_UNKNOWN' });
    expect(await refused({ priority: 'very' })).toMatchObject({ code: 'BAD_FIELD' });
    expect(await refused({ id: '../x' })).toMatchObject({ code: 'BAD_FIELD' });
    const inside = { kind: 'inspection', hls: 'http://169.254.169.254/latest/meta-data?token=SECRET' };
    const { status, body } = await ask(inside);
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain('URL_NOT_ALLOWED');
    expect(JSON.stringify(body)).not.toContain('SECRET');
    expect((await call('POST', '/api/v1/jobs', ['no object'])).status).toBe(400);
  });

  it('come in batches, each with an answer', async () => {
    const jobs = [{ kind: 'errand', cctvId: 'c' }, { kind: 'errand' }, { kind: 'errand', cctvId: 'c', id: 'wanted' }];
    const { status, body } = await call<{ items: { status: number }[] }>('POST', '/api/v1/jobs/batch', { jobs });
    expect(status).toBe(200);
    expect(body.items.map((item) => item.status)).toEqual([202, 400, 409]);
  });

  it('are cheap to look at again: nothing new is 304', async () => {
    const { body } = await ask({}, { Prefer: 'wait=30' });
    const { headers } = await call('GET', `/api/v1/jobs/${body.id}`);
    const etag = headers.get('etag') ?? '';
    expect((await call('GET', `/api/v1/jobs/${body.id}`, undefined, { 'If-None-Match': etag })).status).toBe(304);
  });

  it('are unknown when nobody asked for them, and corrected when the queue says otherwise', async () => {
    expect(await call('GET', '/api/v1/jobs/nobody')).toMatchObject({ status: 404, body: { code: 'JOB_UNKNOWN' } });
    const { body } = await ask({}, { Prefer: 'wait=30' });
    // As if the settlement could not have told of it.
    await redis.hset(statusKey(STREAM, body.id), 'state', 'running', 'result', '');
    expect(await look(body.id)).toMatchObject({ state: 'completed', result: { cctvId: 'c' } });
    await redis.del(`${STREAM}:results`);
    expect(await look(body.id)).toMatchObject({ state: 'failed', failure: { code: 'END_UNKNOWN' } });
  });

  it('are listed by what they do, page by page, those of other producers too', async () => {
    await call('POST', '/control/pause?kind=errand&scope=group');
    for (let i = 0; i < 5; i += 1)
      await redis.xadd(STREAM, '*', 'cctvId', i === 3 ? 'other' : 'c', 'jobId', `bare-${i}`);
    type Page = Answer<{ items: { id: string; state: string }[]; next: string | null; complete: boolean }>;
    const list = (query: string): Promise<Page> => call('GET', `/api/v1/jobs?kind=errand&${query}`);
    const first = await list('state=queued&limit=2');
    expect(first.body.items.map(({ id }) => id)).toEqual(['bare-0', 'bare-1']);
    const second = await list(`state=queued&limit=2&cursor=${first.body.next ?? ''}`);
    expect(second.body.items.map(({ id }) => id)).toEqual(['bare-2', 'bare-3']);
    expect((await list('state=queued&cctvId=other')).body).toMatchObject({
      items: [{ id: 'bare-3' }],
      next: null,
      complete: true,
    });
    await call('POST', '/control/resume?kind=errand&scope=group');
    await eventually('all are done', async () => (await list('state=completed')).body.items.length >= 5);
    expect((await list('cursor=nonsense')).body).toMatchObject({ code: 'BAD_CURSOR' });
  });

  it('are listed, moved up and called off from the command line in the same words', async () => {
    const cli = async (...words: string[]): Promise<string> => {
      const env = { PATH: process.env['PATH'], REDIS_URL: server.url };
      const { stdout } = await execFile(process.execPath, [CLI, 'jobs', ...words], { env, cwd: service.directory });
      return stdout;
    };
    await call('POST', '/control/pause?kind=inspection&scope=group');
    const wish = { kind: 'inspection', id: 'by-hand', cctvId: 'c', hls: 'https://camera.invalid/live.m3u8' };
    expect((await call('POST', '/api/v1/jobs', wish)).status).toBe(202);
    expect(await cli('list', '--state', 'queued')).toMatch(/^by-hand {2}inspection {2}queued {2}0x {2}c {2}/m);
    expect(JSON.parse(await cli('expedite', 'by-hand'))).toMatchObject({ priority: 'urgent', state: 'queued' });
    expect(JSON.parse(await cli('cancel', 'by-hand'))).toMatchObject({ state: 'cancelled' });
    expect(JSON.parse(await cli('show', 'by-hand'))).toMatchObject({ id: 'by-hand', state: 'cancelled' });
    await expect(cli('retry', 'by-hand')).rejects.toThrow('has not failed');
    await call('POST', '/control/resume?kind=inspection&scope=group');
  });

  it('exist once although the answer was lost on the way and the client asked again', async () => {
    const { host, port } = new URL(service.url);
    const proxy = await TcpProxy.start(Number(port));
    // Under the name of the service: without a token it listens to this machine only.
    const put = async (): Promise<number | undefined> => {
      const headers = { Host: host, 'Content-Type': 'application/json' };
      const asked = request({ port: proxy.port, method: 'PUT', path: '/api/v1/jobs/lost-answer', headers });
      asked.end(JSON.stringify({ kind: 'errand', cctvId: 'c' }));
      const [answer] = (await once(asked, 'response')) as [IncomingMessage];
      answer.resume();
      return answer.statusCode;
    };
    try {
      proxy.loseAnswers(true);
      const lost = put();
      const failure = expect(lost).rejects.toThrow();
      await eventually('it is there', async () => (await redis.exists(statusKey(STREAM, 'lost-answer'))) === 1);
      proxy.cut();
      await failure;
      proxy.loseAnswers(false);
      expect(await put()).toBe(200);
      await until('lost-answer', 'completed');
      const results = await redis.xrange(`${STREAM}:results`, '-', '+');
      expect(results.filter(([, fields]) => fields.includes('lost-answer'))).toHaveLength(1);
    } finally {
      await proxy.stop();
    }
  });

  it('let a worker stop that a client waits at: it gets the job as it stands', async () => {
    await call('POST', '/control/pause?kind=errand&scope=group');
    const waiting = ask({}, { Prefer: 'wait=60' });
    await eventually('it is queued', async () => {
      const { body } = await call<{ items: unknown[] }>('GET', '/api/v1/jobs?kind=errand&state=queued');
      return body.items.length === 1;
    });
    const stopped = service.stop();
    expect(await waiting).toMatchObject({ status: 202, body: { state: 'queued' } });
    expect(await stopped).toBe(0);
  });
});

function versionsOf(told: readonly Record<string, unknown>[]): number[] {
  return told.map((data) => Number(data['version']));
}
