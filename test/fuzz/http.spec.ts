import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import sharp from 'sharp';
import { FuzzedService } from './fuzzed-service.js';
import { call, encoded, sendRaw, type OddCall } from './http-call.js';
import { leakIn } from './leaks.js';
import { mutated, oddText } from './mutations.js';
import { tries } from './seed.js';
import { useRedis } from '../support/use-redis.js';

jest.setTimeout(300_000);

/** One method of one path in the OpenAPI document. */
interface Route {
  method: string;
  path: string;
  queries: string[];
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'];
const TYPES = [
  'application/json',
  'application/json; charset=utf-16',
  'multipart/form-data',
  'text/plain',
  'image/jpeg',
  '*/*',
  '',
];
const BOUNDARY = 'odd';

const { server } = useRedis();

describe('calls over HTTP, however odd', () => {
  let service: FuzzedService;
  let routes: Route[];
  let jpeg: Buffer;

  beforeAll(async () => {
    // As many calls as this come from one address; what the limit refuses shows nothing.
    service = await FuzzedService.start({ REDIS_URL: server.url, UPLOAD_MAX_MB: '1', UPLOAD_MAX_MEGAPIXELS: '1' });
    routes = routesOf(await (await fetch(`${service.url}/docs/openapi.json`)).json());
    jpeg = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#777' } })
      .jpeg()
      .toBuffer();
  });
  afterAll(() => service.stop());

  const headers = (): fc.Arbitrary<Record<string, string>> =>
    fc.dictionary(
      fc.constantFrom(
        'accept',
        'origin',
        'x-forwarded-for',
        'authorization',
        'content-encoding',
        'range',
        'if-none-match',
      ),
      oddText().map((text) => text.replace(/[^\x20-\x7e]/g, '')),
      { maxKeys: 3 },
    );

  const query = (names: readonly string[]): fc.Arbitrary<string> => {
    const name = fc.constantFrom(...names, 'n', 'id', 'id[]', 'id[a]', 'all', 'scope', 'kind', '__proto__');
    const pair = fc.tuple(name, oddText()).map(([key, text]) => `${key}=${encoded(text)}`);
    return fc.array(pair, { maxLength: 3 }).map((pairs) => (pairs.length === 0 ? '' : `?${pairs.join('&')}`));
  };

  const body = (): fc.Arbitrary<{ type: string; body: Buffer | undefined }> => {
    const json = fc.oneof(
      fc.record({ hls: oddText(), sec: fc.anything(), n: fc.anything() }, { requiredKeys: [] }),
      fc.jsonValue(),
    );
    const text = fc.oneof(
      json.map((value) =>
        JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part)),
      ),
      fc.constantFrom(
        '['.repeat(20_000),
        '{"a":'.repeat(5_000),
        `{"hls":"${'x'.repeat(100_000)}"}`,
        '{"__proto__":{"n":1}}',
      ),
    );
    return fc.oneof(
      fc.constant({ type: '', body: undefined }),
      fc.record({ type: fc.constantFrom(...TYPES), body: text.map((one) => Buffer.from(one)) }),
      fc.record({
        type: fc.constantFrom(...TYPES),
        body: fc.uint8Array({ maxLength: 2_000 }).map((one) => Buffer.from(one)),
      }),
      mutated(jpeg).map((picture) => ({ type: `multipart/form-data; boundary=${BOUNDARY}`, body: formOf(picture) })),
      mutated(formOf(jpeg)).map((form) => ({ type: `multipart/form-data; boundary=${BOUNDARY}`, body: form })),
    );
  };

  const oddCall = (): fc.Arbitrary<OddCall> =>
    fc.constantFrom(...routes).chain(({ method, path, queries }) =>
      fc
        .record({
          method: fc.oneof(
            { weight: 5, arbitrary: fc.constant(method) },
            { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
          ),
          name: fc.oneof(oddText(), fc.constantFrom('0-0', '1-1', '18446744073709551615-1', '-', '+')),
          search: query(queries),
          extra: headers(),
          content: body(),
        })
        .map((made) => ({
          method: made.method,
          path: path.replace(/\{\w+\}/g, () => encoded(made.name)) + made.search,
          headers: { ...made.extra, ...(made.content.type === '' ? {} : { 'content-type': made.content.type }) },
          body: made.method === 'GET' || made.method === 'HEAD' ? undefined : made.content.body,
        })),
    );

  const wrongIn = ({ status, text }: { status: number; text: string }, { method }: OddCall): string | undefined => {
    if (status === 500) return 'the status 500';
    const leak = leakIn(text);
    // Headers that are too long never reach the service: node refuses them.
    if (leak !== undefined || status < 400 || status === 431 || method === 'HEAD' || text.startsWith('{"status"'))
      return leak;
    const { code, message } = JSON.parse(text) as { code?: unknown; message?: unknown };
    return typeof code === 'string' && typeof message === 'string' ? undefined : 'an error without code and message';
  };

  it('are answered without a 500, a stack or a path, and do no harm', async () => {
    const check = fc.asyncProperty(oddCall(), async (odd) => {
      const answer = await call(service.url, odd);
      const wrong = wrongIn(answer, odd);
      if (wrong !== undefined) throw new Error(`${wrong}: ${JSON.stringify(answer)}`);
    });
    await fc.assert(check, tries(150));
    await service.markHeap();
    await fc.assert(check, { ...tries(600), seed: tries(0).seed + 1 });
    expect(await service.harm()).toEqual([]);
  });

  it('may be no HTTP at all', async () => {
    const call = Buffer.from('POST /control/concurrency?n=2 HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\n{"n":2}');
    await fc.assert(
      fc.asyncProperty(mutated(call), async (bytes) => {
        const text = await sendRaw(service.url, bytes);
        if (text.startsWith('HTTP/1.1 500') || leakIn(text) !== undefined) throw new Error(text);
      }),
      tries(200),
    );
    expect(await service.harm()).toEqual([]);
  });
});

function formOf(picture: Buffer): Buffer {
  const head = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="a.jpg"\r\ncontent-type: image/jpeg\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), picture, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]);
}

interface Operation {
  parameters?: { in: string; name: string }[];
}

function routesOf(document: unknown): Route[] {
  const { paths } = document as { paths: Record<string, Record<string, Operation>> };
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { parameters = [] }]) => ({
      method: method.toUpperCase(),
      path,
      queries: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
    })),
  );
}
