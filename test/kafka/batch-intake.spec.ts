import { beforeAll, describe, expect, it } from '@jest/globals';
import type { EachBatchPayload } from 'kafkajs';
import { BatchIntake } from '../../src/kafka/batch-intake.js';
import { toFields } from '../../src/redis/fields.js';
import { RelayBench } from '../support/relay-bench.js';
import { useRedis } from '../support/use-redis.js';

const { server, redis } = useRedis({ flush: true, endFirst: () => bench.close() });
let bench: RelayBench;

beforeAll(async () => void (bench = await RelayBench.on(server.url)));

const job = (cctvId: string) => JSON.stringify({ cctvId, hls: 'https://cams.example/a.m3u8' });

/** A batch as the library gives it; gives the offset that was passed last. */
async function take(messages: readonly { value: string | null; timestamp: string }[]): Promise<string | undefined> {
  let passed: string | undefined;
  const payload = {
    batch: {
      topic: 'roads',
      partition: 0,
      messages: messages.map(({ value, timestamp }, i) => {
        return { key: null, value: value === null ? null : Buffer.from(value), timestamp, offset: String(i) };
      }),
    },
    heartbeat: () => Promise.resolve(),
    commitOffsetsIfNecessary: () => Promise.resolve(),
    resolveOffset: (offset: string) => (passed = offset),
  };
  const events = { taken: () => undefined, held: () => undefined, flowing: () => undefined };
  const intake = new BatchIntake(bench.base.jobsIn('kafka roads'), events, AbortSignal.timeout(8_000));
  await intake.take(payload as unknown as EachBatchPayload);
  return passed;
}

async function entries(stream: string): Promise<Record<string, string>[]> {
  return (await redis.xrange(stream, '-', '+')).map(([, flat]) => toFields(flat));
}

describe('a batch of a topic', () => {
  it('takes a message that its producer gave no time', async () => {
    const before = Date.now();
    expect(await take([{ value: job('a'), timestamp: '-1' }])).toBe('0');
    const [added] = await entries('stream:preprocess');
    expect(added).toMatchObject({ cctvId: 'a' });
    expect(Number(added!['enqueuedAt'])).toBeGreaterThanOrEqual(before);
  });

  it('goes on behind what nobody can read', async () => {
    const deep = `{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`;
    const timestamp = String(Date.now());
    const values = [deep, null, '\ufffd', job('b')];
    expect(await take(values.map((value) => ({ value, timestamp })))).toBe('3');
    expect(await entries('stream:preprocess')).toMatchObject([{ cctvId: 'b' }]);
    expect(await entries('stream:preprocess:dlq')).toHaveLength(3);
  });
});
