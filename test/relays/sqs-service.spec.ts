import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { eventually } from '../support/eventually.js';
import { Service } from '../support/service.js';
import { SqsServer } from '../support/sqs-server/sqs-server.js';
import { useRedis } from '../support/use-redis.js';

const CLI = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const KEYS = { AWS_ACCESS_KEY_ID: 'AKIAOFTHETEST', AWS_SECRET_ACCESS_KEY: 'secret-of-the-test' };

const { server: redisServer, redis } = useRedis({ endFirst: () => sqs.down() });
let sqs: SqsServer;
let environment: Record<string, string>;

beforeAll(async () => {
  sqs = await SqsServer.start();
  const [jobs, results] = [sqs.queue('road-jobs'), sqs.queue('road-results.fifo')];
  const urls = { SQS_QUEUE_URL: sqs.url(jobs.name), SQS_RESULT_QUEUE_URL: sqs.url(results.name) };
  environment = { REDIS_URL: redisServer.url, ROLES: 'inspect,relay', REDIS_MAX_RETRY: '0', ...urls, ...KEYS };
});

describe('the service with queues of SQS', () => {
  it('runs the job of a message, sends its result, says how it fares, and stops while it waits for messages', async () => {
    const service = await Service.start(environment);
    try {
      await eventually('it reads', async () => (await redis.exists('stream:preprocess:results')) === 1);
      // Where nobody may look: its end comes at once.
      const body = JSON.stringify({ cctvId: 'cam', hls: 'http://169.254.169.254/a.m3u8' });
      const { id } = sqs.queue('road-jobs').send({ MessageBody: body });
      const results = sqs.queue('road-results.fifo');
      await eventually('its result', () => results.sent.length === 1, 30_000);
      expect(JSON.parse(results.sent[0]!.MessageBody)).toMatchObject({
        ...{ kind: 'inspection', jobId: id, cctvId: 'cam', outcome: 'failed', attempt: 1 },
      });
      const health = async () =>
        ((await service.json('/health')) as { details: Record<string, object> }).details['relays'];
      expect(await health()).toEqual({ status: 'up', 'sqs in': 'works', 'sqs out': 'works' });
      expect(await service.metric('roadstream_relay_messages_total{relay="sqs",direction="in",result="added"}')).toBe(
        1,
      );
      expect(await service.metric('roadstream_relay_up{relay="sqs"}')).toBe(2);
      sqs.fail('ReceiveMessage', 'denied');
      sqs.queue('road-jobs').send({ MessageBody: body });
      await eventually('it says so', async () => JSON.stringify(await health()).includes('degraded'), 30_000);
      sqs.heal();
      await eventually('it works again', async () => JSON.stringify(await health()).includes('works'), 30_000);
      expect(await service.stop()).toBe(0);
      expect(service.output).not.toContain('secret-of-the-test');
      expect(service.output).toContain('Messages of the SQS queue road-jobs become jobs.');
    } finally {
      if (service.isAlive) await service.stop('SIGKILL');
    }
  }, 90_000);

  it('is looked at by the doctor', async () => {
    const env = { PATH: process.env['PATH'], ...environment };
    const { stdout } = await promisify(execFile)(process.execPath, [CLI, 'doctor'], { env, cwd: '/tmp' }).catch(
      (error: unknown) => error as { stdout: string },
    );
    expect(stdout).toMatch(/^ok +sqs +SQS_QUEUE_URL: road-jobs is there/m);
    expect(stdout).toMatch(/^ok +sqs +SQS_RESULT_QUEUE_URL: road-results.fifo is there/m);
  }, 60_000);
});
