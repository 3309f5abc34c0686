import { beforeAll, describe, expect, it } from '@jest/globals';
import { rawExchange } from '../support/raw-http.js';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';

let service: Service;
const { server: redis } = useRedis({ endFirst: () => service.stop() });

beforeAll(async () => {
  service = await Service.start({ REDIS_URL: redis.url, UPLOAD_MAX_MB: '1' });
}, 60_000);

const STREAM = '/api/v1/damage-detection/stream';
const JSON_TYPE = { 'Content-Type': 'application/json' };

/** What a call answers, with its type. */
async function answerTo(path: string, method = 'GET', body = ''): Promise<Record<string, unknown>> {
  const answer = await rawExchange(service.url, path, { method, ...(body === '' ? {} : { body, headers: JSON_TYPE }) });
  return { sent: answer.status, type: answer.headers['content-type'], body: JSON.parse(answer.body) as unknown };
}

const problem = (status: number, title: string, code: string, message: unknown, others: object = {}) => ({
  sent: status,
  type: 'application/problem+json; charset=utf-8',
  body: { type: `urn:roadstream:error:${code}`, title, status, detail: message, code, message, ...others },
});

describe('an error is a problem by RFC 9457', () => {
  it.each([
    ['a path that is none', '/nothing', 'GET', '', 404, 'Not Found', 'NOT_FOUND'],
    ['what is not there', '/cameras/nobody', 'GET', '', 404, 'Not Found', 'NO_SUCH_CAMERA'],
    ['a kind that is none', '/control/dlq?kind=parcel', 'GET', '', 400, 'Bad Request', 'KIND_UNKNOWN'],
    ['nothing named', '/control/dlq/redrive', 'POST', '', 400, 'Bad Request', 'NOTHING_NAMED'],
    ['no JSON', STREAM, 'POST', '{', 400, 'Bad Request', 'BAD_REQUEST'],
    ['a body too large', STREAM, 'POST', JSON.stringify('x'.repeat(99_000)), 413, 'Payload Too Large', 'TOO_LARGE'],
  ])('of %s', async (_what, path, method, body, status, title, code) => {
    const answer = (await answerTo(path, method, body)) as { body: { message: string } };
    expect(answer).toEqual(problem(status, title, code, answer.body.message));
    expect(answer.body.message).toMatch(/\w{3}/);
  });

  it('and names each field that is wrong', async () => {
    const [limit, before] = ['limit must not be less than 1', 'before must be an entry id, such as 1694000000000-0'];
    expect(await answerTo('/control/dlq?limit=0&before=x')).toEqual(
      problem(400, 'Bad Request', 'BAD_REQUEST', `${limit}; ${before}`, {
        errors: [
          { field: 'limit', message: limit },
          { field: 'before', message: before },
        ],
      }),
    );
  });

  it('but health answers in its own form', async () => {
    expect(await answerTo('/health/live')).toMatchObject({ sent: 200, type: 'application/json; charset=utf-8' });
    await redis.down();
    const down = await answerTo('/health/ready');
    expect(down).toMatchObject({ sent: 503, type: 'application/json; charset=utf-8', body: { status: 'error' } });
    expect(down.body).not.toHaveProperty('code');
    await redis.up();
  });
});
