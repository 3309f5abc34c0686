import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { Service } from '../support/service.js';
import { useFolder } from '../support/use-folder.js';
import { useRedis } from '../support/use-redis.js';
import { newSecret, verified, WebhookReceiver, type ReceivedCall } from '../support/webhook-receiver.js';

const RESULTS = 'stream:preprocess:results';
const [NEW, OLD, OTHER, OWN] = ['new', 'old', 'other', 'own'].map(newSecret) as [string, string, string, string];

const { server, redis } = useRedis({ endFirst: () => service.stop() });
const folder = useFolder('webhooks', 'suite');
let receiver: WebhookReceiver;
let service: Service;

beforeAll(async () => {
  receiver = await WebhookReceiver.start();
  const file = folder.at('webhooks.json');
  const desk = { name: 'desk', url: receiver.url('/desk'), secret: NEW, oldSecret: OLD };
  const failures = { name: 'failures', url: receiver.url('/failures'), secret: { env: 'FAILURES_SECRET' } };
  const webhooks = [desk, { ...failures, events: ['job.failed'], cameras: ['cctv_7'] }];
  await writeFile(file, JSON.stringify({ webhooks }));
  service = await Service.start({
    REDIS_URL: server.url,
    ROLES: 'relay',
    WEBHOOKS_FILE: file,
    FAILURES_SECRET: OTHER,
    WEBHOOK_URL: receiver.url('/all?token=hush'),
    WEBHOOK_SECRET: OWN,
    OUTBOUND_ALLOW: '127.0.0.1',
    REDIS_VISIBILITY_TIMEOUT: '1',
    RETRY_BASE_SECONDS: '0.1',
    CAMERA_DOWN_RETRY_SECONDS: '0.1',
  });
  await eventually('results are followed', async () => {
    const groups = (await redis.xinfo('GROUPS', RESULTS).catch(() => [])) as string[][];
    return groups.some((group) => group.includes('relay-webhooks'));
  });
}, 60_000);
afterEach(() => receiver.answer(() => 204));
afterAll(() => receiver.stop());

/** A job ends; gives its name. */
async function end(fields: Record<string, string> = {}): Promise<string> {
  const jobId = randomUUID();
  const result = {
    jobId,
    cctvId: 'cctv_1',
    outcome: 'completed',
    detections: '3',
    finishedAt: new Date().toISOString(),
  };
  await redis.xadd(RESULTS, '*', ...Object.entries({ ...result, ...fields }).flat());
  return jobId;
}

const about = (path: string, jobId: string): ReceivedCall[] =>
  receiver.at(path).filter(({ text }) => text.includes(`"${jobId}"`));

async function called(path: string, jobId: string, times = 1): Promise<ReceivedCall[]> {
  return eventually(`${path} is called ${times} times`, () => {
    const calls = about(path, jobId);
    return calls.length >= times && calls;
  });
}

interface Answer {
  readonly message?: string;
  readonly items?: readonly unknown[];
}

const call = async (method: string, path: string, body?: object): Promise<{ status: number; body: Answer }> => {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(service.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  return { status: answer.status, body: (await answer.json()) as Answer };
};

describe('the end of a job', () => {
  it('is told to each endpoint once, signed so that either secret verifies it', async () => {
    const jobId = await end();
    const [desk] = await called('/desk', jobId);
    for (const secret of [NEW, OLD]) {
      expect(verified(desk!, secret)).toMatchObject({
        type: 'job.completed',
        data: { jobId, cctvId: 'cctv_1', kind: 'inspection', state: 'completed', result: { detections: 3 } },
      });
    }
    expect(() => verified(desk!, OTHER)).toThrow('No matching signature');
    const [all] = await called('/all', jobId);
    expect(verified(all!, OWN)).toEqual(verified(desk!, NEW));
    expect(all!.path).toBe(`/all?token=hush&job_id=${jobId}`);
    expect(all!.headers['webhook-id']).toBe(desk!.headers['webhook-id']);
    expect([about('/desk', jobId).length, about('/all', jobId).length, about('/failures', jobId).length]).toEqual([
      ...[1, 1, 0],
    ]);
  });

  it('is told to who asked for such events of such cameras', async () => {
    const failed = { outcome: 'failed', code: 'HLS_TIMEOUT', message: 'No video came.', step: 'capture' };
    const other = await end(failed);
    const wanted = await end({ ...failed, cctvId: 'cctv_7' });
    const [told] = await called('/failures', wanted);
    expect(verified(told!, OTHER)).toMatchObject({
      type: 'job.failed',
      data: { failure: { code: 'HLS_TIMEOUT', message: 'No video came.', step: 'capture' }, result: null },
    });
    await called('/desk', other);
    expect(about('/failures', other)).toEqual([]);
  });

  it('makes one call of a result that is read twice', async () => {
    const jobId = await end();
    await called('/desk', jobId);
    const before = await redis.xlen('stream:webhooks');
    // As after the death of a reader between writing and marking: the same entries are read once more.
    await redis.xgroup('SETID', RESULTS, 'relay-webhooks', '0');
    const next = await end();
    await called('/desk', next);
    expect(await redis.xlen('stream:webhooks')).toBe(before + 2);
    expect(about('/desk', jobId)).toHaveLength(1);
  });

  it('is told again under the same name until it was taken, however the receiver fails', async () => {
    const replies = [500, 404, { status: 302, headers: { location: 'http://169.254.169.254/latest' } }, 204];
    receiver.answer(({ path }) => (path === '/desk' ? replies.shift()! : 204));
    const jobId = await end();
    const calls = await called('/desk', jobId, 4);
    expect(new Set(calls.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(calls.map((each) => verified(each, NEW).type)).toEqual(Array(4).fill('job.completed'));
    expect(await service.metric('worker_job_failures_total{kind="webhook",code="WEBHOOK_REDIRECTED"}')).toBe(1);
  });

  it('waits as long as the receiver asks, longer than the visibility timeout too', async () => {
    const replies = [{ status: 429, headers: { 'retry-after': '3' } }, 204];
    receiver.answer(({ path }) => (path === '/desk' ? (replies.shift() ?? 204) : 204));
    const first = await end();
    const [refused] = await called('/desk', first);
    const second = await end();
    const [, taken] = await called('/desk', first, 2);
    expect(taken!.at - refused!.at).toBeGreaterThanOrEqual(3_000);
    const [later] = await called('/desk', second);
    expect(later!.at - refused!.at).toBeGreaterThanOrEqual(3_000);
  });
});

describe('a job with a webhook of its own', () => {
  const hls = 'http://127.0.0.1:9/live.m3u8';

  it('has it called when it ends, also when it is cancelled', async () => {
    const asked = await call('PUT', '/api/v1/jobs/own-1', { cctvId: 'c', hls, webhook: 'http://127.0.0.1:1/x' });
    expect(asked.status).toBe(202);
    const webhook = receiver.url('/own?key=hush');
    await call('PUT', '/api/v1/jobs/own-2', { cctvId: 'c', hls, webhook });
    await call('POST', '/api/v1/jobs/own-2/cancel');
    const [told] = await called('/own', 'own-2');
    expect(told!.path).toBe('/own?key=hush');
    // The server is that of the endpoint "desk", whose secret it knows.
    expect(verified(told!, NEW)).toMatchObject({ type: 'job.cancelled', data: { jobId: 'own-2' } });
    expect(told!.text).not.toContain('hush');
    expect(JSON.stringify((await call('GET', '/api/v1/jobs/own-2')).body)).not.toContain('hush');
  });

  it('is refused where the URL may not be called', async () => {
    const refused = await call('PUT', '/api/v1/jobs/own-3', { cctvId: 'c', hls, webhook: 'http://169.254.169.254/' });
    expect(refused).toMatchObject({ status: 422, body: { code: 'URL_NOT_ALLOWED' } });
    expect(refused.body.message).toContain('"webhook"');
    const odd = await call('PUT', '/api/v1/jobs/own-3', { cctvId: 'c', hls, webhook: 'ftp://x' });
    expect(odd.body).toMatchObject({ code: 'URL_NOT_ALLOWED', message: expect.stringContaining('"webhook"') });
  });

  it('leaves a dead letter without the secret where a producer named such a URL', async () => {
    await end({ 'roadstream:webhook': 'http://10.0.0.1/x?token=hush' });
    const path = '/api/v1/dead-letters?kind=webhook&code=URL_NOT_ALLOWED';
    const letters = await eventually('it is set aside', async () => {
      const { body } = await call('GET', path);
      return body.items?.length === 1 && body;
    });
    expect(JSON.stringify(letters)).not.toContain('hush');
    expect(service.output).not.toContain('hush');
  });
});
