import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from '../../src/redis/connection.js';
import { Link } from '../../src/redis/link.js';
import { idOf, markOf, seedVisit } from '../findings/seed.js';
import { useRedis } from '../support/use-redis.js';
import { House, settled, TOKENS } from './house.js';
import { camerasFile, failed, givenUp, inspected } from './seeds.js';

/** What somebody writes who would like a script to run in the browser of who reads it. */
const CORPUS = [
  '<script>window.hit=1</script>',
  '<img src=x onerror=window.hit=1>',
  '"><svg onload=window.hit=1>',
  `'-window.hit=1-'`,
  'javascript:window.hit=1',
  '<a href="javascript:window.hit=1">look</a>',
  '{{constructor.constructor("window.hit=1")()}}',
  '<iframe srcdoc="<script>parent.hit=1</script>">',
  '</textarea><math><mtext></form><style><img title="--></style><img src=1 onerror=window.hit=1>">',
  '\u202e<b onmouseover=window.hit=1>right to left</b>',
];

let house: House | undefined;
let link: Link;
const { server, redis } = useRedis({ endFirst: () => house?.close() ?? Promise.resolve() });
const there = (): House => house!;
const cameraOf = (n: number): string => `cctv_00${n}`;

beforeAll(async () => {
  // The file of cameras itself refuses signs that turn the direction of writing.
  const names = CORPUS.map((text) => text.replace('\u202e', ''));
  const cameras = names.map((name, n) => ({
    ...{ cctvId: cameraOf(n), name, road: name, tags: [name.slice(0, 40).trim()], hls: 'https://cam.example/a.m3u8' },
    location: { lat: 37.5 + n / 100, lon: 127 },
  }));
  house = await House.open({
    REDIS_URL: server.url,
    ROLES: 'assess,schedule',
    CAMERAS_FILE: await camerasFile(cameras),
  });
  link = new Link(connect({ url: server.url }, 'producer'));
  for (const [n, text] of CORPUS.entries()) await write(n, text);
}, 90_000);
afterAll(() => link.close());

/** Puts a text wherever somebody outside can put one. */
async function write(n: number, text: string): Promise<void> {
  await inspected(redis, cameraOf(n), 1, { damageReason: text, backgroundReason: text });
  await givenUp(redis, {
    ...{ jobId: text, cctvId: cameraOf(n), hls: text, 'roadstream:message': text },
    'roadstream:code': n === 0 ? 'HLS_NO_VIDEO' : 'HLS_TIMEOUT',
  });
  await failed(redis, cameraOf(n), 3, text);
  await seedVisit(link, cameraOf(n), [markOf(`hostile-${n}`, 20, 20, { class: 'D40', severity: 'high' })]);
  const review = { decision: 'accept', note: text, ref: text.slice(0, 60), version: 1 };
  await there().call('POST', `/api/v1/findings/${idOf(`hostile-${n}`)}/review`, review);
}

describe('the page for people', () => {
  it.each([
    '',
    'cameras',
    'cameras?view=map',
    'cameras/cctv_001',
    'findings',
    'dead-letters',
    'jobs?state=failed',
    'log',
  ])('shows what strangers wrote as text: /ui/%s', async (path) => {
    const page = await there().visit(path, { token: TOKENS.operator });
    await settled(page);
    expect(await page.evaluate('window.hit')).toBeUndefined();
    expect(await page.locator('main :is(script, iframe, math, [onerror], [onload], [onmouseover])').count()).toBe(0);
    expect(await page.locator('[href^="javascript:" i]').count()).toBe(0);
    expect(there().faults).toEqual([]);
    await page.context().close();
  });

  it('shows the text itself', async () => {
    const page = await there().visit(`findings?cctvId=${cameraOf(1)}&state=accepted`, { token: TOKENS.operator });
    await page
      .getByText(CORPUS[1] as string)
      .first()
      .waitFor();
    await page.context().close();
  });

  it('does nothing that a page from elsewhere asks for in the name of who is signed in', async () => {
    const id = idOf('hostile-2');
    const before = await there().call<{ version: number }>('GET', `/api/v1/findings/${id}`);
    const stranger = createServer(
      (_request, response) => void response.setHeader('Content-Type', 'text/html').end('<h1>'),
    );
    await once(stranger.listen(0, '127.0.0.1'), 'listening');
    const page = await there().visit('', { token: TOKENS.operator });
    // Another port of this machine is the same site, so that the browser does send the cookie along.
    await page.goto(`http://127.0.0.1:${(stranger.address() as AddressInfo).port}/`);
    const url = `${there().service.url}/api/v1/findings/${id}/review`;
    const body = JSON.stringify({ decision: 'reject', version: before.version });
    const asked = [
      `fetch('${url}', { method: 'POST', mode: 'no-cors', credentials: 'include', headers: { 'Content-Type': 'text/plain' }, body: '${body}' })`,
      `fetch('${url}', { method: 'POST', credentials: 'include', headers: { 'Content-Type': 'application/json' }, body: '${body}' })`,
      `Promise.resolve(navigator.sendBeacon('${url}', '${body}'))`,
    ];
    for (const call of asked) await page.evaluate(`${call}.then(() => 0, () => 0)`);
    const form = `const f = document.createElement('form'); f.method = 'post'; f.action = '${url}'; document.body.append(f); f.submit()`;
    const [answer] = await Promise.all([page.waitForResponse(url), page.evaluate(form)]);
    expect([401, 403]).toContain(answer.status());
    expect(await there().call('GET', `/api/v1/findings/${id}`)).toEqual(before);
    await page.context().close();
    stranger.close();
  });
});
