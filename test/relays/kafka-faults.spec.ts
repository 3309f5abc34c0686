import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { KafkaRelay } from '../../src/kafka/kafka-relay.js';
import { openKafka } from '../../src/kafka/open-kafka.js';
import { toFields } from '../../src/redis/fields.js';
import { eventually } from '../support/eventually.js';
import { KafkaFront } from '../support/kafka/kafka-front.js';
import { contentOf, send } from '../support/kafka/kcat.js';
import { MockCluster } from '../support/kafka/mock-cluster.js';
import type { SaslRules } from '../support/kafka/sasl-door.js';
import { RedisServer } from '../support/redis-server.js';
import { RelayBench } from '../support/relay-bench.js';

const TIMES = { sessionMs: 3_000, heartbeatMs: 300, againMs: 200, steadyMs: 500 };
/** A broker that says nothing for so long is given up. */
const ANSWER_WITHIN_MS = 2_500;
const USER = { mechanism: 'plain', username: 'roadstream', password: 'right' } as const;
const STREAM = 'stream:preprocess';

const redisServer = new RedisServer('--appendonly', 'yes', '--appendfsync', 'always');
const redis = redisServer.client();
const ends: (() => Promise<unknown>)[] = [];
let cluster: MockCluster;
let topic: string;

beforeAll(async () => {
  await redisServer.up();
  cluster = await MockCluster.start();
});

beforeEach(async () => {
  topic = `jobs-${randomUUID()}`;
  await redis.flushall();
});

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

afterAll(async () => {
  await cluster.stop();
  await redisServer.stop();
});

/** An address of the broker with a life of its own. */
async function openFront(sasl?: SaslRules): Promise<KafkaFront> {
  const front = await KafkaFront.start(cluster.port, sasl === undefined ? {} : { sasl });
  ends.push(() => front.down());
  return front;
}

interface RelayOptions {
  readonly sasl?: typeof USER;
  /** Topics of results begin with the topic's name. */
  readonly sendsResults?: boolean;
}

async function startRelay(front: KafkaFront, { sasl, sendsResults = false }: RelayOptions = {}) {
  const bench = await RelayBench.on(redisServer.url);
  const kafka = await openKafka({ brokers: [front.address], tls: undefined, sasl }, ANSWER_WITHIN_MS);
  const topics = { detections: sendsResults ? `${topic}.out` : undefined, tasks: undefined, risks: undefined };
  const settings = { group: topic, jobsTopic: topic, topics };
  const relay = new KafkaRelay(kafka, settings, bench.base, () => undefined, TIMES);
  relay.start();
  ends.push(async () => {
    await relay.stop();
    await bench.close();
  });
  return { bench, relay };
}

const messages = (count: number, from = 0) =>
  Array.from({ length: count }, (_unused, i) => {
    const cctvId = `cam-${i % 3}`;
    const job = { cctvId, jobId: `job-${from + i}`, hls: 'https://cams.example/live.m3u8', sec: 5 };
    return { topic, key: cctvId, value: JSON.stringify(job) };
  });

const namesOf = (count: number) => Array.from({ length: count }, (_unused, i) => `job-${i}`).sort();

async function jobs(): Promise<Record<string, string>[]> {
  return (await redis.xrange(STREAM, '-', '+')).map(([, flat]) => toFields(flat));
}

/** Waits for as many jobs, and expects each once and those of a camera in order. */
async function expectJobs(count: number): Promise<void> {
  await eventually(`${count} jobs are there`, async () => (await redis.xlen(STREAM)) >= count);
  const found = await jobs();
  expect(found.map(({ jobId }) => jobId).sort()).toEqual(namesOf(count));
  for (const camera of ['cam-0', 'cam-1', 'cam-2']) {
    const numbers = found.filter(({ cctvId }) => cctvId === camera).map(({ jobId }) => Number(jobId?.slice(4)));
    expect(numbers).toEqual([...numbers].sort((one, other) => one - other));
  }
}

const committed = (front: KafkaFront, count: number) =>
  eventually('offsets were committed', () => front.count('offsetCommit') >= count);

const troubles = ({ lines }: RelayBench) => lines.filter(({ level }) => level >= 40).map(({ msg }) => msg);
const recoveries = ({ lines }: RelayBench) => lines.filter(({ msg }) => msg.includes('again, after'));

describe('jobs from a topic', () => {
  it('wait while Redis is away for several sessions; the group keeps its member, and nothing is committed', async () => {
    const front = await openFront();
    const { bench } = await startRelay(front);
    await send(cluster.port, messages(3));
    await expectJobs(3);
    await committed(front, 1);
    await redisServer.down('SIGKILL');
    await send(cluster.port, messages(27, 3));
    await eventually('Redis is missed', () => troubles(bench).length > 0);
    const before = { joins: front.count('joinGroup'), commits: front.count('offsetCommit') };
    for (let beats = 0; beats < 7; beats++) await front.next('heartbeat');
    expect({ joins: front.count('joinGroup'), commits: front.count('offsetCommit') }).toEqual(before);
    await redisServer.up();
    await expectJobs(30);
    await committed(front, before.commits + 1);
    expect(troubles(bench)).toEqual([expect.stringMatching(/^cannot take jobs from kafka; nothing is lost/)]);
    await eventually('its end is told', () => recoveries(bench).length === 1);
  }, 40_000);

  it('come when the broker is back that went away in the middle; its end and its return are told once', async () => {
    const front = await openFront();
    const { bench } = await startRelay(front);
    await send(cluster.port, messages(300));
    await front.next('offsetCommit');
    await front.down();
    await eventually('it is told', () => troubles(bench).length > 0);
    expect(troubles(bench)).toEqual([expect.stringContaining('check the brokers and KAFKA_BROKERS')]);
    await front.up();
    await expectJobs(300);
    await eventually('its end is told', () => recoveries(bench).length === 1);
    expect(troubles(bench)).toHaveLength(1);
  }, 40_000);

  it('are not doubled when Redis dies between the job and the commit', async () => {
    const front = await openFront();
    await startRelay(front);
    front.hold('offsetCommit');
    const commit = front.next('offsetCommit');
    await send(cluster.port, messages(30));
    await commit;
    await redisServer.down('SIGKILL');
    front.hold('offsetCommit', false);
    front.cut();
    await redisServer.up();
    await expectJobs(30);
    await committed(front, 2);
    await expectJobs(30);
  }, 40_000);

  it('are taken over from a replica that dies between the job and the commit, and are not doubled', async () => {
    const dying = await openFront();
    await startRelay(dying);
    dying.hold('offsetCommit');
    const commit = dying.next('offsetCommit');
    await send(cluster.port, messages(30));
    await commit;
    await dying.down();
    const front = await openFront();
    const { bench } = await startRelay(front);
    const known = 'roadstream_relay_messages_total{relay="kafka",direction="in",result="known"}';
    await eventually('what was not committed came again', async () => ((await bench.sample(known)) ?? 0) > 0);
    await committed(front, 1);
    await expectJobs(30);
  }, 40_000);

  it('go on when a replica joins and another leaves', async () => {
    const [one, other] = [await openFront(), await openFront()];
    const first = await startRelay(one);
    await send(cluster.port, messages(30));
    await expectJobs(30);
    const second = await startRelay(other);
    await eventually('the second has partitions', () => other.count('fetch') > 0);
    // Packed as Kafka can pack them without help.
    await send(cluster.port, messages(60, 30), ['-z', 'gzip']);
    await expectJobs(90);
    await first.relay.stop();
    await send(cluster.port, messages(30, 90));
    await expectJobs(120);
    expect([...troubles(first.bench), ...troubles(second.bench)]).toEqual([]);
  }, 40_000);

  it('wait for a broker that takes connections and says nothing, and come once it speaks', async () => {
    const front = await openFront();
    const { bench } = await startRelay(front);
    await send(cluster.port, messages(3));
    await expectJobs(3);
    front.hold('fetch');
    await send(cluster.port, messages(3, 3));
    await eventually('it is told', () => troubles(bench).length > 0, 30_000);
    front.hold('fetch', false);
    await expectJobs(6);
    await eventually('its end is told', () => recoveries(bench).length === 1);
    expect(troubles(bench)).toHaveLength(1);
  }, 60_000);

  it('stay in the topic while more jobs wait in Redis than it should hold, and the group keeps its member', async () => {
    const batch = redis.pipeline();
    for (let i = 0; i < 10_000; i++) batch.xadd(STREAM, '*', 'jobId', `old-${i}`);
    await batch.exec();
    await redis.xgroup('CREATE', STREAM, 'workers', '0');
    const front = await openFront();
    await startRelay(front);
    await send(cluster.port, messages(3));
    await front.next('fetch');
    for (let beats = 0; beats < 5; beats++) await front.next('heartbeat');
    expect([await redis.xlen(STREAM), front.count('offsetCommit')]).toEqual([10_000, 0]);
    await redis.xtrim(STREAM, 'MAXLEN', 0);
    await expectJobs(3);
  }, 40_000);

  it('say so when producers compress them in a way that cannot be read', async () => {
    const front = await openFront();
    const { bench } = await startRelay(front);
    await send(cluster.port, messages(3), ['-z', 'snappy']);
    await eventually('it was tried again and again', () => front.count('joinGroup') >= 4);
    expect(troubles(bench)).toEqual([expect.stringContaining('let producers use gzip or none')]);
    expect(recoveries(bench)).toEqual([]);
    expect(await redis.exists(STREAM)).toBe(0);
  }, 40_000);

  it('wait while Kafka refuses our password, and say which settings to look at', async () => {
    const sasl = { mechanism: 'PLAIN' as const, username: USER.username, password: 'changed' };
    const front = await openFront(sasl);
    const { bench } = await startRelay(front, { sasl: USER });
    await send(cluster.port, messages(3));
    await eventually('it is told', () => troubles(bench).length > 0);
    expect(troubles(bench)).toEqual([expect.stringContaining('KAFKA_SASL_')]);
    sasl.password = USER.password;
    await expectJobs(3);
    expect(troubles(bench)).toHaveLength(1);
    expect(JSON.stringify(bench.lines)).not.toContain(USER.password);
  }, 40_000);

  it('go on when a session of SASL ends again and again', async () => {
    // The client signs on anew ten seconds before the end.
    const front = await openFront({ ...USER, mechanism: 'PLAIN', sessionMs: 10_500 });
    const { bench } = await startRelay(front, { sasl: USER });
    for (let signs = 0; signs < 6; signs++) await front.next('saslAuthenticate');
    await send(cluster.port, messages(3));
    await expectJobs(3);
    expect(troubles(bench)).toEqual([]);
  }, 40_000);
});

describe('results', () => {
  const results = (count: number, from = 0) =>
    Array.from({ length: count }, (_unused, i) => ({ jobId: `job-${from + i}`, cctvId: 'cam', detections: '0' }));

  async function publish(some: readonly Record<string, string>[]): Promise<void> {
    for (const fields of some) await redis.xadd(`${STREAM}:results`, '*', ...Object.entries(fields).flat());
  }

  /** Waits for as many messages, and gives the names of their jobs. */
  async function sent(count: number): Promise<string[]> {
    const seen = await eventually(`${count} are there`, async () => {
      const found = await contentOf(cluster.port, `${topic}.out`);
      return found.length >= count && found;
    });
    expect(seen.every(({ key }) => key === 'cam')).toBe(true);
    return seen.map(({ payload }) => (JSON.parse(payload) as { jobId: string }).jobId);
  }

  async function startSender() {
    const front = await openFront();
    const { bench } = await startRelay(front, { sendsResults: true });
    await eventually('the relay follows', async () => (await redis.exists(`${STREAM}:results`)) === 1);
    return { front, bench };
  }

  const isTold = (bench: RelayBench) =>
    eventually('it is told', () => troubles(bench).some((text) => text.includes('send results to kafka')), 30_000);

  it('wait for a broker that is away, and are all there once it is back, by camera in their order', async () => {
    const { front, bench } = await startSender();
    await front.down();
    await publish(results(25));
    await isTold(bench);
    await front.up();
    expect(await sent(25)).toEqual(results(25).map(({ jobId }) => jobId));
  }, 40_000);

  it('come at least once though the broker that took some of them says nothing for a while', async () => {
    const { front, bench } = await startSender();
    await publish(results(5));
    await sent(5);
    front.hold('produce');
    await publish(results(5, 5));
    await isTold(bench);
    front.hold('produce', false);
    await eventually('all are there', async () => new Set(await sent(10)).size === 10);
  }, 60_000);

  it('that are too large for the topic are given up and told by name; those beside them are sent', async () => {
    const { front, bench } = await startSender();
    front.largest = 20_000;
    const large = { ...results(1, 99)[0], note: 'x'.repeat(30_000) };
    await publish([...results(2), large, ...results(2, 2)]);
    expect(await sent(4)).toEqual(results(4).map(({ jobId }) => jobId));
    await eventually('it is told', () => troubles(bench).some((text) => text.includes('max.message.bytes')));
  }, 40_000);
});
