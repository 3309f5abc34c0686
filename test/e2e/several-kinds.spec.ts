import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { loadConfig } from '../../src/config/config.js';
import { ConfigModule } from '../../src/config/config.module.js';
import { LogModule } from '../../src/log/log.module.js';
import { specsOf } from '../../src/kinds.js';
import { KindQueues } from '../../src/queue/kind-queues.js';
import { QueueModule } from '../../src/queue/queue.module.js';
import { toFields } from '../../src/redis/fields.js';
import { eventually } from '../support/eventually.js';
import { HlsMedia } from '../support/hls-media.js';
import { HlsOrigin } from '../support/hls-origin.js';
import { Service } from '../support/service.js';
import { HOLD_FILE } from '../support/two-kinds/waiting.handler.js';
import { useRedis } from '../support/use-redis.js';

const MAIN = fileURLToPath(new URL('../support/two-kinds/main.js', import.meta.url));
const INSPECTIONS = 'stream:preprocess';
const ASSESSMENTS = 'stream:assess';

@Module({})
class Nothing {}

function completed(kind: string): string {
  return `worker_jobs_total{kind="${kind}",outcome="complete"}`;
}

const { server, redis } = useRedis({ flush: true });

describe('a process with several kinds of jobs', () => {
  let media: HlsMedia;
  let origin: HlsOrigin;
  const services: Service[] = [];

  beforeAll(async () => {
    media = await HlsMedia.make(['vod']);
    origin = await HlsOrigin.start(media);
  }, 60_000);

  afterEach(() => Promise.all(services.splice(0).map((service) => service.stop())));

  afterAll(async () => {
    await origin.stop();
    await media.remove();
  });

  async function start(roles: string, environment: Record<string, string> = {}): Promise<Service> {
    const settings = {
      REDIS_URL: server.url,
      OUTBOUND_ALLOW: `127.0.0.1:${origin.port}`,
      ROLES: roles,
      GEMINI_API_KEY: 'a-key-that-nobody-uses',
      ...environment,
    };
    const service = await Service.start(settings, { main: MAIN });
    services.push(service);
    return service;
  }

  async function inspect(): Promise<void> {
    await redis.xadd(INSPECTIONS, '*', 'cctvId', 'c', 'hls', origin.url('/vod/index.m3u8'), 'sec', '2');
  }

  /** Adds a job that runs until {@link release} with the same name. */
  async function assess(service: Service, name: string): Promise<void> {
    await redis.xadd(ASSESSMENTS, '*', 'cctvId', 'c', 'jobId', name, 'until', join(service.directory, name));
  }

  function release(service: Service, name: string): Promise<void> {
    return writeFile(join(service.directory, name), '');
  }

  async function assessing(service: Service): Promise<string[] | undefined> {
    return (await service.status()).kinds.assessment?.jobs.map(({ jobId }) => jobId);
  }

  async function post(service: Service, path: string): Promise<{ status: number; body: unknown }> {
    const answer = await fetch(service.url + path, { method: 'POST' });
    return { status: answer.status, body: await answer.json() };
  }

  it('gives each kind slots of its own, and both publish where they belong', async () => {
    const service = await start('inspect,assess', { ASSESS_CONCURRENCY: '1', MAX_CONCURRENCY: '3' });
    for (const name of ['a', 'b', 'd']) await assess(service, name);
    await eventually('one is assessed', async () => (await assessing(service))?.length === 1);
    await inspect();
    await eventually('the inspection is done', async () => (await service.metric(completed('inspection'))) === 1);
    expect(await service.status()).toMatchObject({
      group: 'workers',
      roles: ['inspect', 'assess'],
      concurrency: { limit: 3, inUse: 0 },
      jobs: [],
      kinds: { assessment: { group: 'assessors', concurrency: { limit: 1, inUse: 1 }, lag: 2, pending: 1 } },
    });
    expect(await post(service, '/control/concurrency?n=2&kind=assessment')).toMatchObject({
      body: { kind: 'assessment', concurrency: { limit: 2 } },
    });
    await eventually('two are assessed', async () => (await assessing(service))?.length === 2);
    expect(await post(service, '/control/concurrency?n=4')).toMatchObject({ body: { kind: 'inspection' } });
    expect(await service.metric('worker_slots{kind="assessment",state="limit"}')).toBe(2);
    expect(await service.metric('worker_slots{kind="inspection",state="limit"}')).toBe(4);
    for (const name of ['a', 'b', 'd']) await release(service, name);
    await eventually('all are done', async () => (await service.metric(completed('assessment'))) === 3);
    expect([await redis.xlen(`${INSPECTIONS}:results`), await redis.xlen(`${ASSESSMENTS}:results`)]).toEqual([1, 3]);
    const streams = [INSPECTIONS, `${INSPECTIONS}:high`, ASSESSMENTS, `${ASSESSMENTS}:high`];
    for (const stream of streams) expect(await service.metric(`worker_stream_pending{stream="${stream}"}`)).toBe(0);
    expect(await service.json('/metrics', { headers: { accept: 'application/json' } })).toMatchObject({
      counters: { processed: 4, failed: 0, pending: 0, concurrency_current: 0 },
    });
  }, 60_000);

  it('finishes the jobs of both kinds that are in hand before it ends on SIGTERM', async () => {
    const service = await start('inspect,assess');
    services.pop();
    await assess(service, 'a');
    await inspect();
    await eventually('both run', async () => {
      const { jobs, kinds } = await service.status();
      return jobs.length === 1 && kinds.assessment?.jobs.length === 1;
    });
    const ended = service.stop();
    await eventually('both drain', () => service.output.split('waiting for the jobs in hand').length === 3);
    expect((await service.status()).state).toBe('draining');
    await release(service, 'a');
    expect(await ended).toBe(0);
    for (const kind of ['inspection', 'assessment']) {
      expect(service.output).toMatch(new RegExp(`"kind":"${kind}".*"outcome":"complete"`));
    }
    for (const [stream, group] of [
      [INSPECTIONS, 'workers'],
      [ASSESSMENTS, 'assessors'],
    ] as const) {
      expect((await redis.xpending(stream, group))[0]).toBe(0);
      expect(await redis.xinfo('CONSUMERS', stream, group)).toEqual([]);
    }
  });

  it('pauses, resumes and cancels one kind, or all where none is named', async () => {
    const service = await start('inspect,assess');
    expect((await post(service, '/control/pause?kind=assessment')).body).toEqual({
      state: 'paused',
      scope: 'worker',
      kinds: ['assessment'],
    });
    expect(await service.status()).toMatchObject({ state: 'running', kinds: { assessment: { state: 'paused' } } });
    await post(service, '/control/pause?scope=group');
    await post(service, '/control/resume?kind=assessment');
    expect(await service.status()).toMatchObject({ state: 'paused', kinds: { assessment: { state: 'paused' } } });
    expect((await post(service, '/control/resume?scope=group')).body).toMatchObject({
      kinds: ['inspection', 'assessment'],
    });
    await assess(service, 'a');
    await eventually('it runs', async () => (await assessing(service))?.length === 1);
    expect((await post(service, '/control/jobs/a/cancel')).status).toBe(202);
    const cancelled = 'worker_jobs_total{kind="assessment",outcome="cancel"}';
    await eventually('it ended', async () => (await service.metric(cancelled)) === 1);
    const results = await redis.xrange(`${ASSESSMENTS}:results`, '-', '+');
    expect(results.map(([, flat]) => toFields(flat))).toMatchObject([{ jobId: 'a', outcome: 'cancelled' }]);
  });

  it('claims nothing of a kind whose handler holds back, says why, and goes on with the others', async () => {
    const service = await start('inspect,assess');
    const hold = join(service.directory, HOLD_FILE);
    await writeFile(hold, 'No budget until 12:00.');
    await eventually('it holds back', async () => (await service.status()).kinds.assessment?.claiming === false);
    await redis.xadd(ASSESSMENTS, '*', 'cctvId', 'c');
    await inspect();
    await eventually('the inspection is done', async () => (await service.metric(completed('inspection'))) === 1);
    expect(await service.status()).toMatchObject({
      heldBackBecause: [],
      kinds: { assessment: { heldBackBecause: ['No budget until 12:00.'], jobs: [] } },
    });
    expect(await service.metric(completed('assessment'))).toBe(0);
    expect(await service.json('/health')).toMatchObject({
      details: { worker: { status: 'degraded', message: 'assessment: No budget until 12:00.' } },
    });
    await rm(hold);
    await eventually('it is done', async () => (await service.metric(completed('assessment'))) === 1);
  });

  it('runs one kind alone: calls that name none mean it, and there are no inspections on request', async () => {
    const service = await start('assess');
    await inspect();
    await assess(service, 'a');
    await eventually('it runs', async () => (await service.status()).jobs.length === 1);
    expect(await service.status()).toMatchObject({ group: 'assessors', roles: ['assess'], kinds: {} });
    expect((await post(service, '/control/concurrency?n=5')).body).toMatchObject({ kind: 'assessment' });
    for (const path of ['image', 'stream']) {
      expect(await post(service, `/api/v1/damage-detection/${path}`)).toMatchObject({
        status: 503,
        body: { code: 'ROLE_NOT_HERE', message: expect.stringContaining('inspect') },
      });
    }
    await release(service, 'a');
    await eventually('it is done', async () => (await service.metric(completed('assessment'))) === 1);
    // Nobody even made the group of inspections.
    expect(await redis.xinfo('GROUPS', INSPECTIONS)).toEqual([]);
  });

  it('refuses a kind that does not run here or that there is not, and says which do', async () => {
    const service = await start('inspect');
    for (const path of ['concurrency?n=2&', 'pause?', 'resume?', 'jobs/x/cancel?']) {
      expect(await post(service, `/control/${path}kind=assessment`)).toMatchObject({
        status: 400,
        body: { code: 'KIND_NOT_HERE', message: expect.stringContaining('it runs: inspection') },
      });
      expect(await post(service, `/control/${path}kind=nonsense`)).toMatchObject({
        status: 400,
        body: { code: 'KIND_UNKNOWN', message: 'kind must be one of: inspection, assessment' },
      });
    }
  });

  it('serves health, metrics, status and dead letters where it runs no jobs at all', async () => {
    const service = await start('schedule');
    await inspect();
    for (const path of ['/health/live', '/health/ready']) expect((await fetch(service.url + path)).status).toBe(200);
    expect(await service.json('/health')).toMatchObject({ details: { redis: { status: 'up' } } });
    expect(await service.status()).toMatchObject({
      state: 'running',
      claiming: false,
      heldBackBecause: [expect.stringContaining('ROLES')],
      concurrency: { limit: 0, inUse: 0 },
      kinds: {},
    });
    expect(await service.metric('process_start_time_seconds')).toBeGreaterThan(0);
    expect(await service.json('/metrics', { headers: { accept: 'application/json' } })).toMatchObject({
      counters: { processed: 0, pending: 0, concurrency_current: 0 },
    });
    expect(await service.json('/control/dlq')).toEqual({ letters: [] });
    expect(await post(service, '/control/pause')).toMatchObject({ status: 400, body: { code: 'KIND_NOT_HERE' } });
    expect(await redis.xinfo('GROUPS', INSPECTIONS)).toEqual([]);
    await server.down('SIGKILL');
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(503);
    await server.up();
    await eventually('it is ready again', async () => (await fetch(`${service.url}/health/ready`)).status === 200);
  });

  it('keeps the dead letters of each kind apart', async () => {
    const service = await start('inspect,assess');
    await redis.xadd(ASSESSMENTS, '*', 'cctvId', 'hopeless');
    await eventually('a dead letter', async () => (await service.metric('worker_dlq_length{kind="assessment"}')) === 1);
    expect(await service.json('/control/dlq')).toEqual({ letters: [] });
    const { letters } = (await service.json('/control/dlq?kind=assessment')) as { letters: { id: string }[] };
    expect(letters).toMatchObject([{ code: 'HOPELESS', stream: ASSESSMENTS }]);
    expect(await service.json(`/control/dlq/${letters[0]?.id ?? ''}?kind=assessment`)).toMatchObject({
      code: 'HOPELESS',
    });
    expect((await post(service, '/control/dlq/redrive?all=true')).body).toEqual({ redriven: 0 });
    expect((await post(service, '/control/dlq/redrive?all=true&kind=assessment')).body).toEqual({ redriven: 1 });
  });

  it('adds jobs of both kinds where neither runs', async () => {
    const config = loadConfig({ REDIS_URL: server.url, ROLES: 'schedule' });
    const modules = {
      module: Nothing,
      imports: [ConfigModule.with(config), LogModule, QueueModule.of(specsOf(config))],
    };
    const app = await NestFactory.createApplicationContext(modules, { logger: false });
    const queues = app.get(KindQueues);
    const job = { lane: 'plain', once: 'c:10:00', rememberMs: 60_000, fields: { cctvId: 'c' } } as const;
    const added = ['inspection', 'assessment'].map((kind) => queues.producer(kind).addOnce(job));
    expect(await Promise.all(added)).toEqual([expect.any(String), expect.any(String)]);
    expect([await redis.xlen(INSPECTIONS), await redis.xlen(ASSESSMENTS)]).toEqual([1, 1]);
    await app.close();
  });
});
