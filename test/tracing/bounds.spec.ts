import { afterEach, describe, expect, it } from '@jest/globals';
import { openLog } from '../../src/log/log.js';
import type { RunTrace } from '../../src/tracing/run-trace.js';
import { openTracer } from '../../src/tracing/open-tracer.js';
import type { RunEnd, Tracer } from '../../src/tracing/tracer.js';
import { eventually } from '../support/eventually.js';
import { OtlpReceiver } from '../support/otlp-receiver.js';

const MOST_WAITING = 2_048;
const BATCH = 128;

const log = openLog({ level: 'silent', pretty: false });

function runOf(n: number, deliveries = 1) {
  return { stream: 's', entryId: `${n}-0`, payload: [Buffer.from('a'), Buffer.from('b')], deliveries, traceparent: '' };
}

function endOf(outcome: 'complete' | 'snooze', jobId = 'j'): RunEnd {
  return {
    ...{ kind: 'k', stream: 's', group: 'g', entryId: '1-0', worker: 'w', jobId, cctvId: 'c', attempt: 1 },
    ...{ outcome, code: undefined, isFailure: false, isSpent: outcome === 'complete' },
  };
}

describe('what is told of runs', () => {
  let collector: OtlpReceiver;
  let tracer: Tracer;

  async function open(isSilent: boolean, share = 1): Promise<void> {
    collector = await OtlpReceiver.start({ isSilent });
    tracer = await openTracer({ endpoint: collector.url, headers: {}, serviceName: 'x', share }, log);
  }

  afterEach(() => collector.stop());

  it('is dropped beyond 2,048 spans that wait, while a collector does not answer', async () => {
    await open(true);
    for (let n = 0; n < 4_000; n++) tracer.ended(tracer.begin(runOf(n)) as RunTrace, endOf('complete'));
    await eventually('a batch', () => collector.held.size === 1);
    collector.answer();
    await tracer.close();
    expect(collector.spans.length).toBeLessThanOrEqual(MOST_WAITING + BATCH);
    expect(collector.spans.length).toBeGreaterThanOrEqual(BATCH);
  });

  it('is not waited for at a stop when the collector does not answer', async () => {
    await open(true);
    tracer.ended(tracer.begin(runOf(1)) as RunTrace, endOf('complete'));
    await tracer.close();
    // The call itself was not given up yet: the stop did not wait for it.
    expect(collector.held.size).toBe(1);
    collector.answer();
  });

  it('is at most a hundred steps of one run, and the number of the others', async () => {
    await open(false);
    const trace = tracer.begin(runOf(1)) as RunTrace;
    for (let n = 0; n < 130; n++) trace.end(trace.begin(`step ${n}`));
    tracer.ended(trace, endOf('complete'));
    await tracer.close();
    expect(collector.spans).toHaveLength(101);
    expect(collector.runs('j')[0]?.attributes['roadstream.steps_left_out']).toBe(30);
  });

  it('has steps within steps as they were', async () => {
    await open(false);
    const trace = tracer.begin(runOf(1)) as RunTrace;
    const outer = trace.begin('outer');
    trace.end(trace.begin('inner'), 'NO_LUCK');
    trace.end(outer);
    trace.end(trace.begin('next'));
    tracer.ended(trace, endOf('complete'));
    await tracer.close();
    const [root] = collector.runs('j');
    expect(collector.within(root!).map(({ name }) => name)).toEqual(['outer', 'next']);
    const [inner] = collector.within(collector.spans.find(({ name }) => name === 'outer')!);
    expect(inner).toMatchObject({ name: 'inner', status: 2, attributes: { 'error.type': 'NO_LUCK' } });
  });

  it('of a run that was put off is nothing before its first step, and is in the trace of its attempt after that', async () => {
    await open(false);
    tracer.ended(tracer.begin(runOf(1)) as RunTrace, endOf('snooze', 'idle'));
    const trace = tracer.begin(runOf(1)) as RunTrace;
    trace.end(trace.begin('capture'));
    tracer.ended(trace, endOf('snooze', 'put off'));
    tracer.ended(tracer.begin(runOf(1)) as RunTrace, endOf('complete', 'done'));
    const next = tracer.begin(runOf(1, 2)) as RunTrace;
    await tracer.close();
    expect(collector.runs('idle')).toEqual([]);
    const [[putOff], [done]] = [collector.runs('put off'), collector.runs('done')];
    expect(putOff?.traceId).toBe(done?.traceId);
    expect(putOff?.spanId).not.toBe(done?.spanId);
    expect(next.origins.before).toEqual({ traceId: done?.traceId, spanId: done?.spanId });
  });

  it('is told of a share of the jobs, of all attempts of a job or none', async () => {
    await open(false, 0.25);
    const told = (n: number, deliveries: number) => tracer.begin(runOf(n, deliveries)) !== undefined;
    const jobs = Array.from({ length: 1_000 }, (_, n) => n);
    const chosen = jobs.filter((n) => told(n, 1));
    expect(chosen.length).toBeGreaterThan(150);
    expect(chosen.length).toBeLessThan(350);
    expect(jobs.filter((n) => told(n, 2))).toEqual(chosen);
    await tracer.close();
  });
});
