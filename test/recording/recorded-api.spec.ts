import { mkdir, mkdtemp, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { segmentFile } from '../../src/job/segment.js';
import { eventually } from '../support/eventually.js';
import { rawExchange } from '../support/raw-http.js';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';

const TOKEN = 'a-long-enough-secret-token';
const HEADERS = { Authorization: `Bearer ${TOKEN}` };
const NOON = Date.UTC(2026, 0, 1, 12);
const TEN_MINUTES = 600_000;
const VIDEO = Buffer.from(Array.from({ length: 5_000 }, (_, i) => i % 251));
const INCIDENT = {
  ...{ start: 3, end: 5.5, kind: 'collision', severity: 'high', confidence: 0.9 },
  description: 'A car hits the barrier.',
};

let service: Service;
let directory: string;
const { server, redis } = useRedis({ endFirst: () => service.stop() });
const nameOf = (segment: number): string => segmentFile(NOON + segment * TEN_MINUTES);
const call = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${service.url}/api/v1/cameras/${path}`, { headers: { ...HEADERS, ...headers } });
const json = async (path: string): Promise<unknown> => (await call(path)).json();

async function recorded(segment: number, secondsAgo = 3_600): Promise<void> {
  const file = join(directory, 'cam', nameOf(segment));
  await writeFile(file, VIDEO);
  const at = Date.now() / 1_000 - secondsAgo;
  await utimes(file, at, at);
}

async function assessed(segment: number, incidents: object[]): Promise<void> {
  const artifacts = `preprocess/cam/job-${segment}/t/`;
  await mkdir(join(service.artifacts, artifacts), { recursive: true });
  const content = { job: { jobId: `job-${segment}` }, safetyScore: 40, summary: 'One collision.', incidents };
  await writeFile(join(service.artifacts, artifacts, 'assessment.json'), JSON.stringify(content));
  const segmentStart = new Date(NOON + segment * TEN_MINUTES).toISOString();
  const fields = { jobId: `job-${segment}`, cctvId: 'cam', segmentStart, kind: 'video', safetyScore: '40', artifacts };
  await redis.xadd('stream:assess:results', '*', ...Object.entries(fields).flat());
}

beforeAll(async () => {
  directory = join(await mkdtemp(join(tmpdir(), '.segments-')), 'recorded');
  await mkdir(join(directory, 'cam'), { recursive: true });
  await writeFile(join(directory, '..', nameOf(9)), 'a secret outside');
  await symlink(join(directory, '..', nameOf(9)), join(directory, 'cam', nameOf(9)));
  for (const segment of [0, 1, 2]) await recorded(segment);
  await recorded(3, 1);
  await writeFile(join(directory, 'cam', 'notes.txt'), 'no recording');
  const environment = { REDIS_URL: server.url, CONTROL_TOKEN: TOKEN, ROLES: 'inspect', SEGMENTS_DIR: directory };
  service = await Service.start({ ...environment, SEGMENT_STABLE_SECONDS: '60' });
  await assessed(1, [INCIDENT]);
  await eventually('it is noted', async () => (await redis.exists('{stream:assess:results}:segments:cam')) === 1);
}, 90_000);

describe('the recordings of a camera', () => {
  it('are listed newest first, page by page, with what was seen in them', async () => {
    const list = (await json('cam/recordings')) as { items: Record<string, unknown>[]; next: null };
    expect(list.items.map(({ name }) => name)).toEqual([3, 2, 1, 0].map(nameOf));
    expect(list.items[0]).toMatchObject({ video: null, assessment: null });
    expect(list.items[2]).toEqual({
      ...{ name: nameOf(1), start: '2026-01-01T12:10:00.000Z', bytes: VIDEO.length },
      video: `/api/v1/cameras/cam/recordings/${nameOf(1)}`,
      assessment: { jobId: 'job-1', safetyScore: 40, summary: 'One collision.', incidents: [INCIDENT] },
    });
    expect(await json('cam/recordings?limit=3')).toMatchObject({ next: nameOf(2) });
    expect(await json(`cam/recordings?limit=2&cursor=${nameOf(2)}`)).toMatchObject({
      items: [{ name: nameOf(1) }, { name: nameOf(0) }],
      next: null,
    });
    expect(await json('nobody/recordings')).toMatchObject({ status: 404, code: 'NO_SUCH_CAMERA' });
  });

  it('are sent whole and in parts, to whom the service knows', async () => {
    const path = `cam/recordings/${nameOf(0)}`;
    const whole = await call(path);
    expect([whole.status, whole.headers.get('content-type'), whole.headers.get('accept-ranges')]).toEqual([
      ...[200, 'video/mp4', 'bytes'],
    ]);
    expect(Buffer.from(await whole.arrayBuffer())).toEqual(VIDEO);
    const part = await call(path, { Range: 'bytes=100-199' });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 100-199/${VIDEO.length}`]);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(VIDEO.subarray(100, 200));
    const beyond = await call(path, { Range: 'bytes=9000-' });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${VIDEO.length}`]);
    expect(await beyond.json()).toMatchObject({ code: 'RANGE_BEYOND_END' });
    expect((await fetch(`${service.url}/api/v1/cameras/${path}`)).status).toBe(401);
  });

  it('are refused while they grow, and nothing outside their folder is sent', async () => {
    expect(await json(`cam/recordings/${nameOf(3)}`)).toMatchObject({ status: 409, code: 'RECORDING_GROWING' });
    expect(await json(`cam/recordings/${nameOf(9)}`)).toMatchObject({ status: 404, code: 'NO_SUCH_RECORDING' });
    expect((await call('cam/recordings/notes.txt')).status).toBe(400);
    for (const path of [`../${nameOf(9)}`, `%2E%2E/recordings/${nameOf(9)}`, `..%2F/recordings/${nameOf(9)}`]) {
      const answer = await rawExchange(service.url, `/api/v1/cameras/${path}`, { headers: HEADERS });
      expect([400, 404]).toContain(answer.status);
      expect(answer.body).not.toContain('secret');
    }
  });
});
