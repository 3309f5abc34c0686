import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { CancelledError, LeaseLostError, StoppingError, TransientStepError } from '../../job/errors.js';
import { Metrics } from '../../metrics/metrics.js';
import { JobRun } from '../loop/job-run.js';
import { LoggedEvents } from './logged-events.js';
import { RedisOutages } from './redis-outages.js';

const delivery = {
  life: 'l',
  number: 1,
  entryId: '1-0',
  sourceId: '1-0',
  lane: 'jobs',
  payload: [],
  deliveries: 1,
  carried: 0,
  again: false,
};

describe('the log of the worker', () => {
  const lines: { level: number; msg: string }[] = [];
  const log = pino(
    { level: 'debug' },
    { write: (line) => void lines.push(JSON.parse(line) as (typeof lines)[number]) },
  );
  const metrics = new Metrics();
  const events = new LoggedEvents(log, metrics, { kind: 'inspection' }, new RedisOutages(log, metrics));
  const run = new JobRun(delivery, 'me', () => undefined);

  it('counts no failure where a job was ended from outside', async () => {
    for (const error of [new StoppingError(), new CancelledError(), new LeaseLostError()]) events.failed(run, error);
    expect(lines.splice(0).map(({ level, msg }) => [level, msg])).toEqual(new Array(3).fill([30, 'job ended early']));
    expect((await metrics.failures.get()).values).toEqual([]);
    events.failed(run, new TransientStepError('HLS_TIMEOUT', 'It timed out.'));
    expect((await metrics.failures.get()).values).toMatchObject([{ value: 1, labels: { code: 'HLS_TIMEOUT' } }]);
  });

  it('is not filled by jobs that wait', () => {
    lines.length = 0;
    const error = { code: 'BUSY', message: 'Come back later.', step: undefined, unexpected: false };
    events.settled(run, { kind: 'snooze', delayMs: 1_000, error }, 'settled');
    expect(lines).toMatchObject([{ level: 20, msg: 'job settled' }]);
  });

  it('says once that Redis is away and once that it is back, though two engines notice', async () => {
    lines.length = 0;
    const outages = new RedisOutages(log, metrics);
    const engines = ['inspection', 'assessment'].map((kind) => new LoggedEvents(log, metrics, { kind }, outages));
    for (const engine of engines) engine.redisLost(new Error('gone'));
    expect(lines.splice(0).map(({ msg }) => msg)).toEqual(['Redis cannot be reached; waiting for it']);
    for (const engine of engines) engine.redisBack(1_000);
    expect(lines.map(({ msg }) => msg)).toEqual(['Redis is back; going on']);
    expect((await metrics.redisOutages.get()).values).toMatchObject([{ value: 1 }]);
  });
});
