import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { diagnoseKafka } from '../../src/kafka/diagnose-kafka.js';
import { KafkaFront } from '../support/kafka/kafka-front.js';
import { makeCertificates, type Certificates } from '../support/kafka/certificates.js';
import { send } from '../support/kafka/kcat.js';
import { MockCluster } from '../support/kafka/mock-cluster.js';
import { freePort } from '../support/redis-server.js';
import { useFolder } from '../support/use-folder.js';

const USER = { username: 'roadstream', password: 'right' };
const folder = useFolder('kafka', 'suite');
const fronts: KafkaFront[] = [];
let cluster: MockCluster;
let certificates: Certificates;

beforeAll(async () => {
  cluster = await MockCluster.start();
  certificates = await makeCertificates(folder.path);
  await send(cluster.port, [{ topic: 'road-jobs', value: 'a job' }]);
});

afterAll(async () => {
  for (const front of fronts) await front.down();
  await cluster.stop();
});

async function openFront(options: Parameters<typeof KafkaFront.start>[1]): Promise<string> {
  const front = await KafkaFront.start(cluster.port, options);
  fronts.push(front);
  return front.address;
}

const NONE = { detections: undefined, tasks: undefined, risks: undefined };
const settings = (broker: string) => ({
  ...{ brokers: [broker], tls: undefined, sasl: undefined },
  ...{ group: 'roadstream', jobsTopic: 'road-jobs', topics: NONE },
});
const noFiles = { caFile: undefined, certFile: undefined, keyFile: undefined };

describe('what the doctor says of Kafka', () => {
  it('is nothing where there is none', async () => {
    expect(await diagnoseKafka(undefined)).toEqual([]);
  });

  it('is that it answers, and where jobs come from', async () => {
    const broker = await openFront({ tls: certificates, sasl: { mechanism: 'PLAIN', ...USER } });
    const secure = { ...settings(broker), tls: { ...noFiles, caFile: certificates.caFile } };
    expect(await diagnoseKafka({ ...secure, sasl: { mechanism: 'plain', ...USER } })).toEqual([
      { subject: 'kafka', level: 'ok', message: `Kafka answers at ${broker}.` },
      { subject: 'kafka', level: 'ok', message: 'Jobs come from road-jobs, by the group roadstream.' },
    ]);
  });

  it('names a topic that is missing, and how to make it', async () => {
    const found = await diagnoseKafka({ ...settings(await openFront({})), topics: { ...NONE, risks: 'risks' } });
    expect(found.at(-1)).toMatchObject({ level: 'warn', message: expect.stringContaining('--create --topic risks') });
  });

  it.each([
    ['nobody is there', async () => settings(`127.0.0.1:${await freePort()}`), 'check the brokers and KAFKA_BROKERS'],
    ['it wants TLS', async () => settings(await openFront({ tls: certificates })), 'check KAFKA_TLS'],
    [
      'nobody vouches for its certificate',
      async () => ({ ...settings(await openFront({ tls: certificates })), tls: noFiles }),
      'the files of KAFKA_TLS_',
    ],
    [
      'it refuses our password',
      async () => ({
        ...settings(await openFront({ sasl: { mechanism: 'SCRAM-SHA-256', ...USER } })),
        sasl: { mechanism: 'scram-sha-256' as const, ...USER, password: 'guessed' },
      }),
      'check KAFKA_SASL_MECHANISM, _USERNAME and _PASSWORD',
    ],
    [
      'a file is missing',
      async () => ({ ...settings('127.0.0.1:1'), tls: { ...noFiles, caFile: '/nowhere/ca.pem' } }),
      'KAFKA_TLS_CA_FILE cannot be read',
    ],
  ])('says what to look at when %s', async (_what, make, advice) => {
    const found = await diagnoseKafka(await make());
    expect(found).toEqual([{ subject: 'kafka', level: 'fail', message: expect.stringContaining(advice) }]);
    expect(JSON.stringify(found)).not.toContain('guessed');
  });
});
