import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';

const CLI = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const PATH = '/api/v1/dead-letters';
const DLQ = 'stream:preprocess:dlq';
const STREAM = 'stream:preprocess';

let service: Service;
const { server, redis } = useRedis({ flush: true, endFirst: () => service.stop() });

beforeAll(async () => {
  service = await Service.start({ REDIS_URL: server.url, ROLES: 'schedule' });
}, 60_000);

interface Page {
  items: { id: string; code: string; cctvId: string }[];
  next: string | null;
  scanned: number;
  complete: boolean;
}

const list = (query = ''): Promise<Page> => service.json(`${PATH}${query}`) as Promise<Page>;

async function post(call: string, body: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  return service.json(`${PATH}/${call}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** The n-th letter of a round: of three cameras and two codes in turn. */
function letter(n: number): string[] {
  const ours = {
    code: n % 2 === 0 ? 'HLS_TIMEOUT' : 'HLS_NOT_FOUND',
    message: 'Gone.',
    step: 'capture',
    attempts: '4',
  };
  const more = { firstAt: '2026-01-01T10:00:00.000Z', lastAt: '2026-01-01T10:05:00.000Z', worker: 'w', stream: STREAM };
  const payload = { cctvId: `"cam_${n % 3}"`, hls: 'http://cam.example/a.m3u8?token=secret', jobId: `job-${n}` };
  const own = Object.entries({ ...ours, ...more }).flatMap(([name, value]) => [`roadstream:${name}`, value]);
  return [...Object.entries(payload).flat(), ...own];
}

async function fill(count: number): Promise<void> {
  const all = redis.pipeline();
  for (let n = 1; n <= count; n += 1) all.xadd(DLQ, `${1_767_261_900_000 + n}-0`, ...letter(n));
  await all.exec();
}

describe('GET /api/v1/dead-letters', () => {
  it('lists typed values, newest first and page by page, and shows no secret', async () => {
    await fill(5);
    const first = await list('?limit=2');
    expect(first).toMatchObject({ items: [{ jobId: 'job-5' }, { jobId: 'job-4' }], complete: true });
    const second = await list(`?limit=2&cursor=${first.next ?? ''}`);
    expect(second.items).toMatchObject([{ jobId: 'job-3' }, { jobId: 'job-2' }]);
    const last = await list(`?limit=2&cursor=${second.next ?? ''}`);
    expect(last).toMatchObject({ items: [{ jobId: 'job-1' }], next: null, complete: true });
    expect(await service.json(`${PATH}/1767261900001-0`)).toEqual(last.items[0]);
    expect(last.items[0]).toEqual({
      id: '1767261900001-0',
      kind: 'inspection',
      jobId: 'job-1',
      cctvId: 'cam_1',
      code: 'HLS_NOT_FOUND',
      message: 'Gone.',
      step: 'capture',
      attempts: 4,
      queuedAt: '2026-01-01T10:00:00.000Z',
      failedAt: '2026-01-01T10:05:00.000Z',
      worker: 'w',
      stream: STREAM,
      payload: { cctvId: '"cam_1"', hls: 'http://cam.example/a.m3u8', jobId: 'job-1' },
    });
  });

  it('finds those with a code and of a camera', async () => {
    await fill(12);
    expect((await list('?code=HLS_TIMEOUT&cctvId=cam_0')).items).toMatchObject([
      { jobId: 'job-12', cctvId: 'cam_0' },
      { jobId: 'job-6' },
    ]);
    expect(await list('?cctvId=nobody')).toEqual({ items: [], next: null, scanned: 12, complete: true });
  });

  it('looks at 5,000 and says so', async () => {
    await redis.xadd(DLQ, '1-0', 'cctvId', 'old_one', 'roadstream:code', 'A');
    await fill(6_000);
    const first = await list('?cctvId=old_one');
    expect(first).toMatchObject({ items: [], scanned: 5_000, complete: false, next: expect.any(String) });
    expect(await list(`?cctvId=old_one&cursor=${first.next ?? ''}`)).toMatchObject({
      items: [{ cctvId: 'old_one' }],
      next: null,
      scanned: 1_001,
      complete: true,
    });
  });

  it.each(['?limit=0', '?limit=201', '?cursor=AAAA', '?code=x y', '?cctvId=%00', '?kind=A', '/0-0'])(
    'refuses %s and names the field',
    async (query) => {
      expect(await service.json(PATH + query)).toMatchObject({ status: 400, errors: [{ field: expect.any(String) }] });
    },
  );

  it('says so of one that is not there, and of a kind that is none', async () => {
    expect(await service.json(`${PATH}/7-7`)).toMatchObject({ status: 404, code: 'NO_SUCH_LETTER' });
    expect(await service.json(`${PATH}?kind=parcel`)).toMatchObject({ status: 400, code: 'KIND_UNKNOWN' });
  });
});

describe('GET /api/v1/dead-letters/groups', () => {
  it('tells by code how many, since when, of which cameras and what to do', async () => {
    await redis.xadd(
      DLQ,
      '1-0',
      'cctvId',
      'old_one',
      'roadstream:code',
      'RARE',
      'roadstream:message',
      'Look at http://c/?t=secret',
    );
    await fill(7);
    expect(await list('/groups')).toEqual({
      items: [
        {
          code: 'HLS_NOT_FOUND',
          count: 4,
          oldestAt: '2026-01-01T10:05:00.000Z',
          newestAt: '2026-01-01T10:05:00.000Z',
          cameras: 3,
          someCameras: ['cam_1', 'cam_2', 'cam_0'],
          message: 'Gone.',
        },
        expect.objectContaining({ code: 'HLS_TIMEOUT', count: 3 }),
        expect.objectContaining({ code: 'RARE', oldestAt: null, message: 'Look at http://c/' }),
      ],
      next: null,
      complete: true,
    });
    expect(await list('/groups?kind=assessment')).toEqual({ items: [], next: null, complete: true });
  });
});

describe('POST /api/v1/dead-letters/redrive', () => {
  it('puts one back, and those that a filter names', async () => {
    await fill(6);
    expect(await post('redrive', { id: '1767261900001-0' })).toEqual({ redriven: 1 });
    expect(await post('redrive', { id: '1767261900001-0' })).toEqual({ redriven: 0 });
    expect(await post('redrive', { filter: { kind: 'inspection', cctvId: 'cam_2' } })).toEqual({ redriven: 2 });
    expect(await post('redrive', { filter: { kind: 'assessment', all: true } })).toEqual({ redriven: 0 });
    expect(await post('redrive', { filter: { all: true } })).toEqual({ redriven: 3 });
    const back = await redis.xrange(STREAM, '-', '+');
    expect(back.map(([, fields]) => fields[5])).toEqual(['job-1', 'job-2', 'job-5', 'job-3', 'job-4', 'job-6']);
  });

  it('puts them back so many a minute', async () => {
    await fill(3);
    const before = Date.now();
    const told = await post('redrive', { filter: { all: true }, perMinute: 1 });
    expect(told).toEqual({ redriven: 3, lastAt: expect.any(String), complete: true });
    expect(Date.parse((told as { lastAt: string }).lastAt)).toBeGreaterThanOrEqual(before + 120_000);
    for (const perMinute of [0, 601, 1.5, 'x'])
      expect(await post('redrive', { filter: { all: true }, perMinute })).toMatchObject({
        status: 400,
        errors: expect.arrayContaining([expect.objectContaining({ field: 'perMinute' })]),
      });
  });

  it.each([
    [{}],
    [{ filter: {} }],
    [{ filter: { all: false } }],
    [{ id: '1-1', filter: { all: true } }],
    [{ id: 'x' }],
  ])('does nothing where nothing is named: %j', async (body) => {
    await fill(2);
    expect(await post('redrive', body)).toMatchObject({ status: 400 });
    expect(await redis.xlen(DLQ)).toBe(2);
  });
});

describe('POST /api/v1/dead-letters/purge', () => {
  it('deletes as many as are expected', async () => {
    await fill(300);
    expect(await post('purge', { filter: { code: 'HLS_TIMEOUT' }, expect: 150 })).toEqual({ purged: 150 });
    expect(await redis.xlen(DLQ)).toBe(150);
  });

  it('deletes none when there is another number, and tells it', async () => {
    await fill(5);
    const refusal = { status: 409, code: 'COUNT_DIFFERS', count: 5, message: expect.stringContaining('There are 5') };
    for (const expected of [0, 4, 6])
      expect(await post('purge', { filter: { all: true }, expect: expected })).toMatchObject(refusal);
    expect(await post('purge', { id: '1767261900001-0', expect: 2 })).toMatchObject({
      ...refusal,
      count: 1,
      message: expect.any(String),
    });
    expect(await redis.xlen(DLQ)).toBe(5);
  });

  it('has to be told how many', async () => {
    await fill(1);
    expect(await post('purge', { filter: { all: true } })).toMatchObject({
      status: 400,
      errors: expect.arrayContaining([expect.objectContaining({ field: 'expect' })]),
    });
    expect(await redis.xlen(DLQ)).toBe(1);
  });
});

describe('roadstream dlq', () => {
  beforeEach(() => fill(6));

  const dlq = (...args: string[]): Promise<[code: number, out: string]> =>
    new Promise((resolve) => {
      const env = { PATH: process.env.PATH, REDIS_URL: server.url };
      execFile(process.execPath, [CLI, 'dlq', ...args], { env, cwd: service.directory }, (error, out, errors) =>
        resolve([error === null ? 0 : 1, out + errors]),
      );
    });

  it('lists those with a code and of a camera', async () => {
    const [, out] = await dlq('list', '--code', 'HLS_TIMEOUT', '--cctv', 'cam_0');
    expect(out.trim().split('\n')).toHaveLength(1);
    expect(out).toContain('1767261900006-0');
  });

  it('deletes no more than one without being told how many', async () => {
    expect(await dlq('purge', '--all')).toEqual([1, expect.stringContaining('say --expect 6 to delete them')]);
    expect(await dlq('purge', '--all', '--expect', '5')).toEqual([1, expect.stringContaining('There are 6 such')]);
    expect(await dlq('purge', '--all', '--expect', 'many')).toEqual([1, expect.stringContaining('whole number')]);
    expect(await redis.xlen(DLQ)).toBe(6);
    expect(await dlq('purge', '1767261900001-0')).toEqual([0, '1 deleted.\n']);
    expect(await dlq('purge', '--cctv', 'cam_2', '--expect', '2')).toEqual([0, '2 deleted.\n']);
    expect(await dlq('redrive', '--all', '--per-minute', 'x')).toEqual([1, expect.stringContaining('from 1 to 600')]);
    expect(await dlq('redrive', '--cctv', 'cam_0', '--per-minute', '600')).toEqual([
      0,
      expect.stringContaining('2 put back. The last one may run at '),
    ]);
    expect(await redis.xlen(DLQ)).toBe(1);
  });
});
