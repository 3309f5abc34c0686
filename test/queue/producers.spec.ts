import { DeadLetters } from '../../src/queue/dead-letters/dead-letters.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseInspectionJob, type InspectionJob } from '../../src/inspection/inspection-job.js';
import { JobHandler } from '../../src/job/handler.js';
import type { RawPayload } from '../../src/job/payload.js';
import type { Delivery } from '../../src/queue/job-queue.js';
import { connect } from '../../src/redis/connection.js';
import type { RedisJobQueue } from '../../src/queue/streams/redis-job-queue.js';
import { assemble } from '../../src/worker/engine.js';
import { PRODUCERS, THE_JOB, type ProducerFixture } from '../fixtures/spring/producers.js';
import { eventually } from '../support/eventually.js';
import { silentEvents } from '../support/silent-events.js';
import { GROUP, TEST_SETTINGS, testQueue, testStreams, type TestStreams } from '../support/test-engine.js';
import { useRedis } from '../support/use-redis.js';

const readable = PRODUCERS.filter(({ expected }) => expected === true);
const refused = PRODUCERS.filter(({ expected }) => expected !== true);

/** Reads jobs as the service does and keeps those it could read. */
class InspectionParser extends JobHandler<InspectionJob> {
  readonly kind = 'inspection';
  readonly read: InspectionJob[] = [];

  parse(payload: RawPayload, entryId: string): InspectionJob {
    return parseInspectionJob(payload, { entryId, maxSeconds: 600 });
  }

  async handle(job: InspectionJob): Promise<void> {
    this.read.push(job);
  }
}

const { server, redis } = useRedis();

describe('what Spring producers write, as bytes through a real Redis', () => {
  async function add(stream: string, { entry }: ProducerFixture): Promise<string> {
    return (await redis.xadd(stream, '*', ...entry)) as string;
  }

  describe('claimed', () => {
    const streams = testStreams();
    let queue: RedisJobQueue;

    beforeAll(async () => {
      queue = testQueue(server.url, streams);
      await queue.open();
    });
    afterAll(() => queue.close());

    it.each(PRODUCERS)('arrives byte for byte: $producer', async (fixture) => {
      const entryId = await add(streams.stream, fixture);
      const [delivery] = (await queue.claim(1, 0)) as [Delivery];
      expect(delivery).toMatchObject({ entryId, lane: streams.stream, deliveries: 1, again: false });
      expect(delivery.payload).toEqual(fixture.entry);
      expect(await queue.complete(delivery)).toBe('settled');
    });

    it.each(readable)('is read as the job: $producer', async (fixture) => {
      const entryId = await add(streams.stream, fixture);
      const [delivery] = (await queue.claim(1, 0)) as [Delivery];
      expect(parseInspectionJob(delivery.payload, { entryId, maxSeconds: 600 })).toMatchObject(THE_JOB);
      await queue.complete(delivery);
    });
  });

  describe('run by the engine', () => {
    const streams = testStreams();
    const sources = new Map<string, ProducerFixture>();
    const handler = new InspectionParser();

    beforeAll(async () => {
      const engine = assemble(TEST_SETTINGS, testQueue(server.url, streams), handler, silentEvents());
      for (const fixture of PRODUCERS) sources.set(await add(streams.stream, fixture), fixture);
      engine.worker.start();
      await eventually('all settled', () => isSettled(streams));
      await engine.worker.drain();
      await engine.queue.close();
    });

    async function isSettled({ stream, dlq }: TestStreams): Promise<boolean> {
      const [pending] = (await redis.xpending(stream, GROUP).catch(() => [-1])) as [number];
      return pending === 0 && (await redis.xlen(dlq)) + handler.read.length >= PRODUCERS.length;
    }

    it('runs every readable entry once, as the same job, and none of the others', () => {
      expect(handler.read).toHaveLength(readable.length);
      for (const job of handler.read) expect(job).toMatchObject(THE_JOB);
    });

    it('sets every other entry aside once, byte for byte, with its code and a sentence', async () => {
      const letters = await redis.xrangeBuffer(streams.dlq, '-', '+');
      expect(letters).toHaveLength(refused.length);
      for (const [, fields] of letters) {
        const { payload, own } = split(fields);
        const fixture = sources.get(own['roadstream:source'] ?? '');
        expect(payload).toEqual(fixture?.entry);
        expect(own).toMatchObject({ 'roadstream:code': fixture?.expected, 'roadstream:attempts': '1' });
        expect(own['roadstream:message']).toMatch(/^\S.{15,}\.$/s);
      }
    });

    it('puts such an entry back as it came when it is redriven, under the name it had', async () => {
      const connection = connect({ url: server.url }, 'commands');
      const names = { lanes: [streams.high, streams.stream], dlq: streams.dlq, group: GROUP };
      const letters = new DeadLetters(connection, names);
      const before = await redis.xlen(streams.stream);
      expect(await letters.redrive({})).toBe(refused.length);
      const again = await redis.xrevrangeBuffer(streams.stream, '+', '-', 'COUNT', refused.length);
      expect(await redis.xlen(streams.stream)).toBe(before + refused.length);
      for (const [, fields] of again) {
        const { payload, own } = split(fields);
        expect(Object.keys(own)).toEqual(['roadstream:source']);
        expect(payload).toEqual(sources.get(own['roadstream:source'] ?? '')?.entry);
      }
      connection.disconnect();
    });
  });
});

/** The producer's fields as they are, and ours as text. */
function split(fields: readonly Buffer[]): { payload: Buffer[]; own: Record<string, string> } {
  const payload: Buffer[] = [];
  const own: Record<string, string> = {};
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [name, value] = [fields[i] as Buffer, fields[i + 1] as Buffer];
    if (name.toString().startsWith('roadstream:')) own[name.toString()] = value.toString();
    else payload.push(name, value);
  }
  return { payload, own };
}
