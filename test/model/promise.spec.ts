import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { useRedis } from '../support/use-redis.js';
import { HAPPENINGS, type Happening } from './commands.js';
import { PromiseModel } from './promise.js';
import { World } from './world.js';

/** Sequences tried in one run of the tests. Raise it to search longer; fast-check prints the seed of a failure. */
const SEQUENCES = 200;
const LONGEST_SEQUENCE = 80;
const WORKERS = 3;

/** Something that happens, as fast-check wants it: afterwards world and model show the same, and no promise is broken. */
class Step implements fc.AsyncCommand<PromiseModel, World> {
  constructor(private readonly happening: Happening) {}

  check(model: PromiseModel): boolean {
    return this.happening.can?.(model) ?? true;
  }

  async run(model: PromiseModel, world: World): Promise<void> {
    await this.happening.happen(model, world);
    await world.adopt(model);
    expect(await world.look()).toEqual(world.expected(model));
    expect(model.broken()).toEqual([]);
  }

  toString(): string {
    return this.happening.name;
  }
}

const { server, redis } = useRedis();

describe('the promise, whatever happens in whatever order', () => {
  beforeAll(async () => {
    // Tidying up trims whole nodes of a stream: with one entry a node it is exact.
    await redis.config('SET', 'stream-node-max-entries', '1');
    // Takes the jitter out of a retry's delay.
    jest.spyOn(Math, 'random').mockReturnValue(0.5);
  });
  afterAll(() => void jest.restoreAllMocks());

  it('loses no job, lets only the owner settle one, and counts its deliveries', async () => {
    const steps = fc.commands(
      HAPPENINGS.map((happening) => happening.map((one) => new Step(one))),
      { maxCommands: LONGEST_SEQUENCE, size: 'max' },
    );
    await fc.assert(fc.asyncProperty(steps, runInWorld), { numRuns: SEQUENCES });
  }, 300_000);

  async function runInWorld(steps: Iterable<fc.AsyncCommand<PromiseModel, World>>): Promise<void> {
    const model = new PromiseModel(WORKERS);
    const world = new World(server.url, redis, model);
    await world.open();
    try {
      await fc.asyncModelRun(() => ({ model, real: world }), steps);
    } finally {
      await world.close();
    }
  }
});
