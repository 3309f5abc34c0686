import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { toFields } from '../../src/redis/fields.js';
import { eventually } from '../support/eventually.js';
import { GROUP } from '../support/test-engine.js';
import { fieldsOf } from './chaos-job.js';
import { Field } from './field.js';
import { History } from './history.js';
import type { JournalLine } from './journal.js';

/** Longer than any job here, so that a lease holds from the start of a run to its end. */
const VISIBILITY_MS = 6_000;
const WORKERS = 2;
const SLOTS = 2;
const WITHIN_MS = 60_000;

jest.setTimeout(120_000);

type Told<Kind> = JournalLine & { kind: Kind };

describe('workers whose keys somebody meddles with', () => {
  let field: Field;

  beforeEach(async () => {
    field = await Field.prepare();
    const fleet = field.fleet({ visibilityMs: VISIBILITY_MS, concurrency: SLOTS, publishes: true });
    for (let i = 0; i < WORKERS; i += 1) fleet.add();
  });
  afterEach(() => field.clear());

  const startsOf = (job: string): Told<'start'>[] =>
    field.journal().filter((line): line is Told<'start'> => line.kind === 'start' && line.job === job);

  const isDone = (job: string): boolean =>
    field.journal().some((line) => line.kind === 'end' && line.job === job && line.result === 'ok');

  /** By names: ids may be given again. */
  const history = (): History => {
    const named = field
      .journal()
      .map((line) => ('job' in line && 'entry' in line ? { ...line, entry: line.job } : line));
    return new History(named, [], VISIBILITY_MS);
  };

  async function enqueue(names: readonly string[], lengthMs: number, ids?: readonly string[]): Promise<string[]> {
    const given: string[] = [];
    for (const [i, jobId] of names.entries()) {
      const id = ids?.[i];
      if (id === undefined) given.push(await field.enqueue({ jobId, lengthMs }));
      else given.push(String(await field.redis.xadd(field.streams.stream, id, ...fieldsOf({ jobId, lengthMs }))));
    }
    return given;
  }

  /** As many as there are slots, and all of them run. */
  async function fillSlots(lengthMs: number): Promise<{ names: string[]; ids: string[] }> {
    const names = namesOf('in hand', WORKERS * SLOTS);
    const ids = await enqueue(names, lengthMs);
    await eventually('all run', () => names.every((name) => startsOf(name).length > 0), WITHIN_MS);
    return { names, ids };
  }

  /** None lost, none done twice by living workers, none by two at once; and no attempt was spent. */
  async function expectEachOnce(names: readonly string[]): Promise<void> {
    await eventually('all are done', () => names.every(isDone), WITHIN_MS);
    await field.settled(WITHIN_MS);
    const { completed, doubled, overlaps } = figuresOf(history());
    expect(completed).toEqual([...names].sort());
    expect({ doubled, overlaps }).toEqual({ doubled: [], overlaps: [] });
    expect(new Set(names.flatMap((name) => startsOf(name).map(({ attempt }) => attempt)))).toEqual(new Set([1]));
  }

  it('end the old jobs and the new ones, each once, after FLUSHALL when their ids are given again', async () => {
    const old = await fillSlots(3_000);
    await field.redis.flushall();
    const names = namesOf('new', old.ids.length);
    await enqueue(names, 100, old.ids);
    await expectEachOnce([...old.names, ...names]);
    expect(await field.deadLetters()).toEqual(new Map());
  });

  it('run nothing twice and forget nothing when their group is destroyed, at work and with jobs waiting', async () => {
    const done = namesOf('done', 6);
    await enqueue(done, 50);
    await eventually('some are done', () => done.every(isDone), WITHIN_MS);
    await field.settled(WITHIN_MS);
    const { names } = await fillSlots(2_000);
    const waiting = namesOf('waiting', 10);
    await enqueue(waiting, 50);
    for (const lane of [field.streams.high, field.streams.stream]) await field.redis.xgroup('DESTROY', lane, GROUP);
    await expectEachOnce([...done, ...names, ...waiting]);
    expect(await field.deadLetters()).toEqual(new Map());
  });

  it('settle each job once, with its result, when the results stream was something else for a while', async () => {
    const { names } = await fillSlots(2_500);
    await field.redis.set(field.streams.results, 'in the way');
    await eventually('their work is done', () => names.every(isDone), WITHIN_MS);
    const later = namesOf('later', 4);
    await enqueue(later, 50);
    expect(await field.unsettled()).toBeGreaterThan(0);
    await field.redis.del(field.streams.results);
    await expectEachOnce([...names, ...later]);
    const results = await field.redis.xrange(field.streams.results, '-', '+');
    expect(results.map(([, fields]) => toFields(fields)['jobId']).sort()).toEqual([...names, ...later].sort());
  });

  it('set an entry aside that is too large to read, and do what is around it', async () => {
    const before = namesOf('before', 4);
    await enqueue(before, 100);
    const large = await field.add(['jobId', 'large', 'picture', 'x'.repeat(3_000_000)]);
    const behind = namesOf('behind', 4);
    await enqueue(behind, 100);
    await expectEachOnce([...before, ...behind]);
    expect(await field.deadLetters()).toEqual(new Map([[large, 'TOO_LARGE']]));
  });
});

function namesOf(what: string, count: number): string[] {
  return Array.from({ length: count }, (_unused, i) => `${what}-${i}`.replace(' ', '-'));
}

function figuresOf(history: History) {
  return { completed: [...history.completed].sort(), doubled: history.doubled(), overlaps: history.overlaps() };
}
