import { JobNotes } from '../../src/ledger/job-notes.js';
import { CameraLedger } from '../../src/ledger/camera-ledger.js';
import { DeadLetters } from '../../src/queue/dead-letters/dead-letters.js';
import { QueueView } from '../../src/queue/queue-view.js';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LeaseLostError, PermanentStepError, TransientStepError } from '../../src/job/errors.js';
import type { Run } from '../../src/job/handler.js';
import { AssessmentList } from '../../src/ledger/assessment-list.js';
import { NotingHandler } from '../../src/ledger/noting-handler.js';
import { connect, type Connection } from '../../src/redis/connection.js';
import { assemble, type Engine } from '../../src/worker/engine.js';
import { eventually } from '../support/eventually.js';
import { silentEvents } from '../support/silent-events.js';
import { GROUP, TEST_SETTINGS, TestHandler, testQueue, testStreams, type TestStreams } from '../support/test-engine.js';
import { useRedis } from '../support/use-redis.js';

let connection: Connection;
const { server, redis } = useRedis({ endFirst: () => connection.disconnect() });
let streams: TestStreams;
let list: AssessmentList;
let notes: JobNotes;

beforeAll(() => void (connection = connect({ url: server.url }, 'commands')));
beforeEach(() => {
  streams = testStreams();
  const names = { lanes: [streams.high, streams.stream], dlq: streams.dlq, group: GROUP };
  const mains = { inspection: 'none', assessment: 'none' };
  const ledgerNames = { inspections: 'none', assessments: 'none', group: 'ledger', mains };
  notes = new JobNotes(connection, streams.stream);
  list = new AssessmentList(
    new QueueView(connection, names, 1_048_576),
    new DeadLetters(connection, names),
    new CameraLedger(connection, ledgerNames),
    notes,
  );
});

const add = (stream: string, jobId: string) =>
  redis.xadd(stream, '*', 'jobId', jobId, 'cctvId', 'cam', 'segmentStart', '2026-01-01T10:00:00Z');

async function working(work: (jobId: string) => Promise<void>, test: (engine: Engine) => Promise<void>): Promise<void> {
  const handler = new NotingHandler(new TestHandler((job) => work(job.jobId)), notes);
  const engine = assemble(TEST_SETTINGS, testQueue(server.url, streams), handler, silentEvents());
  engine.worker.start();
  try {
    await test(engine);
  } finally {
    await engine.worker.drain();
    await engine.queue.close();
  }
}

const idsOf = async (status: 'pending' | 'processing' | 'failed') =>
  (await list.list(status, 10)).map(({ jobId }) => jobId);

describe('the list of assessments', () => {
  it('is empty where nobody made a stream yet', async () => {
    for (const status of ['pending', 'processing', 'completed', 'failed'] as const) {
      expect(await list.list(status, 10)).toEqual([]);
    }
  });

  it('shows what waits, urgent ones first, before any worker came', async () => {
    await add(streams.stream, 'plain');
    await add(streams.high, 'urgent');
    expect(await list.list('pending', 10)).toEqual([
      expect.objectContaining({ jobId: 'urgent', status: 'pending', cctvId: 'cam', worker: null, startedAt: null }),
      expect.objectContaining({ jobId: 'plain', segmentStart: '2026-01-01T10:00:00Z', attempts: 0 }),
    ]);
    expect(await list.list('pending', 1)).toHaveLength(1);
  });

  it('shows what runs, with its worker and since when, and what waits behind it', async () => {
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const began = Date.now();
    for (const jobId of ['a', 'b', 'c']) await add(streams.stream, jobId);
    await working(
      () => finished,
      async ({ queue }) => {
        await eventually('two run, with notes', async () => {
          const running = await list.list('processing', 10);
          return running.length === 2 && running.every(({ startedAt }) => startedAt !== null);
        });
        const [first] = await list.list('processing', 10);
        expect(first).toMatchObject({ jobId: 'a', status: 'processing', worker: queue.consumer, attempts: 1 });
        expect(Date.parse(first?.startedAt ?? '')).toBeGreaterThanOrEqual(began);
        expect(await idsOf('pending')).toEqual(['c']);
        finish();
        await eventually(
          'all done',
          async () => (await idsOf('processing')).length + (await idsOf('pending')).length === 0,
        );
      },
    );
    expect(await redis.hlen(`${streams.stream}:started`)).toBe(0);
  });

  it('still knows since when a job runs after the worker that lost it has given up', async () => {
    const lost = new AbortController();
    const handler = new NotingHandler(
      new TestHandler(async ({ jobId }) => {
        await notes.started(jobId, 2_000);
        lost.abort(new LeaseLostError());
      }),
      notes,
    );
    const job = { jobId: 'taken-over', cctvId: 'cam', enqueuedAt: 0, priorAttempts: 0, fields: {} };
    await handler.handle(job, { startedAt: 1_000, signal: lost.signal } as Run);
    expect(await notes.startedAt(['taken-over'])).toEqual([2_000]);
  });

  it('counts a job that waits to be tried again among the pending', async () => {
    await add(streams.stream, 'again');
    await working(
      async () => {
        throw new TransientStepError('BUSY', 'Try again.');
      },
      async () => {
        await eventually('it waits', async () => (await list.list('pending', 10))[0]?.attempts === 1);
        expect(await idsOf('pending')).toEqual(['again']);
      },
    );
  });

  it('says why a failed one was given up', async () => {
    await add(streams.stream, 'bad');
    await working(
      async () => {
        throw new PermanentStepError('BROKEN', 'The file is broken.');
      },
      async () => {
        await eventually('it is set aside', async () => (await idsOf('failed')).includes('bad'));
      },
    );
    expect((await list.list('failed', 10))[0]).toMatchObject({
      cctvId: 'cam',
      failure: { code: 'BROKEN', message: 'The file is broken.' },
    });
  });

  it('names a failed one as its producer wrote it, in an envelope too', async () => {
    await redis.xadd(streams.stream, '*', 'payload', '{"cctv_id":"cam","job_id":"wrapped"}');
    await working(
      async () => {
        throw new PermanentStepError('BROKEN', 'The file is broken.');
      },
      async () => {
        await eventually('it is set aside', async () => (await idsOf('failed')).length === 1);
      },
    );
    expect((await list.list('failed', 10))[0]).toMatchObject({ jobId: 'wrapped', cctvId: 'cam' });
  });

  it('lists what no worker could read all the same', async () => {
    await redis.xadd(streams.stream, '*', 'payload', '{broken');
    expect(await list.list('pending', 10)).toEqual([expect.objectContaining({ cctvId: null, status: 'pending' })]);
  });
});
