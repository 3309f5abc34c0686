import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Finding } from '../../src/findings/finding.js';
import { connect } from '../../src/redis/connection.js';
import { Link } from '../../src/redis/link.js';
import { eventually } from '../support/eventually.js';
import { Service } from '../support/service.js';
import { SseReader } from '../support/sse-reader.js';
import { useRedis } from '../support/use-redis.js';
import { idOf, markOf, seedVisit } from './seed.js';

const DAY = 86_400_000;
const CAMERAS = [
  { cctvId: 'a', name: '세종대로', road: 'Sejong-daero', tags: ['school'], location: { lat: 37.5, lon: 127 } },
  { cctvId: 'b', road: 'Mapo-daero' },
  { cctvId: 'c' },
];

let service: Service;
let link: Link;
let folder: string;
const { server, redis } = useRedis({ endFirst: () => Promise.all([service.stop(), link.close()]) });

interface Page {
  items: Finding[];
  next: string | null;
}

const get = (path: string) => service.json(`/api/v1/${path}`);
const page = async (query = '') => (await get(`findings${query}`)) as Page;
const namesIn = ({ items }: Page) => items.map(({ id }) => id);

async function post(path: string, body: object): Promise<Record<string, unknown> & { status: unknown }> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${service.url}/api/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { ...((await answer.json()) as object), httpStatus: answer.status } as never;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'findings-'));
  await writeFile(join(folder, 'cameras.json'), JSON.stringify({ cameras: CAMERAS }));
  service = await Service.start({
    REDIS_URL: server.url,
    ROLES: 'schedule',
    CAMERAS_FILE: join(folder, 'cameras.json'),
    ARTIFACTS_DIR: join(folder, 'artifacts'),
  });
  link = new Link(connect({ url: server.url }, 'producer'));
  const now = Date.now();
  await seedVisit(link, 'a', [markOf('old', 10, 10), markOf('bad', 200, 10, { severity: 'high' })], {
    at: now - 3 * DAY,
  });
  await seedVisit(link, 'b', [markOf('new', 10, 10), markOf('mild', 200, 10, { severity: 'low', class: 'D40' })], {
    at: now,
  });
}, 60_000);

afterAll(() => undefined);

describe('a list of findings', () => {
  it('begins with what is to be looked at, the worst of it, then the oldest', async () => {
    expect(namesIn(await page())).toEqual(['bad', 'old', 'new', 'mild'].map(idOf));
    expect((await page()).items[1]).toMatchObject({
      ...{ id: idOf('old'), cctvId: 'a', class: 'crack', severity: 'medium', state: 'open', version: 1, missed: false },
      ...{ areaM2: null, goneSince: null, seenIn: 1, lookedAt: 1, detector: { name: 'road-damage', version: '2' } },
    });
    expect((await page()).items[1]).not.toHaveProperty('history');
  });

  it('goes on page by page', async () => {
    const first = await page('?limit=3');
    expect(namesIn(first)).toEqual(['bad', 'old', 'new'].map(idOf));
    expect(await page(`?limit=3&cursor=${first.next}`)).toMatchObject({ items: [{ id: idOf('mild') }], next: null });
    expect(await get('findings?cursor=x')).toMatchObject({ status: 400, code: 'BAD_CURSOR' });
  });

  it.each([
    ['cctvId=b', ['new', 'mild']],
    ['class=D40', ['mild']],
    ['severity=high', ['bad']],
    ['road=Sejong-daero', ['bad', 'old']],
    ['tag=school&severity=medium', ['old']],
    ['state=accepted,rejected', []],
  ])('shows what a filter names: %s', async (query, names) => {
    expect(namesIn(await page(`?${query}`))).toEqual(names.map(idOf));
  });

  it('refuses a filter that means nothing', async () => {
    expect(await get('findings?state=odd')).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
    expect(await get(`findings/${idOf('nobody')}`)).toMatchObject({ status: 404, code: 'NO_SUCH_FINDING' });
  });
});

describe('reviews', () => {
  it('are told to those who listen, kept with who said so, and written into the file of the camera', async () => {
    const reader = await SseReader.open(`${service.url}/api/v1/events?types=finding.updated`);
    const body = { decision: 'reject', reason: 'shadow', note: '그림자', version: 1 };
    expect(await post(`findings/${idOf('old')}/review`, body)).toMatchObject({
      ...{ httpStatus: 200, state: 'rejected', reason: 'shadow', note: '그림자', version: 2, by: 'this machine' },
    });
    const told = await eventually('it is told', () => reader.events.find(({ type }) => type === 'finding.updated'));
    reader.close();
    expect(told.data).toEqual({
      ...{ id: idOf('old'), cctvId: 'a', state: 'rejected', version: 2, severity: 'medium' },
    });
    expect(await get(`findings/${idOf('old')}`)).toMatchObject({
      history: [{ decision: 'reject', by: 'this machine' }],
    });
    const file = join(folder, 'artifacts/preprocess/@reviews/a/reviews.json');
    const text = await eventually('it is written', () => readFile(file, 'utf8').catch(() => undefined));
    expect(JSON.parse(text)).toMatchObject({ cctvId: 'a', findings: [{ id: idOf('old'), note: '그림자' }] });
    const { items } = (await get('audit')) as { items: { call: string }[] };
    expect(items.map(({ call }) => call)).toContain(`POST /api/v1/findings/${idOf('old')}/review`);
  });

  it('of what somebody else has changed are refused with what it is now', async () => {
    expect(await post(`findings/${idOf('old')}/review`, { decision: 'accept', version: 1 })).toMatchObject({
      ...{ httpStatus: 409, code: 'REVIEW_CHANGED', current: { id: idOf('old'), state: 'rejected', version: 2 } },
      message: expect.stringMatching(/this machine has changed this finding at .* it is rejected now/),
    });
  });

  it('are taken back', async () => {
    expect(await post(`findings/${idOf('old')}/undo`, { version: 2 })).toMatchObject({ state: 'open', version: 3 });
    expect(await post(`findings/${idOf('old')}/undo`, { version: 3 })).toMatchObject({
      ...{ httpStatus: 409, code: 'NOTHING_TO_UNDO' },
    });
  });

  it('of many are done when the filter names as many as the person saw', async () => {
    const body = { filter: { cctvId: 'b' }, decision: 'accept', answer: 'pothole' };
    expect(await post('findings/review', { ...body, expected: 3 })).toMatchObject({
      ...{ httpStatus: 409, code: 'COUNT_DIFFERS', count: 2 },
    });
    expect(await post('findings/review', { ...body, expected: 2 })).toMatchObject({ reviewed: 2, changed: 0 });
    expect(namesIn(await page('?state=accepted'))).toEqual(['new', 'mild'].map(idOf));
  });

  it('note what was missed', async () => {
    const box = { x: 0.5, y: 0.5, width: 0.1, height: 0.1 };
    const answer = await post('cameras/c/findings', { class: 'D40', box, note: '=1+1' });
    expect(answer).toMatchObject({ httpStatus: 201, cctvId: 'c', missed: true, state: 'accepted', version: 1, box });
    expect(await post('cameras/c/findings', { class: 'D40', box: { x: 2 } })).toMatchObject({ code: 'BAD_REQUEST' });
  });

  it.each([
    [{ decision: 'maybe', version: 1 }],
    [{ decision: 'reject', reason: 'x', version: 1 }],
    [{ decision: 'accept' }],
    [{ decision: 'accept', version: 1, note: 'x'.repeat(1_001) }],
  ])('are refused when they are no such: %j', async (body) => {
    expect(await post(`findings/${idOf('old')}/review`, body)).toMatchObject({ httpStatus: 400, code: 'BAD_REQUEST' });
  });

  it('are counted by detector, by state and by the day', async () => {
    await post(`findings/${idOf('bad')}/review`, { decision: 'reject', reason: 'wet', version: 1 });
    expect(await get('findings/counts')).toEqual({
      toReview: 1,
      byState: { open: 1, accepted: 3, rejected: 1, repaired: 0, came_back: 0 },
      bySeverity: { high: 0, medium: 1, low: 0 },
      detectors: [{ name: 'road-damage', version: '2', accepted: 2, rejected: 1, precision: 2 / 3 }],
      ...{ newSince24h: 4, grownSince24h: 0, goneSince24h: 0 },
    });
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toContain('roadstream_reviews_total{detector="road-damage",version="2",decision="accept"} 2');
    expect(await redis.zcard('{stream:preprocess}:findings-index')).toBe(5);
  });
});
