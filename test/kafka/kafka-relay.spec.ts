import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { makeCertificates } from '../support/kafka/certificates.js';
import { KafkaFront } from '../support/kafka/kafka-front.js';
import { contentOf, send, type SeenMessage } from '../support/kafka/kcat.js';
import { MockCluster } from '../support/kafka/mock-cluster.js';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';

const USER = { mechanism: 'SCRAM-SHA-512', username: 'roadstream', password: 'only-for-the-brokers' } as const;
const STREAM = 'stream:preprocess';
const { server, redis } = useRedis({ endFirst: () => stage.end() });

/** The service as it runs behind TLS and SASL, and what its neighbours use. */
const stage = {
  folder: '',
  cluster: undefined as MockCluster | undefined,
  front: undefined as KafkaFront | undefined,
  service: undefined as Service | undefined,
  async end() {
    await this.service?.stop();
    await this.front?.down();
    await this.cluster?.stop();
    await rm(this.folder, { recursive: true, force: true });
  },
};

const job = (cctvId: string, more: object = {}) =>
  JSON.stringify({ cctvId, hls: 'https://cams.example.com/live.m3u8', sec: 20, ...more });

/** The jobs in a stream, as their fields. */
async function jobsIn(stream = STREAM): Promise<Record<string, string>[]> {
  const entries = await redis.xrange(stream, '-', '+');
  return entries.map(([, flat]) =>
    Object.fromEntries(flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1] ?? '']] : []))),
  );
}

const port = () => stage.cluster!.port;

beforeAll(async () => {
  stage.folder = await mkdtemp(join(tmpdir(), 'roadstream-kafka-'));
  const { caFile, ...tls } = await makeCertificates(stage.folder);
  stage.cluster = await MockCluster.start();
  stage.front = await KafkaFront.start(port(), { tls, sasl: USER });
  stage.service = await Service.start({
    REDIS_URL: server.url,
    ROLES: 'relay',
    KAFKA_BROKERS: stage.front.address,
    KAFKA_TLS_CA_FILE: caFile,
    KAFKA_SASL_MECHANISM: 'scram-sha-512',
    KAFKA_SASL_USERNAME: USER.username,
    KAFKA_SASL_PASSWORD: USER.password,
    KAFKA_JOBS_TOPIC: 'road-jobs',
    OUTBOUND_ALLOW: 'cams.example.com',
  });
}, 60_000);

describe('jobs from a topic', () => {
  it('become jobs of the queue, those of a camera in their order', async () => {
    const cameras = ['a', 'b', 'c', 'd', 'e'];
    const messages = Array.from({ length: 200 }, (_unused, i) => {
      const key = cameras[i % cameras.length] as string;
      return { topic: 'road-jobs', key, value: job(key, { jobId: `job-${i}` }) };
    });
    await send(port(), messages);
    const jobs = await eventually('all are there', async () => {
      const found = await jobsIn();
      return found.length >= messages.length && found;
    });
    expect(jobs).toHaveLength(messages.length);
    for (const camera of cameras) {
      const numbers = jobs
        .filter(({ cctvId }) => cctvId === camera)
        .map(({ jobId }) => Number(jobId?.replace('job-', '')));
      expect(numbers).toEqual([...numbers].sort((one, other) => one - other));
      expect(numbers).toHaveLength(messages.length / cameras.length);
    }
  });

  it('are named after their place in the topic where they have no name, and may be urgent or of another kind', async () => {
    const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
    const headers = { priority: 'urgent', traceparent };
    await send(port(), [{ topic: 'road-jobs', key: 'hurry', value: job('hurry'), headers }]);
    const [urgent] = await eventually('it is there', async () => {
      const found = await jobsIn(`${STREAM}:high`);
      return found.length > 0 && found;
    });
    expect(urgent).toMatchObject({
      traceparent,
      cctvId: 'hurry',
      jobId: expect.stringMatching(/^road-jobs-\d-\d+-\d{13}$/),
    });
    const segment = { cctvId: 'judged', segmentStart: '2026-11-21T22:00:00Z', image: 'a/b.jpg' };
    const kind = { kind: 'assessment' };
    await send(port(), [{ topic: 'road-jobs', key: 'judged', value: JSON.stringify(segment), headers: kind }]);
    const [judged] = await eventually('it is there', async () => {
      const found = await jobsIn('stream:assess');
      return found.length > 0 && found;
    });
    expect(judged).toMatchObject({ cctvId: 'judged' });
  });

  it('go to the dead letters with the reason when they can never be jobs, and those behind them go on', async () => {
    const bad = ['no JSON', '{"cctvId":"x"}', '', job('big', { note: 'x'.repeat(300_000) })];
    await send(
      port(),
      bad.map((value) => ({ topic: 'road-jobs', key: 'bad', value })),
    );
    await send(port(), [{ topic: 'road-jobs', key: 'bad', value: job('after-bad') }]);
    await eventually('what is behind them is there', async () =>
      (await jobsIn()).some(({ cctvId }) => cctvId === 'after-bad'),
    );
    const letters = await jobsIn(`${STREAM}:dlq`);
    const codes = letters.map((letter) => letter['roadstream:code'] ?? letter['_code'] ?? JSON.stringify(letter));
    expect(codes).toHaveLength(bad.length);
    expect(letters.every((letter) => JSON.stringify(letter).includes('kafka road-jobs'))).toBe(true);
  });

  it('are counted, and told of by health', async () => {
    const { service } = stage;
    expect(
      await service!.metric('roadstream_relay_messages_total{relay="kafka",direction="in",result="added"}'),
    ).toBeGreaterThan(200);
    expect(
      await service!.metric('roadstream_relay_messages_total{relay="kafka",direction="in",result="refused"}'),
    ).toBe(4);
    expect(JSON.stringify(await service!.json('/health'))).toContain('kafka');
  });
});

describe('results', () => {
  const resultsTo = (topic: string, count: number) =>
    eventually(`${count} results are in ${topic}`, async () => {
      const found = await contentOf(port(), topic);
      return found.length >= count && found;
    });
  const bodies = (messages: readonly SeenMessage[]) =>
    messages.map(({ key, payload }) => ({ key, ...(JSON.parse(payload) as object) }));

  it('of inspections go to the topics of detections and, where there is damage, of tasks', async () => {
    await eventually('the relay follows', async () => (await redis.exists(`${STREAM}:results`)) === 1);
    const seen = { damageVerdict: 'clear', enqueuedAt: '2026-11-21T22:00:00Z', artifacts: 'p/cam/1/' };
    await addResult(`${STREAM}:results`, { jobId: 'r1', cctvId: 'cam', detections: '2', ...seen });
    await addResult(`${STREAM}:results`, { jobId: 'r2', cctvId: 'cam', detections: '0', ...seen });
    expect(bodies(await resultsTo('detection-results', 2))).toEqual([
      expect.objectContaining({ key: 'cam', jobId: 'r1', detections: 2, outcome: 'completed' }),
      expect.objectContaining({ key: 'cam', jobId: 'r2', detections: 0 }),
    ]);
    expect(bodies(await resultsTo('assessment-tasks', 1))).toEqual([
      expect.objectContaining({ key: 'cam', jobId: 'r1.picture', image: 'p/cam/1/damage_result.jpg' }),
    ]);
  });

  it('of assessments go to the topic of risk assessments', async () => {
    await addResult('stream:assess:results', { jobId: 'a1', cctvId: 'cam', safetyScore: '40' });
    expect(bodies(await resultsTo('risk-assessment-results', 1))).toEqual([
      expect.objectContaining({ key: 'cam', jobId: 'a1', safetyScore: 40 }),
    ]);
  });

  async function addResult(stream: string, fields: Record<string, string>): Promise<void> {
    await redis.xadd(stream, '*', ...Object.entries(fields).flat());
  }
});

it('never tells the password', async () => {
  expect(stage.service!.output).not.toContain(USER.password);
  expect(JSON.stringify(await stage.service!.json('/health'))).not.toContain(USER.password);
});
