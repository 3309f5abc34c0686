import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { groupSqs } from '../../src/config/sqs-config.js';
import { DEFAULTS } from '../../src/config/table/table.js';
import { diagnoseSqs } from '../../src/sqs/diagnose-sqs.js';
import { eventually } from '../support/eventually.js';
import { QUICK, SqsBench, type SqsBenchOptions } from '../support/sqs-bench.js';
import { SqsServer, type Fault } from '../support/sqs-server/sqs-server.js';
import type { SqsQueue } from '../support/sqs-server/sqs-queue.js';
import { useRedis } from '../support/use-redis.js';

const JOB = JSON.stringify({ cctvId: 'a', hls: 'https://cams.example/a.m3u8' });
const KEYS = { AWS_ACCESS_KEY_ID: 'AKIAOFTHETEST', AWS_SECRET_ACCESS_KEY: 'secret-of-the-test' };

const { server: redisServer, redis } = useRedis({ flush: true, endFirst: () => sqs.down() });
let sqs: SqsServer;
const benches: SqsBench[] = [];
let queues = 0;

beforeAll(async () => (sqs = await SqsServer.start()));

afterEach(async () => {
  sqs.heal();
  sqs.expired.clear();
  await Promise.all(benches.splice(0).map((bench) => bench.stop()));
});

async function start(options: SqsBenchOptions): Promise<SqsBench> {
  const bench = await SqsBench.start(sqs, redisServer.url, { env: KEYS, ...options });
  benches.push(bench);
  return bench;
}

const newQueue = (): SqsQueue => sqs.queue(`jobs-${(queues += 1)}`);

const health = (bench: SqsBench): string | undefined => bench.bench.base.states.list[0]?.trouble;

describe('what SQS may do to us', () => {
  it.each([
    ['expired', 'SQS_CREDENTIALS_EXPIRED', /the credentials have expired/],
    ['unknownKey', 'SQS_CREDENTIALS_REFUSED', /AWS does not know these credentials/],
    ['denied', 'SQS_DENIED', /these credentials may not do this/],
    ['noQueue', 'SQS_QUEUE_MISSING', /there is no such queue/],
    ['throttled', 'SQS_THROTTLED', /SQS asks for fewer calls/],
    ['broken', 'SQS_UNAVAILABLE', /SQS has trouble of its own/],
    ['unavailable', 'SQS_UNAVAILABLE', /SQS has trouble of its own/],
    ['cut', 'SQS_UNREACHABLE', /SQS cannot be reached/],
    ['silent', 'SQS_UNREACHABLE', /SQS cannot be reached/],
    ['bad-md5', 'SQS_GARBLED', /in other bytes than it was sent/],
  ] satisfies [Fault, string, RegExp][])(
    'is told in one line when it begins and one when it ends: %s',
    async (fault, code, said) => {
      const queue = newQueue();
      queue.send({ MessageBody: JOB });
      sqs.fail('ReceiveMessage', fault);
      const bench = await start({ jobs: queue.name, pace: { ...QUICK, waitSeconds: 0, silenceMs: 200, attempts: 1 } });
      await eventually('it tries on', () => sqs.count('ReceiveMessage') > 3 && bench.said.length > 0);
      expect(health(bench)).toMatch(said);
      expect(bench.bench.lines.map((line) => line.code)).toEqual([code]);
      sqs.heal();
      queue.showAgain();
      await eventually('the job is there', async () => (await redis.xlen('stream:preprocess')) === 1);
      await eventually('it says so', () => bench.said.length === 2);
      expect(bench.said[0]).toMatch(
        /^cannot take jobs from sqs; nothing is lost, trying on\. ReceiveMessage from jobs-\d+: /,
      );
      expect(bench.said[1]).toMatch(/^can take jobs from sqs again/);
      expect(health(bench)).toBeUndefined();
      const all = JSON.stringify(bench.bench.lines);
      for (const secret of ['AKIAOFTHETEST', 'secret-of-the-test', '000000000000', 'arn:aws'])
        expect(all).not.toContain(secret);
    },
  );

  it('is made up for by credentials that a shared file got meanwhile, without a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'roadstream-aws-'));
    const file = join(folder, 'credentials');
    const write = (n: number) =>
      writeFile(file, `[default]\naws_access_key_id=key-${n}\naws_secret_access_key=s\naws_session_token=token-${n}\n`);
    const before = { ...process.env };
    Object.assign(process.env, {
      AWS_SHARED_CREDENTIALS_FILE: file,
      AWS_CONFIG_FILE: join(folder, 'none'),
      AWS_EC2_METADATA_DISABLED: 'true',
    });
    try {
      await write(1);
      const queue = newQueue();
      const bench = await start({ jobs: queue.name, env: {} });
      await eventually('it waits for messages', () => sqs.calls.at(-1)?.key === 'key-1');
      sqs.expired.add('token-1');
      queue.send({ MessageBody: JOB });
      await eventually('it says so', () => bench.said.some((sentence) => sentence.includes('have expired')));
      await write(2);
      await eventually('the queue is empty', () => queue.held.length === 0);
      expect(await redis.xlen('stream:preprocess')).toBe(1);
      expect(sqs.calls.at(-1)?.key).toBe('key-2');
    } finally {
      for (const name of Object.keys(process.env)) if (!(name in before)) Reflect.deleteProperty(process.env, name);
      await rm(folder, { recursive: true });
    }
  });

  it('is found by the doctor, one line for each queue', async () => {
    const [jobs, results] = [newQueue(), newQueue()];
    jobs.send({ MessageBody: JOB });
    const settings = (env: Record<string, string>) => groupSqs({ ...DEFAULTS, ...KEYS, ...env });
    const both = settings({ SQS_QUEUE_URL: sqs.url(jobs.name), SQS_RESULT_QUEUE_URL: sqs.url('not-there') });
    expect(await diagnoseSqs(both)).toEqual([
      {
        subject: 'sqs',
        level: 'ok',
        message: `SQS_QUEUE_URL: ${jobs.name} is there, and about 1 messages wait in it.`,
      },
      {
        subject: 'sqs',
        level: 'fail',
        message: expect.stringContaining(
          'SQS_RESULT_QUEUE_URL: GetQueueAttributes of not-there: there is no such queue.',
        ),
      },
    ]);
    expect(await diagnoseSqs(settings({}))).toEqual([]);
    sqs.fail('any', 'denied');
    const [denied] = await diagnoseSqs(settings({ SQS_QUEUE_URL: sqs.url(results.name) }));
    expect(denied).toMatchObject({
      level: 'fail',
      message: expect.stringContaining('Allow the right that docs/sqs.md names.'),
    });
  });

  it('knows the region from the URL, and from AWS_REGION where the URL names none', () => {
    const regionOf = (url: string) =>
      groupSqs({ ...DEFAULTS, AWS_REGION: 'sa-east-1', SQS_QUEUE_URL: url }).jobs?.region;
    expect(regionOf('https://sqs.ap-northeast-2.amazonaws.com/123456789012/roads')).toBe('ap-northeast-2');
    expect(regionOf('https://sqs.cn-north-1.amazonaws.com.cn/123456789012/roads')).toBe('cn-north-1');
    expect(regionOf('https://sqs-fips.us-gov-west-1.amazonaws.com/1/roads.fifo')).toBe('us-gov-west-1');
    expect(regionOf('https://eu-west-1.queue.amazonaws.com/1/roads')).toBe('eu-west-1');
    expect(regionOf('http://elasticmq:9324/000000000000/roads')).toBe('sa-east-1');
  });
});
