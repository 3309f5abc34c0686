import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import sharp, { type Sharp } from 'sharp';
import { drawStill, sceneOf, VIEWPOINTS } from '../../demo/renderer/index.js';
import { toBytes } from '../../src/damage/memory/visits/visit-bytes.js';
import { visitArtifact, visitName } from '../../src/damage/memory/visits/visit-name.js';
import { visitId } from '../../src/job/visit-id.js';
import { emptyMask } from '../../src/picture/mask.js';
import { eventually } from '../support/eventually.js';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';

const TOKEN = 'a-long-enough-secret-token';
const HEADERS = { Authorization: `Bearer ${TOKEN}` };
const RESULTS = 'stream:preprocess:results';
const NOON = Date.UTC(2026, 0, 1, 12);
/** px of the source that the camera was shifted by between the two clear visits. */
const SHIFT = { x: 21, y: -9 };
const SIZE = { width: 1_200, height: 660 };

let service: Service;
const { server, redis } = useRedis({ endFirst: () => service.stop() });

interface Visits {
  items: { visit: string; jobId: string; picture: string | null; kept: boolean; verdict: string | null }[];
  next: string | null;
}

const call = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${service.url}${path}`, { headers: { ...HEADERS, ...headers } });
const json = async <T>(path: string): Promise<T> => (await (await call(path)).json()) as T;
const visitsOf = async (query = ''): Promise<Visits> => json<Visits>(`/api/v1/cameras/cam/visits?${query}`);
const idOf = (jobId: string, minute: number): string => visitId({ jobId, enqueuedAt: NOON + minute * 60_000 });

async function inspected(jobId: string, minute: number, more: Record<string, string>, picture?: Buffer): Promise<void> {
  const artifacts = `preprocess/cam/${jobId}/t/`;
  if (picture !== undefined) {
    await mkdir(join(service.artifacts, artifacts), { recursive: true });
    await writeFile(join(service.artifacts, artifacts, 'background.jpg'), picture);
  }
  const enqueuedAt = new Date(NOON + minute * 60_000).toISOString();
  const fields = { jobId, cctvId: 'cam', enqueuedAt, damageVerdict: 'clear', light: 'day', artifacts, ...more };
  await redis.xadd(RESULTS, '*', ...Object.entries(fields).flat());
}

/** A piece of one large picture: two of them show the same, shifted by what is known. */
function piece(large: Sharp, left: number, top: number): Promise<Buffer> {
  return large
    .clone()
    .extract({ left, top, ...SIZE })
    .jpeg({ quality: 85 })
    .toBuffer();
}

beforeAll(async () => {
  const environment = { REDIS_URL: server.url, CONTROL_TOKEN: TOKEN, ROLES: 'assess' };
  service = await Service.start(environment);
  const scene = { seed: 3, view: VIEWPOINTS.gantry, width: 1_280, height: 720 };
  const drawn = drawStill(sceneOf(scene)).picture.rgb;
  const other = drawStill(
    sceneOf({ ...scene, view: { ...VIEWPOINTS.gantry, yaw: VIEWPOINTS.gantry.yaw + 12 } }),
  ).picture;
  const raw = { width: 1_280, height: 720, channels: 3 } as const;
  const large = sharp(drawn, { raw });
  await inspected('first', 0, { damagedRoadShare: '0.01' }, await piece(large, 30, 30));
  const rain = { damageVerdict: 'inconclusive', damageReason: 'It rains.' };
  await inspected('rain', 1, rain, await piece(large, 30, 30));
  await inspected('second', 2, { worstSeverity: 'high' }, await piece(large, 30 + SHIFT.x, 30 + SHIFT.y));
  await inspected('turned', 3, {}, await piece(sharp(other.rgb, { raw }), 30, 30));
  await inspected('lost', 4, {});
  await eventually(
    'all are noted',
    async () => (await call('/api/v1/cameras/cam/visits')).ok && (await visitsOf()).items.length === 5,
  );
}, 120_000);

describe('the visits of a camera', () => {
  it('are listed page by page, newest first, those that could not tell as well', async () => {
    const { items } = await visitsOf();
    expect(items.map(({ jobId }) => jobId)).toEqual(['lost', 'turned', 'second', 'rain', 'first']);
    expect(items[3]).toEqual({
      ...{ visit: idOf('rain', 1), jobId: 'rain', at: '2026-01-01T12:01:00.000Z', light: 'day' },
      ...{
        verdict: 'inconclusive',
        reason: 'It rains.',
        damagedRoadShare: null,
        worstSeverity: null,
        detections: null,
      },
      ...{ picture: `/api/v1/cameras/cam/visits/${idOf('rain', 1)}/picture`, kept: false },
    });
    const page = await visitsOf('limit=2');
    const rest = await visitsOf(`limit=3&cursor=${page.next ?? ''}`);
    expect(rest).toMatchObject({ items: [{ jobId: 'second' }, { jobId: 'rain' }, { jobId: 'first' }], next: null });
    expect((await call('/api/v1/cameras/cam/visits?cursor=x')).status).toBe(400);
    expect(await json('/api/v1/cameras/nobody/visits')).toMatchObject({ status: 404, code: 'NO_SUCH_CAMERA' });
  });

  it('have pictures in a few widths that a browser may keep', async () => {
    const path = `/api/v1/cameras/cam/visits/${idOf('first', 0)}/picture`;
    const small = await call(`${path}?w=320`);
    expect([small.status, small.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect(small.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
    expect(await sharp(Buffer.from(await small.arrayBuffer())).metadata()).toMatchObject({ width: 320, height: 176 });
    const again = await call(`${path}?w=320`, { 'If-None-Match': small.headers.get('etag') ?? '' });
    expect(again.status).toBe(304);
    const whole = Buffer.from(await (await call(path)).arrayBuffer());
    expect(await sharp(whole).metadata()).toMatchObject({ width: SIZE.width, format: 'jpeg' });
    expect((await call(`${path}?w=321`)).status).toBe(400);
    expect((await fetch(`${service.url}${path}`)).status).toBe(401);
  });

  it('show what is remembered when the files of their job are gone', async () => {
    const picture = await sharp({ create: { width: 64, height: 36, channels: 3, background: '#808080' } })
      .webp()
      .toBuffer();
    const visit = { at: NOON, light: 'day', judged: true, traffic: [], sightings: [], picture } as const;
    const masks = { drivenRoad: emptyMask(8, 4), hiddenRoad: emptyMask(8, 4) };
    const name = visitName('day', idOf('lost', 4));
    const file = join(service.artifacts, visitArtifact('preprocess/', 'cam', name));
    const path = `/api/v1/cameras/cam/visits/${idOf('lost', 4)}/picture`;
    expect(await json(path)).toMatchObject({ status: 404, code: 'NO_SUCH_PICTURE' });
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, toBytes({ ...visit, ...masks }));
    await redis.sadd('{stream:preprocess}:visited:cam', name);
    const answer = await call(path);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/webp']);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(picture);
    expect((await visitsOf()).items[0]).toMatchObject({ jobId: 'lost', kept: true });
    await rm(file);
    expect((await call(path)).status).toBe(404);
  });

  it('tell what they marked, and nothing that is no mark', async () => {
    const path = `/api/v1/cameras/cam/visits/${idOf('first', 0)}/marks`;
    expect(await json(path)).toMatchObject({ status: 404 });
    const mark = { class: 'D40', severity: 'high', confidence: 0.9, status: 'reported' };
    const box = { x: 0.1, y: 0.2, width: 0.3, height: 0.1 };
    const odd = [null, 7, { class: 'D40' }, { ...mark, boxNormalized: { ...box, x: 'left' } }];
    const detections = [{ ...mark, boxNormalized: box, outline: [[1, 2]] }, ...odd.filter((each) => each !== null)];
    const file = join(service.artifacts, 'preprocess/cam/first/t/damage_analysis.json');
    await writeFile(file, JSON.stringify({ detections }));
    expect(await json(path)).toEqual({ items: [{ ...mark, box }] });
    const many = Array.from({ length: 300 }, () => ({ ...mark, boxNormalized: box }));
    await writeFile(file, JSON.stringify({ detections: many }));
    expect((await json<{ items: unknown[] }>(path)).items).toHaveLength(200);
    await writeFile(file, '{"detections":');
    expect(await json(path)).toMatchObject({ status: 404 });
  });

  it('of a camera that was shifted lie upon each other within 2 px', async () => {
    const [from, to] = [idOf('first', 0), idOf('second', 2)];
    const found = await json<{ same: boolean; dx: number; dy: number }>(
      `/api/v1/cameras/cam/alignment?from=${from}&to=${to}`,
    );
    expect(found.same).toBe(true);
    // What is at x in the first piece lies further left in the second, which begins further right.
    expect(Math.abs(found.dx * SIZE.width + SHIFT.x)).toBeLessThan(2);
    expect(Math.abs(found.dy * SIZE.height + SHIFT.y)).toBeLessThan(2);
  });

  it('of a camera that was turned do not, which is an answer; one without a picture is none', async () => {
    const path = (to: string): string => `/api/v1/cameras/cam/alignment?from=${idOf('first', 0)}&to=${to}`;
    expect(await json(path(idOf('turned', 3)))).toMatchObject({ same: false, dx: null, dy: null });
    expect(await json(path(idOf('first', 0)))).toMatchObject({ same: true, dx: 0, dy: 0 });
    expect(await json(path(idOf('nothing', 9)))).toMatchObject({ status: 404, code: 'NO_SUCH_PICTURE' });
    expect((await call(path('x'))).status).toBe(400);
  });
});
