import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config/config.js';
import type { Run } from '../../src/job/handler.js';
import { MACHINE_CLOCK as clock } from '../../src/lib/clock.js';
import { GuardedPost } from '../../src/outbound/guarded-post.js';
import { OutboundPolicy } from '../../src/outbound/outbound-policy.js';
import { parseOutboundRules } from '../../src/outbound/outbound-rules.js';
import { connect } from '../../src/redis/connection.js';
import { Link } from '../../src/redis/link.js';
import { EndpointStates } from '../../src/webhooks/endpoints/endpoint-states.js';
import { Endpoints } from '../../src/webhooks/endpoints/endpoint.js';
import { WebhookHandler } from '../../src/webhooks/webhook.handler.js';
import type { WebhookJob } from '../../src/webhooks/webhook-job.js';
import { useRedis } from '../support/use-redis.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

const { server } = useRedis({ endFirst: () => link.connection.disconnect() });
let link: Link;
let receiver: WebhookReceiver;

beforeAll(async () => {
  receiver = await WebhookReceiver.start(() => 'silence');
  const { redis } = loadConfig({ REDIS_URL: server.url, GEMINI_API_KEY: 'key' });
  link = new Link(connect(redis, 'producer'));
});
afterAll(() => receiver.stop());

const run = {
  signal: new AbortController().signal,
  note: () => undefined,
  step: <T>(_: string, work: () => Promise<T>) => work(),
} as unknown as Run;

describe('calls of one receiver', () => {
  it('are no more at once than it gets, though all come in one moment', async () => {
    const post = new GuardedPost(new OutboundPolicy(parseOutboundRules('127.0.0.1')), 10_000);
    const states = new EndpointStates(link, { stream: 'stream:webhooks', group: 'callers' }, clock);
    const settings = { mostToOne: 2, giveUpAfterMs: 60_000 };
    const handler = new WebhookHandler(
      settings,
      post,
      new Endpoints([], []),
      states,
      { switchedOff: () => undefined },
      clock,
    );
    const job: WebhookJob = {
      ...{ jobId: 'call', cctvId: 'cam', messageId: 'inspection-1-0', endpoint: '', url: receiver.url('/mine') },
      ...{ ofJob: 'job', message: '{}', receiver: receiver.url(''), priorAttempts: 0, enqueuedAt: Date.now() },
    };
    let busy = 0;
    const calls = Array.from({ length: 8 }, () =>
      handler.handle(job, run).catch((error: unknown) => {
        busy += (error as { code: string }).code === 'RECEIVER_BUSY' ? 1 : 0;
        // The others are turned away while two are in hand.
        if (busy === 6) receiver.answer(() => 204);
        if (busy === 6) receiver.letGo();
      }),
    );
    await Promise.all(calls);
    expect(busy).toBe(6);
    expect(receiver.mostOpen).toBeLessThanOrEqual(2);
  });
});
