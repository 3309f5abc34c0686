import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { toFields } from '../../src/redis/fields.js';
import { eventually } from '../support/eventually.js';
import { HlsMedia } from '../support/hls-media.js';
import { HlsOrigin } from '../support/hls-origin.js';
import { watchingModules } from '../support/module-watch.js';
import { NOBODY_AT } from '../support/nobody.js';
import { OtlpReceiver, type ReceivedSpan } from '../support/otlp-receiver.js';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';

const STREAM = 'stream:preprocess';
const PRODUCER = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
const TRACEPARENT = `00-${PRODUCER.traceId}-${PRODUCER.spanId}-01`;
const NOT_RECORDED = `00-${PRODUCER.traceId}-${PRODUCER.spanId}-00`;
/** prom-client brings the API of OpenTelemetry itself. */
const LIBRARIES = /^@opentelemetry\/(?!api$)/;

const { server, redis } = useRedis();
let media: HlsMedia;
let origin: HlsOrigin;

beforeAll(async () => {
  media = await HlsMedia.make(['vod']);
  origin = await HlsOrigin.start(media);
  const playlist = readFileSync(join(media.folder, 'vod/index.m3u8'), 'utf8').replace(/^index/gm, '/vod/index');
  // Fails every job at its first attempt.
  origin.on('/private/camera.m3u8', (_request, response) => {
    const answer = ([, , , deliveries]: unknown[]): unknown =>
      Number(deliveries) > 1 ? response.end(playlist) : response.writeHead(500).end();
    void redis.xpending(STREAM, 'workers', '-', '+', 1).then(([entry]) => answer(entry as unknown[]));
  });
}, 60_000);

afterAll(async () => {
  await origin.stop();
  await media.remove();
});

/** Those of single tests. */
const services: Service[] = [];

afterEach(async () => {
  for (const service of services.splice(0)) if (service.isAlive) await service.stop('SIGKILL');
});

async function startForOne(environment: Record<string, string>, options = {}): Promise<Service> {
  const service = await start(environment, options);
  services.push(service);
  return service;
}

function start(environment: Record<string, string>, options = {}): Promise<Service> {
  const settings = {
    REDIS_URL: server.url,
    ROLES: 'inspect',
    OUTBOUND_ALLOW: `127.0.0.1:${origin.port},${NOBODY_AT}`,
    REDIS_VISIBILITY_TIMEOUT: '5',
    RETRY_BASE_SECONDS: '0.2',
    ...environment,
  };
  return Service.start(settings, options);
}

async function completed(service: Service, count: number): Promise<void> {
  const series = 'roadstream_jobs_total{kind="inspection",outcome="complete"}';
  await eventually(`${count} done`, async () => ((await service.metric(series)) ?? 0) >= count, 25_000);
}

/** The log lines of a job. */
function linesOf({ output }: Service, jobId: string): Record<string, unknown>[] {
  const lines = output.split('\n').filter((line) => line.startsWith('{') && line.includes(`"${jobId}"`));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

const job = (jobId: string, path: string, more: Record<string, string> = {}): string[] =>
  Object.entries({ jobId, cctvId: 'cam-7', hls: origin.url(path), sec: '2', ...more }).flat();

describe('the traces of a job', () => {
  let collector: OtlpReceiver;
  let service: Service;
  let runs: ReceivedSpan[];

  beforeAll(async () => {
    collector = await OtlpReceiver.start();
    service = await start({
      OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/otlp/`,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-team=road%20works,authorization=Bearer%20abc',
      OTEL_SERVICE_NAME: 'roads-of-the-city',
    });
    await redis.xadd(STREAM, '*', ...job('j-1', '/private/camera.m3u8?token=secret', { traceparent: TRACEPARENT }));
    await completed(service, 1);
    runs = await eventually('both attempts', () => {
      const found = collector.runs('j-1');
      return found.length === 2 && found;
    });
  }, 120_000);

  afterAll(async () => {
    await service.stop();
    await collector.stop();
  });

  it('are one for each attempt, linked to the producer and to the attempt before', () => {
    const [first, second] = runs as [ReceivedSpan, ReceivedSpan];
    expect([first.name, first.kind, first.parentSpanId]).toEqual([`process ${STREAM}`, 5, undefined]);
    expect(second.traceId).not.toBe(first.traceId);
    expect(first.links).toEqual([{ ...PRODUCER, attributes: { 'roadstream.link': 'producer' } }]);
    expect(second.links).toEqual([
      { ...PRODUCER, attributes: { 'roadstream.link': 'producer' } },
      { traceId: first.traceId, spanId: first.spanId, attributes: { 'roadstream.link': 'attempt before' } },
    ]);
  });

  it('say what became of it, by the names of the conventions', () => {
    const [first, second] = runs as [ReceivedSpan, ReceivedSpan];
    expect(first.attributes).toMatchObject({
      'service.name': 'roads-of-the-city',
      'messaging.system': 'redis',
      'messaging.operation.type': 'process',
      'messaging.destination.name': STREAM,
      'messaging.consumer.group.name': 'workers',
      'messaging.message.id': expect.stringMatching(/^\d+-\d+$/),
      'roadstream.kind': 'inspection',
      'roadstream.camera.id': 'cam-7',
      'roadstream.attempt': 1,
      'roadstream.outcome': 'retry',
      'error.type': expect.stringMatching(/^HLS_/),
    });
    expect(first.status).toBe(2);
    expect(second.attributes).toMatchObject({ 'roadstream.attempt': 2, 'roadstream.outcome': 'complete' });
    expect([second.attributes['error.type'], second.status]).toEqual([undefined, undefined]);
  });

  it('have a part for each step, which says why it failed', () => {
    const [first, second] = runs as [ReceivedSpan, ReceivedSpan];
    const [failed] = collector.within(first);
    expect(failed).toMatchObject({ name: 'capture', traceId: first.traceId, status: 2 });
    expect(failed?.attributes['error.type']).toBe(first.attributes['error.type']);
    const steps = collector.within(second);
    const names = ['capture', 'background', 'visits', 'damage', 'artifacts', 'remember'];
    expect(steps.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
    for (const { traceId, startedAt, endedAt, status } of steps) {
      expect([traceId, status]).toEqual([second.traceId, undefined]);
      expect(startedAt >= second.startedAt && startedAt <= endedAt && endedAt <= second.endedAt).toBe(true);
    }
  });

  it('hold no URL and no secret', () => {
    expect(collector.text).not.toMatch(/secret|private|camera\.m3u8|127\.0\.0\.1|Bearer/);
  });

  it('go to where the settings say, with the headers that they say', () => {
    expect(collector.path).toBe('/otlp/v1/traces');
    expect(collector.headers).toMatchObject({ 'x-team': 'road works', authorization: 'Bearer abc' });
    expect(service.output).not.toContain('Bearer');
  });

  it('are named in the log lines of the job', () => {
    const lines = linesOf(service, 'j-1');
    expect(lines.length).toBeGreaterThan(3);
    for (const { attempt, trace_id } of lines) expect(trace_id).toBe(runs[Number(attempt) - 1]?.traceId);
  });

  it('begin with the call that asked for the job over HTTP; asked again in another trace it is the same job', async () => {
    const ask = async (traceparent: string): Promise<number> => {
      const body = JSON.stringify({ cctvId: 'cam-7', hls: origin.url('/vod/index.m3u8'), sec: 2 });
      const headers = { 'content-type': 'application/json', traceparent };
      const answer = await fetch(`${service.url}/api/v1/jobs/asked`, { method: 'PUT', headers, body });
      return answer.status;
    };
    expect(await ask(TRACEPARENT)).toBe(202);
    expect(await ask(NOT_RECORDED)).toBe(200);
    const [run] = await eventually('its trace', () => {
      const found = collector.runs('asked');
      return found.length === 1 && found;
    });
    expect(run?.links).toEqual([expect.objectContaining(PRODUCER)]);
  });

  it('are none for a job whose producer says that its trace is not recorded', async () => {
    await redis.xadd(STREAM, '*', ...job('quiet', '/vod/index.m3u8', { traceparent: NOT_RECORDED }));
    await completed(service, 3);
    await redis.xadd(STREAM, '*', ...job('loud', '/vod/index.m3u8', { traceparent: 'nonsense' }));
    const [run] = await eventually('the trace of the next job', () => {
      const found = collector.runs('loud');
      return found.length === 1 && found;
    });
    expect(run?.links).toEqual([]);
    expect(collector.runs('quiet')).toEqual([]);
    expect(linesOf(service, 'quiet').filter(({ trace_id }) => trace_id !== undefined)).toEqual([]);
  });

  it('keep the link to the producer through the dead-letter stream and back', async () => {
    const entryId = await redis.xadd(STREAM, '*', 'jobId', 'dead', 'hls', 'ftp://x', 'traceparent', TRACEPARENT);
    const ofEntry = (id: string | null) =>
      collector.spans.find(({ attributes }) => attributes['messaging.message.id'] === id);
    const first = await eventually('its trace', () => ofEntry(entryId));
    expect(first.attributes).toMatchObject({ 'roadstream.outcome': 'discard', 'error.type': 'MISSING_FIELD' });
    const [letter] = await redis.xrange(`${STREAM}:dlq`, '-', '+');
    expect(toFields(letter![1])['traceparent']).toBe(TRACEPARENT);
    const redriven = await fetch(`${service.url}/control/dlq/redrive?all=true`, { method: 'POST' });
    expect(await redriven.json()).toEqual({ redriven: 1 });
    const second = await eventually('the trace of its second life', () =>
      collector.spans.find(
        ({ attributes, traceId }) => attributes['error.type'] === 'MISSING_FIELD' && traceId !== first.traceId,
      ),
    );
    expect([first, second].map(({ links }) => links)).toEqual([
      [expect.objectContaining(PRODUCER)],
      [expect.objectContaining(PRODUCER)],
    ]);
  });
});

describe('a collector that is away', () => {
  it('costs a job nothing, and the log one line', async () => {
    const service = await startForOne({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' });
    const told = (): number => service.output.split('takes no traces').length - 1;
    await redis.xadd(STREAM, '*', ...job('unheard', '/vod/index.m3u8'));
    await completed(service, 1);
    await eventually('it is told', () => told() > 0, 20_000);
    expect(linesOf(service, 'unheard').at(-1)).toMatchObject({ outcome: 'complete', trace_id: expect.any(String) });
    expect(await service.stop()).toBe(0);
    expect(told()).toBe(1);
  }, 90_000);
});

describe('without a collector', () => {
  it('no library is loaded, and no run is traced', async () => {
    const service = await startForOne({ OTEL_SERVICE_NAME: 'x' }, { under: watchingModules(LIBRARIES) });
    await redis.xadd(STREAM, '*', ...job('untraced', '/vod/index.m3u8', { traceparent: TRACEPARENT }));
    await completed(service, 1);
    expect(service.output).not.toContain('asked for');
    expect(service.output).not.toContain('trace_id');
    expect(await service.stop()).toBe(0);
  }, 90_000);

  it('a library that is not installed is named with the command that installs it, and jobs run', async () => {
    const under = watchingModules(LIBRARIES, { hides: true });
    const service = await startForOne({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' }, { under });
    expect(service.output).toContain('asked for @opentelemetry/sdk-trace-node');
    expect(service.output).toMatch(/npm install [^;]*@opentelemetry\/sdk-trace-node@\^2; jobs run, and are not traced/);
    await redis.xadd(STREAM, '*', ...job('all-the-same', '/vod/index.m3u8'));
    await completed(service, 1);
    expect(await service.stop()).toBe(0);
  }, 90_000);
});
