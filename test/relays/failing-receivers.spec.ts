import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { Service } from '../support/service.js';
import { useFolder } from '../support/use-folder.js';
import { useRedis } from '../support/use-redis.js';
import { newSecret, verified, WebhookReceiver, type Message, type ReceivedCall } from '../support/webhook-receiver.js';

const RESULTS = 'stream:preprocess:results';
const SECRET = newSecret('any');

const { server, redis } = useRedis({ endFirst: () => service.stop() });
const folder = useFolder('webhooks', 'suite');
const receivers: Record<'gone' | 'down' | 'slow' | 'well', WebhookReceiver> = {} as never;
let service: Service;

/** "A day" is two seconds. */
const A_DAY_HOURS = 2 / 3_600;

beforeAll(async () => {
  const webhooks = [];
  for (const name of ['gone', 'down', 'slow', 'well'] as const) {
    receivers[name] = await WebhookReceiver.start();
    webhooks.push({ name, url: receivers[name].url(), secret: SECRET, cameras: [`cctv_${name}`] });
  }
  const file = folder.at('webhooks.json');
  await writeFile(file, JSON.stringify({ webhooks }));
  service = await Service.start({
    REDIS_URL: server.url,
    ROLES: 'inspect,relay',
    WEBHOOKS_FILE: file,
    WEBHOOK_GIVE_UP_HOURS: A_DAY_HOURS.toFixed(6),
    WEBHOOK_CONCURRENCY: '2',
    OUTBOUND_ALLOW: '127.0.0.1',
    REDIS_VISIBILITY_TIMEOUT: '1',
    REDIS_MAX_RETRY: '0',
    RETRY_BASE_SECONDS: '0.1',
    CAMERA_DOWN_AFTER_FAILURES: '2',
    CAMERA_DOWN_RETRY_SECONDS: '0.1',
  });
  await eventually('results are followed', async () => {
    const groups = (await redis.xinfo('GROUPS', RESULTS).catch(() => [])) as string[][];
    return groups.some((group) => group.includes('relay-webhooks'));
  });
}, 60_000);
afterAll(async () => {
  for (const receiver of Object.values(receivers)) await receiver.stop();
});

async function end(name: keyof typeof receivers): Promise<string> {
  const jobId = randomUUID();
  await redis.xadd(RESULTS, '*', 'jobId', jobId, 'cctvId', `cctv_${name}`, 'outcome', 'completed');
  return jobId;
}

async function told(name: keyof typeof receivers, jobId: string): Promise<Message> {
  const isIt = ({ text }: ReceivedCall): boolean => text.includes(jobId);
  return verified(await eventually(`${name} is told`, () => receivers[name].calls.find(isIt)), SECRET);
}

interface Endpoint {
  readonly state: string;
  readonly code: string | null;
  readonly message: string | null;
  readonly switchOn: string | null;
}

async function endpoint(name: string): Promise<Endpoint> {
  return (await service.json(`/api/v1/webhooks/${name}`)) as Endpoint;
}

async function post(path: string, body: object = {}): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  return service.json(path, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function health(): Promise<string> {
  return JSON.stringify(await service.json('/health'));
}

describe('an endpoint', () => {
  it('that answers 410 is switched off and called no more, until it is switched on', async () => {
    receivers.gone.answer(() => 410);
    const first = await end('gone');
    await eventually('it is off', async () => (await endpoint('gone')).state === 'off');
    expect(await endpoint('gone')).toMatchObject({
      code: 'WEBHOOK_GONE',
      switchOn: 'POST /api/v1/webhooks/gone/on',
    });
    expect(await health()).toContain('Switched off: gone since');
    expect(service.output).toContain('POST /api/v1/webhooks/gone/on');
    await end('gone');
    const skipped = () => service.metric('roadstream_webhook_events_total{result="off"}');
    await eventually('the next event makes no call', async () => (await skipped()) === 1);
    expect(receivers.gone.calls).toHaveLength(1);

    receivers.gone.answer(() => 204);
    expect(await post('/api/v1/webhooks/gone/on')).toMatchObject({ state: 'on', switchOn: null });
    const { ['webhook-id']: id } = receivers.gone.calls[0]!.headers;
    await eventually('it is a dead letter', async () => (await redis.xlen('stream:webhooks:dlq')) === 1);
    expect(await post('/control/dlq/redrive?all=true&kind=webhook')).toEqual({ redriven: 1 });
    await eventually('what was given up is sent', () => receivers.gone.calls.length === 2);
    expect(receivers.gone.calls[1]!.headers['webhook-id']).toBe(id);
    expect((await told('gone', first)).data).toMatchObject({ jobId: first });
    expect(await health()).not.toContain('Switched off');
  });

  it('that fails for a day is switched off, and what it missed waits for a person', async () => {
    receivers.down.answer(() => 503);
    await redis.del('stream:webhooks:dlq');
    const jobs = [await end('down'), await end('down'), await end('down')];
    await eventually('they are given up', async () => (await redis.xlen('stream:webhooks:dlq')) === jobs.length);
    expect(await endpoint('down')).toMatchObject({ state: 'failing', code: 'WEBHOOK_REFUSED' });
    jobs.push(await end('down'));
    await eventually('it is off', async () => (await endpoint('down')).state === 'off');
    expect((await endpoint('down')).message).toMatch(/^It failed for [\d.]+ h, last: The receiver answered 503\.$/);
    await eventually('all are set aside', async () => (await redis.xlen('stream:webhooks:dlq')) === jobs.length);

    receivers.down.answer(() => 204);
    receivers.down.calls.length = 0;
    await post('/api/v1/webhooks/down/on');
    await post('/control/dlq/redrive?all=true&kind=webhook');
    for (const job of jobs) await told('down', job);
  });

  it('that does not answer leaves room for others, and touches no job', async () => {
    receivers.slow.answer(() => 'silence');
    for (let i = 0; i < 5; i += 1) await end('slow');
    await eventually('it is called', () => receivers.slow.calls.length > 0);
    const jobs = [];
    for (let i = 0; i < 5; i += 1) jobs.push(await end('well'));
    for (const job of jobs) await told('well', job);
    expect(receivers.slow.mostOpen).toBe(1);

    const webhook = receivers.slow.url('/own');
    await redis.xadd(
      'stream:preprocess',
      '*',
      ...['jobId', 'own', 'cctvId', 'c'],
      'hls',
      'http://127.0.0.1:9/a.m3u8',
      ...['webhook', webhook],
    );
    const done = 'worker_jobs_total{kind="inspection",outcome="discard"}';
    await eventually('the job ends', async () => (await service.metric(done)) === 1);
    receivers.slow.answer(() => 204);
    receivers.slow.letGo();
    const own = await eventually('its receiver is told', () =>
      receivers.slow.calls.find(({ path }) => path === '/own'),
    );
    expect(verified(own, SECRET)).toMatchObject({ type: 'job.failed', data: { jobId: 'own', kind: 'inspection' } });
  });
});
