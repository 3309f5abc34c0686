import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { GuardedPost, NoAnswerError } from '../../src/outbound/guarded-post.js';
import { OutboundPolicy, OutboundRefusedError } from '../../src/outbound/outbound-policy.js';
import { parseOutboundRules } from '../../src/outbound/outbound-rules.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

let receiver: WebhookReceiver;
beforeAll(async () => void (receiver = await WebhookReceiver.start()));
afterEach(() => receiver.answer(() => 204));
afterAll(() => receiver.stop());

const never = new AbortController().signal;
const message = { headers: { 'webhook-id': '1' }, body: '{"a":"ä"}' };

/** In a world in which names have these addresses, one after the other. */
function poster(addresses: string[], allow = 'receiver.example', timeoutMs = 10_000): GuardedPost {
  const resolver = async (): Promise<string[]> => [addresses.length > 1 ? addresses.shift()! : addresses[0]!];
  return new GuardedPost(new OutboundPolicy(parseOutboundRules(allow), [], resolver, () => []), timeoutMs);
}

describe('GuardedPost', () => {
  it('goes to the address that was checked, whatever the name means by then', async () => {
    // Nobody but the policy's own resolver knows this name: a second look-up would find nothing.
    const url = `http://receiver.example:${receiver.port}/x?y=1`;
    expect(await poster(['127.0.0.1']).send({ url, ...message }, never)).toEqual({
      status: 204,
      retryAfter: undefined,
    });
    expect(receiver.calls.at(-1)).toMatchObject({ path: '/x?y=1', text: message.body });
    expect(receiver.calls.at(-1)!.headers.host).toBe(`receiver.example:${receiver.port}`);
  });

  it('asks the policy each time: a name that was public and is internal now is refused', async () => {
    const before = receiver.calls.length;
    const rebinding = poster(['127.0.0.1', '169.254.169.254'], '127.0.0.0/8');
    const url = `http://receiver.example:${receiver.port}/`;
    expect((await rebinding.send({ url, ...message }, never)).status).toBe(204);
    await expect(rebinding.send({ url, ...message }, never)).rejects.toThrow(OutboundRefusedError);
    await expect(rebinding.send({ url: 'http://[::1]/', ...message }, never)).rejects.toThrow(OutboundRefusedError);
    await expect(rebinding.send({ url: 'file:///etc/passwd', ...message }, never)).rejects.toThrow(
      OutboundRefusedError,
    );
    expect(receiver.calls.length).toBe(before + 1);
  });

  it('follows no redirect and gives Retry-After as it came', async () => {
    receiver.answer(() => ({ status: 307, headers: { location: receiver.url('/elsewhere'), 'retry-after': '7' } }));
    const url = receiver.url('/moved');
    const answer = await poster([], '127.0.0.1').send({ url, ...message }, never);
    expect(answer).toEqual({ status: 307, retryAfter: '7' });
    expect(receiver.at('/elsewhere')).toEqual([]);
  });

  it('waits for no body that does not come: no connection is left to a receiver that keeps it open', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const gone = new Promise<void>((resolve) => {
      server.on('request', (_, response) => {
        response.once('close', resolve);
        response.writeHead(200).write('more to come');
      });
    });
    const { port } = server.address() as AddressInfo;
    const answer = await poster([], '127.0.0.1', 60_000).send({ url: `http://127.0.0.1:${port}/`, ...message }, never);
    expect(answer.status).toBe(200);
    await gone;
    server.close();
  });

  it('gives up when no answer comes in time, and when it is told to', async () => {
    receiver.answer(() => 'silence');
    const url = receiver.url('/silent');
    await expect(poster([], '127.0.0.1', 100).send({ url, ...message }, never)).rejects.toThrow(NoAnswerError);
    const stopping = new AbortController();
    const sent = poster([], '127.0.0.1').send({ url, ...message }, stopping.signal);
    stopping.abort(new Error('enough'));
    await expect(sent).rejects.toThrow('enough');
  });

  it('gives up on a name server that does not answer', async () => {
    const policy = new OutboundPolicy([], [], () => new Promise(() => undefined));
    const sent = new GuardedPost(policy, 50).send({ url: 'http://receiver.example/', ...message }, never);
    await expect(sent).rejects.toThrow(NoAnswerError);
  });
});
