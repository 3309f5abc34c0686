import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { GuardedProxy } from '../../src/capture/proxy/guarded-proxy.js';
import { OutboundPolicy } from '../../src/outbound/outbound-policy.js';
import { parseOutboundRules } from '../../src/outbound/outbound-rules.js';
import type { ProxySession } from '../../src/capture/proxy/proxy-session.js';
import { eventually } from '../support/eventually.js';

const MB = 1024 * 1024;
const LIMITS = { maxBytes: 1e9, maxRequests: 1_000, maxConcurrent: 64 };
const LINES = '#EXTINF:1,\na-segment-with-a-long-name.ts\n';

/** Live, and nearly as large as may be: 3.9 MB. */
const LARGE = `#EXTM3U\n${LINES.repeat(Math.floor((3.9 * MB) / LINES.length))}`;

let camera: Server;
let proxy: GuardedProxy;
let session: ProxySession;

beforeAll(async () => {
  // Each playlist differs from all others.
  camera = createServer(({ url }, response) => response.end(`${LARGE}#${url}\n`));
  await new Promise<void>((resolve) => camera.listen(0, '127.0.0.1', resolve));
  proxy = new GuardedProxy(new OutboundPolicy(parseOutboundRules('127.0.0.1')), { connectTimeoutMs: 1_000 });
  await proxy.listen();
});

afterAll(async () => {
  await proxy.close();
  camera.closeAllConnections();
  await new Promise((resolve) => camera.close(resolve));
});

beforeEach(() => {
  session = proxy.openSession(LIMITS);
});

afterEach(() => session.close());

async function ask(path: string): Promise<IncomingMessage> {
  const { hostname, port, username, password } = new URL(session.proxyUrl);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const url = `http://127.0.0.1:${(camera.address() as AddressInfo).port}${path}`;
  const headers = { 'proxy-authorization': authorization };
  const outgoing = request({ host: hostname, port, path: url, headers, agent: false });
  const [response] = (await once(outgoing.end(), 'response')) as [IncomingMessage];
  return response;
}

/** What this process holds after everything has gone that nobody needs. Bytes. */
function held(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe('a hostile camera', () => {
  it('with a hundred playlists of 4 MB leaves less than 10 MB behind in its session', async () => {
    const before = held();
    for (let i = 0; i < 100; i += 1) {
      const answer = await ask(`/${i}.m3u8`);
      await once(answer.resume(), 'end');
    }
    expect(session.report().playlists).toBe(100);
    // Buffers are freed beside the main thread.
    await eventually('it is let go', () => held() - before < 10 * MB);
  }, 60_000);

  it('cannot have the proxy keep more than 16 MB of playlists that nobody reads', async () => {
    const answers: IncomingMessage[] = [];
    for (let i = 0; i < 12; i += 1) {
      answers.push(await ask(`/${i}.m3u8`));
      expect(session.keptBytes).toBeLessThanOrEqual(16 * MB);
    }
    const statuses = answers.map(({ statusCode }) => statusCode);
    expect(statuses.slice(0, 4)).toEqual([200, 200, 200, 200]);
    // What the system's own buffers took is not kept any more, and made room for others.
    expect(statuses.slice(4)).toContain(403);
    expect(session.report().refusals[0]).toMatchObject({ code: 'HLS_PLAYLIST_TOO_LARGE' });
    for (const answer of answers) answer.destroy();
  });

  it('may have its playlists read one after the other, however many', async () => {
    for (let i = 0; i < 12; i += 1) {
      const answer = await ask(`/${i}.m3u8`);
      expect(answer.statusCode).toBe(200);
      await once(answer.resume(), 'end');
    }
  });

  it('is still seen when its large playlist does not change', async () => {
    for (let i = 0; i < 5; i += 1) await once((await ask('/same.m3u8')).resume(), 'end');
    expect(session.report().unchangedReloads).toBe(4);
  });
});
