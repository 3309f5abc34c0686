import fc from 'fast-check';
import { PermanentStepError, RateLimitedError, TransientStepError } from '../../src/job/errors.js';
import {
  LANES,
  SNOOZE_MS,
  VISIBILITY_MS,
  type Ending,
  type LaneName,
  type ModelWorker,
  type PromiseModel,
} from './promise.js';
import type { SteppedWorker } from './stepped-worker.js';
import type { World } from './world.js';

/** One thing that happens: what it does to the model and to the world, and that both then show the same. */
export interface Happening {
  name: string;
  /** Whether it can happen now; always if left out. */
  can?: (model: PromiseModel) => boolean;
  happen: (model: PromiseModel, world: World) => Promise<unknown>;
}

const ERRORS: Record<Ending, Error | undefined> = {
  complete: undefined,
  retry: new TransientStepError('HLS_TIMEOUT', 'Too slow.'),
  snooze: new RateLimitedError('BUSY', 'Come back later.', SNOOZE_MS),
  discard: new PermanentStepError('CAMERA_GONE', 'The camera is gone.'),
};

const worker = fc.nat({ max: 2 });
const lane = fc.constantFrom<LaneName>(...LANES);
const some = fc.nat({ max: 20 });

/** The one of a list that a number points to. */
function pick<T>(list: readonly T[], number: number): T {
  return list[number % list.length] as T;
}

function at(model: PromiseModel, index: number): ModelWorker {
  return model.workers[index] as ModelWorker;
}

const enqueue = fc
  .record({ lane, prior: fc.constantFrom(0, 0, 1), bytes: fc.uint8Array({ maxLength: 8 }) })
  .map((job) => ({
    name: `enqueue on ${job.lane}`,
    async happen(model: PromiseModel, world: World) {
      const named = { ...job, name: `job-${model.jobs.length}`, bytes: Buffer.from(job.bytes).toString('hex') };
      const fresh = { settlements: 0, redriven: 0, trimmed: false, removed: false };
      const source = await world.enqueue({ ...named, ...fresh });
      model.enqueue({ ...named, ...fresh, source });
    },
  }));

const turn = worker.map((index) => ({
  name: `worker ${index} takes a round`,
  async happen(model: PromiseModel, world: World) {
    const took = await (world.workers[index] as SteppedWorker).turn();
    model.turn(at(model, index), { ...took, rescued: took.rescued.map((name) => world.shortName(name)) });
  },
}));

const finish = fc
  .record({
    index: worker,
    some,
    ending: fc.constantFrom<Ending>('complete', 'complete', 'retry', 'snooze', 'discard'),
  })
  .map(({ index, some: number, ending }) => ({
    name: `a run of worker ${index} ends: ${ending}`,
    can: (model: PromiseModel) => at(model, index).runs.length > 0,
    async happen(model: PromiseModel, world: World) {
      const run = pick(at(model, index).runs, number);
      const promised = model.finish(at(model, index), run, ending);
      const { lane: of, job } = run.entry;
      const reported = await world.workers[index]?.finish(world.stream(of), run.id, job.name, ERRORS[ending]);
      if (reported !== promised) throw new Error(`The run ended as ${reported ?? '?'}; it should as ${promised}.`);
    },
  }));

const crash = worker.map((index) => ({
  name: `worker ${index} is killed`,
  async happen(model: PromiseModel, world: World) {
    model.crash(at(model, index));
    world.replace(index, at(model, index).name);
    return Promise.resolve();
  },
}));

const stop = worker.map((index) => ({
  name: `worker ${index} stops`,
  async happen(model: PromiseModel, world: World) {
    model.stop(at(model, index));
    await world.workers[index]?.stop();
    world.replace(index, at(model, index).name);
  },
}));

const renew = worker.map((index) => ({
  name: `worker ${index} renews its leases`,
  async happen(model: PromiseModel, world: World) {
    model.renew(at(model, index));
    await world.renew(at(model, index).name);
  },
}));

// No sum of these, with the delays of retry and snooze, comes near the length of a lease: the test's own time may pass.
const pass = fc.constantFrom([0.3, false], [0.6, false], [1.1, false], [0.65, true], [1.2, true]).map((choice) => {
  const [leases, redisAway] = choice as [number, boolean];
  return {
    name: `${leases} leases pass${redisAway ? ' with Redis away' : ''}`,
    async happen(model: PromiseModel, world: World) {
      model.pass(leases * VISIBILITY_MS, redisAway);
      await world.pass(leases * VISIBILITY_MS, redisAway);
    },
  };
});

const redriveOne = some.map((number) => ({
  name: 'one dead letter is put back',
  can: (model: PromiseModel) => model.letters.length > 0,
  async happen(model: PromiseModel, world: World) {
    const index = number % model.letters.length;
    const ids = (await world.letters.list(1_000)).map(({ id }) => id).reverse();
    model.redrive(pick(model.letters, index));
    await world.letters.redrive({ id: ids[index] });
  },
}));

const redriveAll = fc.constant({
  name: 'all dead letters are put back',
  can: (model: PromiseModel) => model.letters.length > 0,
  async happen(model: PromiseModel, world: World) {
    for (const letter of model.letters) model.redrive(letter);
    await world.letters.redrive({});
  },
});

const trim = fc.record({ lane, keep: fc.nat({ max: 3 }) }).map(({ lane: name, keep }) => ({
  name: `a producer trims ${name} to ${keep}`,
  async happen(model: PromiseModel, world: World) {
    model.trim(name, keep);
    await world.redis.xtrim(world.stream(name), 'MAXLEN', keep);
  },
}));

const tidy = worker.map((index) => ({
  name: `worker ${index} tidies up`,
  async happen(model: PromiseModel, world: World) {
    model.tidy();
    await world.workers[index]?.queue.tidy();
  },
}));

const resize = fc.record({ index: worker, limit: fc.integer({ min: 1, max: 4 }) }).map(({ index, limit }) => ({
  name: `worker ${index} is resized to ${limit}`,
  async happen(model: PromiseModel, world: World) {
    at(model, index).limit = limit;
    world.workers[index]?.pool.resize(limit);
    return Promise.resolve();
  },
}));

const pause = fc.record({ index: worker, paused: fc.boolean() }).map(({ index, paused }) => ({
  name: `worker ${index} is ${paused ? 'paused' : 'resumed'}`,
  async happen(model: PromiseModel, world: World) {
    at(model, index).paused = paused;
    if (paused) world.workers[index]?.pause.pause();
    else world.workers[index]?.pause.resume();
    return Promise.resolve();
  },
}));

const pauseGroup = fc.boolean().map((paused) => ({
  name: `the group is ${paused ? 'paused' : 'resumed'}`,
  async happen(model: PromiseModel, world: World) {
    model.groupPaused = paused;
    await world.workers[0]?.queue.pauseGroup(paused);
  },
}));

const cancel = some.map((number) => ({
  name: 'a job is cancelled',
  can: (model: PromiseModel) => model.jobs.length > 0,
  async happen(model: PromiseModel, world: World) {
    const { name } = pick(model.jobs, number);
    model.cancelled.add(name);
    await world.workers[0]?.queue.cancel(name);
  },
}));

const flushing = {
  name: 'Redis forgets everything',
  async happen(model: PromiseModel, world: World) {
    model.flush();
    await world.flush();
  },
};
const flush = fc.constant(flushing);

/** The first job that is queued after a flush gets the id of one that runs, in a new life of its stream. */
const givenAgain = fc.record({ index: worker, some }).map(({ index, some: number }) => ({
  name: `Redis forgets everything and gives an id again that worker ${index} has in hand`,
  can: (model: PromiseModel) => at(model, index).runs.length > 0,
  async happen(model: PromiseModel, world: World) {
    const { id, entry } = pick(at(model, index).runs, number);
    await flushing.happen(model, world);
    const fresh = { settlements: 0, redriven: 0, trimmed: false, removed: false };
    const job = { name: `job-${model.jobs.length}`, lane: entry.lane, prior: 0, bytes: '', ...fresh };
    await world.enqueue(job, id);
    model.enqueue({ ...job, source: id });
  },
}));

const destroyGroup = lane.map((name) => ({
  name: `the group of ${name} is destroyed`,
  async happen(model: PromiseModel, world: World) {
    model.destroyGroup(name);
    await world.destroyGroup(name);
  },
}));

const changeServer = fc.constant({
  name: 'another server goes on with the data',
  async happen(model: PromiseModel, world: World) {
    model.changeServer();
    await world.changeServer();
  },
});

/** All that can happen, the everyday more often than the rare. */
export const HAPPENINGS: fc.Arbitrary<Happening>[] = [
  ...[enqueue, enqueue, enqueue, turn, turn, turn, turn, turn, finish, finish, finish, finish, pass, pass],
  ...[crash, renew, redriveOne, redriveAll, trim, tidy, resize, pause, pauseGroup, cancel, stop],
  ...[flush, givenAgain, destroyGroup, changeServer],
];
