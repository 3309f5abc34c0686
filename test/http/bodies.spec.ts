import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import sharp from 'sharp';
import { bodyInTime } from '../../src/http/body-bounds.js';
import { eventually } from '../support/eventually.js';
import { openSocket, rawAnswer, rawExchange, rawText } from '../support/raw-http.js';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';

const IMAGE = '/api/v1/damage-detection/image';
const STREAM = '/api/v1/damage-detection/stream';
const MULTIPART = 'multipart/form-data; boundary=b';
const MB = 1024 * 1024;

let service: Service;
const { server: redis } = useRedis({ endFirst: () => service.stop() });

beforeAll(async () => {
  service = await Service.start({ REDIS_URL: redis.url, UPLOAD_MAX_MB: '1', UPLOAD_MAX_MEGAPIXELS: '50' });
}, 60_000);

async function uploaded(picture: Buffer): Promise<[number, unknown]> {
  const body = new FormData();
  body.append('file', new Blob([new Uint8Array(picture)]), 'road.png');
  const answer = await fetch(service.url + IMAGE, { method: 'POST', body });
  return [answer.status, await answer.json()];
}

const grey = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: '#777' } });

/** The same picture, but for the size that its header tells. */
async function claiming(width: number, height: number): Promise<Buffer> {
  const png = await grey(64, 64).png().toBuffer();
  png.writeUInt32BE(width, 16);
  png.writeUInt32BE(height, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  return png;
}

describe('a picture', () => {
  it('that is a strip is refused by its header', async () => {
    for (const [width, height] of [
      [1, 50_000_000],
      [50_000_000, 1],
      [100, 20_000],
    ] as const) {
      const refusal = { code: 'IMAGE_TOO_LARGE', message: expect.stringContaining(`${width} x ${height}`) };
      expect(await uploaded(await claiming(width, height))).toMatchObject([413, refusal]);
    }
  });

  it.each([
    [1, 500],
    [500, 1],
    [31, 31],
  ])('on which no road can be seen is refused with a sentence: %i x %i', async (width, height) => {
    const refusal = { code: 'IMAGE_TOO_SMALL', message: expect.stringContaining('at least 32') };
    expect(await uploaded(await grey(width, height).jpeg().toBuffer())).toMatchObject([400, refusal]);
  });
});

describe('a body without an end', () => {
  /** Sends on and on until the connection is closed, and says how much went out. */
  async function endless(path: string, type: string, begin = ''): Promise<[status: number, bytes: number]> {
    const socket = openSocket(service.url);
    const headers = { 'Content-Type': type, 'Transfer-Encoding': 'chunked' };
    socket.write(rawText(service.url, path, { method: 'POST', headers }));
    if (begin !== '') socket.write(chunk(Buffer.from(begin)));
    const answer = rawAnswer(socket);
    const piece = chunk(Buffer.alloc(64 * 1024, 'x'));
    while (!socket.destroyed && socket.bytesWritten < 400 * MB) {
      if (!socket.write(piece)) await drained(socket);
    }
    socket.destroy();
    return [(await answer).status, socket.bytesWritten];
  }

  const FILE = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n';

  it.each([
    ['an upload', IMAGE, MULTIPART, FILE],
    ['an upload that never begins', IMAGE, MULTIPART, ''],
    ['a field', IMAGE, MULTIPART, '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n'],
    ['JSON', STREAM, 'application/json', '{"hls":"'],
    ['what is no JSON', STREAM, 'text/plain', ''],
    ['what no path takes', '/none', 'application/json', ''],
    ['a control call', '/control/pause', 'text/plain', ''],
  ])('is not read on: %s', async (_what, path, type, begin) => {
    const [, bytes] = await endless(path, type, begin);
    expect(bytes).toBeLessThan(40 * MB);
  });
});

it('takes an upload at once while many others trickle in', async () => {
  const slow: Socket[] = [];
  for (let i = 0; i < 15; i += 1) {
    const socket = openSocket(service.url);
    socket.on('error', () => undefined);
    socket.write(
      rawText(service.url, IMAGE, { method: 'POST', headers: { 'Content-Type': MULTIPART, 'Content-Length': '1000' } }),
    );
    slow.push(socket);
  }
  await eventually('all are connected', () => slow.every(({ connecting }) => !connecting));
  const [status] = await uploaded(await grey(64, 64).png().toBuffer());
  expect(status).toBe(200);
  expect((await service.status()).concurrency.inUse).toBe(0);
  for (const socket of slow) socket.destroy();
});

it('logs nobody who hangs up as an error', async () => {
  const before = service.output.length;
  const requests = [
    rawText(service.url, IMAGE, { method: 'POST', headers: { 'Content-Type': MULTIPART, 'Content-Length': '1000' } }),
    rawText(service.url, STREAM, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Content-Length': '99' },
    }),
    rawText(service.url, '/cameras'),
  ];
  for (const request of requests) {
    const socket = openSocket(service.url);
    socket.write(request + (request.includes('1000') ? '--b\r\n' : ''));
    await after(50);
    socket.destroy();
  }
  await eventually('it is noticed', () => service.output.slice(before).includes('the client left'));
  expect(service.output.slice(before)).not.toMatch(/"level":(50|60|"error")|failed unexpectedly/);
});

describe('what is no request of ours', () => {
  const post = (path: string, body: string) =>
    rawExchange(service.url, path, { method: 'POST', body, headers: { 'Content-Type': 'application/json' } });
  const deep = (open: string, close: string) => `{"hls":${open.repeat(5_000)}1${close.repeat(5_000)}}`;

  it.each([
    ['lists within lists', deep('[', ']')],
    ['objects within objects', deep('{"a":', '}')],
    ['a list', '[]'],
    ['a list of requests', '[{"hls":"http://192.0.2.1/a.m3u8"}]'],
    ['a name that is special', '{"__proto__":{"hls":1},"constructor":{"prototype":1}}'],
    ['no JSON', '{'],
    ['a list for a text', '{"hls":["http://192.0.2.1/a.m3u8"]}'],
  ])('is answered with 400: %s', async (_what, body) => {
    for (const path of [STREAM, '/control/concurrency']) {
      const answer = await post(path, body);
      expect([answer.status, JSON.parse(answer.body)]).toMatchObject([
        400,
        { code: 'BAD_REQUEST', message: expect.any(String) },
      ]);
      expect(answer.body).not.toMatch(/ at .*\.js/);
    }
  });

  it.each([
    '/control/dlq/18446744073709551616-0',
    '/control/dlq/1-99999999999999999999',
    '/control/dlq?before=99999999999999999999-0',
    '/control/dlq?before=1-18446744073709551616',
    '/control/dlq?limit=1e99',
    '/control/dlq?before=0-0',
    '/cameras?limit=NaN',
    '/cameras/%E0%A4%A',
    '/cameras/a%00b',
  ])('is answered with 400: %s', async (path) => {
    expect((await rawExchange(service.url, path)).status).toBe(400);
  });
});

it('ends a body that trickles in with 408, and lets a steady one pass', async () => {
  const app = express();
  app.use(bodyInTime({ graceMs: 100, bytesPerSecond: 1_000_000_000 }));
  app.use(express.json());
  app.use((_request, response) => void response.json({}));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const headers = { 'Content-Type': 'application/json' };
  const steady = await rawExchange(url, '/', { method: 'POST', body: '{}', headers });
  expect(steady.status).toBe(200);
  const socket = openSocket(url);
  socket.write(rawText(url, '/', { method: 'POST', headers: { ...headers, 'Content-Length': '20' } }));
  expect(await rawAnswer(socket)).toMatchObject({ status: 408, body: expect.stringContaining('BODY_TOO_SLOW') });
  server.close();
});

/** Until more may be written, or nothing more can be. */
function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    socket.on('drain', done).on('close', done);
  });
}

function chunk(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
}
