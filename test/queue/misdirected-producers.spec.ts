import { describe, expect, it } from '@jest/globals';
import { jdk, json } from '../fixtures/spring/bytes.js';
import { eventually } from '../support/eventually.js';
import { Service } from '../support/service.js';
import { testEngine, testQueue, testStreams } from '../support/test-engine.js';
import { useRedis } from '../support/use-redis.js';

const { server, redis } = useRedis({ flush: true });

describe('a producer that writes next door', () => {
  it('is told apart from one that writes to the stream, by key and by what to set', async () => {
    const streams = testStreams();
    const queue = testQueue(server.url, streams);
    await redis.xadd(streams.stream, '*', 'jobId', 'right');
    expect(await queue.misdirectedProducers()).toEqual([]);
    await redis.xadd(jdk(streams.stream), '*', jdk('cctvId'), jdk('cctv_001'));
    await redis.xadd(json(streams.high), '*', 'cctvId', 'cctv_001');
    expect(await queue.misdirectedProducers()).toEqual([
      expect.stringMatching(/^A producer writes to the key ".*" with quotes .* gets none .*keySerializer/),
      expect.stringMatching(/^A producer writes to the Java-serialised key of .*StringRedisTemplate/),
    ]);
    await queue.close();
  });

  it('is warned of once when the worker starts', async () => {
    const streams = testStreams();
    await redis.xadd(jdk(streams.stream), '*', jdk('cctvId'), jdk('cctv_001'));
    const warnings: string[] = [];
    const { worker, queue, housekeeper } = testEngine(testQueue(server.url, streams), async () => undefined, {
      events: { producerMisdirected: (warning) => warnings.push(warning) },
    });
    worker.start();
    await eventually('the warning', () => warnings.length > 0);
    expect(warnings).toEqual([expect.stringContaining('Java-serialised key')]);
    expect(housekeeper.misdirectedProducers).toEqual(warnings);
    await worker.drain();
    await queue.close();
  });

  it('shows in health and readiness as degraded, and the service stays up', async () => {
    await redis.xadd(jdk('stream:preprocess'), '*', jdk('cctvId'), jdk('cctv_001'));
    const service = await Service.start({ REDIS_URL: server.url });
    const message = expect.stringMatching(/Java-serialised key of stream:preprocess.*StringRedisSerializer/) as unknown;
    for (const path of ['/health', '/health/ready']) {
      const answer = await fetch(service.url + path);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ details: { worker: { status: 'degraded', message } } });
    }
    expect(service.output.match(/Java-serialised key/g)).toHaveLength(1);
    await service.stop();
  });
});
