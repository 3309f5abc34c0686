import type { QueueNames } from '../../src/job/kind.js';
import { DeadLetters } from '../../src/queue/dead-letters/dead-letters.js';
import { derivedKey } from '../../src/redis/derived-key.js';
import type { Redis } from 'ioredis';
import { isGroupGone } from '../../src/queue/streams/group.js';
import { GroupSignals } from '../../src/queue/streams/group-signals.js';
import { laneKeys, type LaneKeys } from '../../src/queue/lane-keys.js';
import { defineScripts, runScript } from '../../src/queue/scripts.js';
import { GROUP, testStreams } from '../support/test-engine.js';
import { LANES, VISIBILITY_MS, type LaneName, type ModelEntry, type ModelJob, type PromiseModel } from './promise.js';
import { SteppedWorker } from './stepped-worker.js';
import { WatchedQueue } from './watched-queue.js';

type PendingRow = [id: string, owner: string, idleMs: number, deliveries: number];

/** Idle times are compared in steps of this size, so that the few ms the test itself takes do not show. ms */
const IDLE_STEP_MS = VISIBILITY_MS / 20;

/** Everything that can be seen of a queue and its workers, as text that a difference can be read from. */
export interface View {
  streams: Record<LaneName, string[]>;
  pending: Record<LaneName, string[]>;
  letters: string[];
  workers: string[][];
}

/** A real Redis with real workers on it, and the means to make time pass. */
export class World {
  readonly workers: SteppedWorker[];
  readonly letters: DeadLetters;
  readonly names: QueueNames;
  private readonly streams = testStreams();
  private readonly all: SteppedWorker[] = [];

  constructor(
    private readonly url: string,
    readonly redis: Redis,
    model: PromiseModel,
  ) {
    const { high, stream, dlq } = this.streams;
    this.names = { lanes: [high, stream], dlq, group: GROUP };
    this.letters = new DeadLetters(redis, this.names);
    defineScripts(redis);
    this.workers = model.workers.map(({ name }) => this.join(name));
  }

  async open(): Promise<void> {
    await this.workers[0]?.queue.stats();
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map(({ queue }) => queue.close()));
    await this.flush();
  }

  /** Redis forgets everything. */
  async flush(): Promise<void> {
    const keys = await this.redis.keys(`${derivedKey(this.streams.stream, '')}*`.replaceAll(/[[\]]/g, '\\$&'));
    await this.redis.del(this.streams.stream, ...keys);
  }

  /** Somebody destroys the group on a lane, and a worker notices. */
  async destroyGroup(lane: LaneName): Promise<void> {
    // After a flush there may be none.
    if ((await this.redis.exists(this.stream(lane))) === 1)
      await this.redis.xgroup('DESTROY', this.stream(lane), GROUP);
    await this.workers[0]?.queue.stats();
  }

  /** Every lane is on another run of the server from now on, and a worker notices. */
  async changeServer(): Promise<void> {
    await this.workers[0]?.queue.stats();
    for (const { record } of this.lanes()) await this.redis.hset(record, 'server', 'another');
    await this.workers[0]?.queue.rescue(0);
  }

  /** The name that the model has for `stream id`. */
  shortName(name: string): string {
    const [stream, id] = name.split(' ') as [string, string];
    return `${LANES.find((lane) => this.stream(lane) === stream)} ${id}`;
  }

  stream(lane: LaneName): string {
    return this.streams[lane];
  }

  async enqueue({ name, lane, prior, bytes }: Omit<ModelJob, 'source'>, id = '*'): Promise<string> {
    const fields = ['jobId', name, 'attempt', String(prior), 'bytes', Buffer.from(bytes, 'hex')];
    return (await this.redis.xadd(this.stream(lane), id, ...fields)) as string;
  }

  /** Puts a fresh worker in the place of one that is gone. */
  replace(index: number, name: string): void {
    this.workers[index] = this.join(name);
  }

  /** What a worker's lease thread does every quarter of a lease. */
  async renew(consumer: string): Promise<void> {
    for (const { stream, record } of this.lanes()) {
      // A group that is gone holds no leases; whoever needs it makes it anew.
      await runScript(this.redis, 'renew', [stream, record], [GROUP, consumer]).catch(() => undefined);
    }
  }

  private lanes(): LaneKeys[] {
    return this.names.lanes.map((lane) => laneKeys(lane, GROUP));
  }

  /** Lets every idle time grow; with Redis away, the stamp of the last look grows old too. */
  async pass(ms: number, redisAway: boolean): Promise<void> {
    for (const lane of LANES) await Promise.all((await this.pending(lane)).map((row) => this.age(lane, row, ms)));
    const [tick] = new GroupSignals(this.redis, this.names).keys;
    if ((await this.redis.exists(tick)) === 0) return;
    await this.redis.hincrby(tick, 'until', -ms);
    if (redisAway) await this.redis.hincrby(tick, 'at', -ms);
  }

  /** Tells the model the ids that Redis gave to what was added again. */
  async adopt(model: PromiseModel): Promise<void> {
    for (const lane of LANES) {
      const known = new Set(model.entries.filter((entry) => entry.lane === lane).map(({ id }) => id));
      for (const [id, fields] of await this.redis.xrange(this.stream(lane), '-', '+')) {
        if (known.has(id)) continue;
        const carried = Number(valueOf(fields, 'roadstream:deliveries') ?? 0);
        const entry = model.entries.find(
          (e) => e.id === '' && e.job.name === valueOf(fields, 'jobId') && e.carried === carried,
        );
        if (entry !== undefined) entry.id = id;
      }
    }
    model.sort();
  }

  async look(): Promise<View> {
    const dead = await this.redis.xrangeBuffer(this.names.dlq, '-', '+');
    return {
      streams: await this.ofLanes(async (lane) => {
        const entries = await this.redis.xrange(this.stream(lane), '-', '+');
        return entries.map(([id, fields]) => `${id} ${valueOf(fields, 'jobId') ?? '?'}`);
      }),
      pending: await this.ofLanes(async (lane) => (await this.pending(lane)).map(pendingLine)),
      letters: dead.map(([, fields]) => letterLine(fields)),
      workers: this.workers.map((worker) => [`limit ${worker.pool.limit}`, ...worker.runs()]),
    };
  }

  /** The same, as the model says that it must be. */
  expected(model: PromiseModel): View {
    const { workers, letters } = model;
    const pendingLines = (lane: LaneName): string[] =>
      model.entries.flatMap((entry) => (entry.lane === lane ? pendingOf(entry) : []));
    return {
      streams: { high: model.present('high').map(entryLine), stream: model.present('stream').map(entryLine) },
      pending: { high: pendingLines('high'), stream: pendingLines('stream') },
      letters: letters.map(({ job, code, attempts }) =>
        [job.name, code, attempts, job.source, this.stream(job.lane), job.bytes].join(' '),
      ),
      workers: workers.map(({ limit, runs }) => [
        `limit ${limit}`,
        ...runs
          .map((run) => `${this.stream(run.entry.lane)} ${run.id} ${run.entry.job.name} attempt ${model.attempt(run)}`)
          .sort(),
      ]),
    };
  }

  private join(consumer: string): SteppedWorker {
    const worker = new SteppedWorker(
      new WatchedQueue({
        redis: { url: this.url },
        names: this.names,
        consumer,
        visibilityMs: VISIBILITY_MS,
        // What is settled is old enough at once.
        retentionMs: -3_600_000,
        urgentCheckMs: 0,
        maxEntryBytes: 1_048_576,
        longestRunMs: VISIBILITY_MS,
      }),
    );
    this.all.push(worker);
    return worker;
  }

  private async pending(lane: LaneName): Promise<PendingRow[]> {
    const rows = this.redis.xpending(this.stream(lane), GROUP, '-', '+', 10_000) as Promise<PendingRow[]>;
    // After a flush there is no group until somebody needs one.
    return rows.catch((error: unknown) => {
      if (isGroupGone(error)) return [];
      throw error;
    });
  }

  /** An entry that was trimmed is left as it is: a claim would take it off the pending list. */
  private async age(lane: LaneName, [id, owner, idleMs, deliveries]: PendingRow, ms: number): Promise<void> {
    const stream = this.stream(lane);
    if ((await this.redis.xrange(stream, id, id)).length === 0) return;
    const options = ['IDLE', idleMs + ms, 'RETRYCOUNT', deliveries, 'JUSTID'] as const;
    await this.redis.call('XCLAIM', stream, GROUP, owner, 0, id, ...options);
    const { waiting } = laneKeys(stream, GROUP);
    if ((await this.redis.zscore(waiting, id)) !== null) await this.redis.zincrby(waiting, -ms, id);
  }

  private async ofLanes(read: (lane: LaneName) => Promise<string[]>): Promise<Record<LaneName, string[]>> {
    return { high: await read('high'), stream: await read('stream') };
  }
}

function entryLine({ id, job }: ModelEntry): string {
  return `${id} ${job.name}`;
}

function pendingOf({ id, pending }: ModelEntry): string[] {
  return pending === undefined ? [] : [pendingLine([id, pending.owner, pending.idleMs, pending.deliveries])];
}

function pendingLine([id, owner, idleMs, deliveries]: PendingRow): string {
  const steps = Math.floor((idleMs + IDLE_STEP_MS / 5) / IDLE_STEP_MS);
  return `${id} ${owner} deliveries ${deliveries} idle ${steps}`;
}

function letterLine(fields: readonly Buffer[]): string {
  const texts = fields.map(String);
  const bytes = fields[texts.indexOf('bytes') + 1]?.toString('hex') ?? '';
  const own = ['code', 'attempts', 'source', 'stream'].map((name) => valueOf(texts, `roadstream:${name}`));
  return [valueOf(texts, 'jobId'), ...own, bytes].join(' ');
}

function valueOf(fields: readonly string[], name: string): string | undefined {
  for (let i = 0; i + 1 < fields.length; i += 2) if (fields[i] === name) return fields[i + 1];
  return undefined;
}
