import { setTimeout as after } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { GROUP } from '../support/test-engine.js';
import { RedisJobQueue } from '../../src/queue/streams/redis-job-queue.js';
import type { Load } from './load.js';
import type { ServiceMember } from './service-member.js';
import { ASSESS, RETENTION_SECONDS, VISIBILITY_SECONDS, type Stage } from './stage.js';

/** Whose numbers are told apart. */
export type Kind = 'steady worker' | 'restarted worker' | 'Redis';

/** What was seen of one kind of process while nothing was to do; medians, by the name of the number. */
export type Rest = Record<Kind, Record<string, number>>;

const SAMPLES = 9;
const SAMPLE_EVERY_MS = 700;
/** Every job has ended long before, or never does. ms */
const IDLE_WITHIN_MS = 240_000;

/** Lets everything come to rest and counts. */
export class Resting {
  constructor(
    private readonly stage: Stage,
    private readonly load: Load,
    private readonly steady: () => readonly ServiceMember[],
    private readonly restarted: () => readonly ServiceMember[],
  ) {}

  /** Nothing is added any more and nothing goes wrong. Gives the jobs that did not end in time along with the numbers. */
  async take(): Promise<{ rest: Rest; stuck: string[] }> {
    const stuck = await this.idle();
    await Promise.all([...this.steady(), ...this.restarted()].map((member) => member.ready()));
    await this.tidy();
    await this.load.lap();
    stuck.push(...(await this.idle()));
    const samples: Rest[] = [];
    for (let i = 0; i < SAMPLES; i += 1) {
      samples.push(await this.sample());
      await after(SAMPLE_EVERY_MS);
    }
    return { rest: mediansOf(samples), stuck };
  }

  private async idle(): Promise<string[]> {
    const isIdle = (): boolean => this.load.open.length === 0;
    await eventually('every job has ended', isIdle, IDLE_WITHIN_MS).catch(() => undefined);
    return this.load.open;
  }

  /** What a worker does once a minute, now: what remains in Redis then remains for good. */
  private async tidy(): Promise<void> {
    await after(1_000 * (RETENTION_SECONDS + 1));
    const { field } = this.stage;
    for (const names of [field.streams, ASSESS]) await tidy(field.server.url, names);
    const [member] = this.steady();
    for (const kind of ['inspection', 'assessment']) {
      await fetch(`${member?.url}/control/dlq?all=true&kind=${kind}`, { method: 'DELETE' });
    }
  }

  private async sample(): Promise<Rest> {
    return {
      'steady worker': await censusOf(this.steady()),
      'restarted worker': await censusOf(this.restarted()),
      Redis: await this.redis(),
    };
  }

  private async redis(): Promise<Record<string, number>> {
    const { redis } = this.stage.field;
    const info = await redis.info('memory', 'clients', 'keyspace');
    const number = (form: RegExp): number => Number(form.exec(info)?.[1] ?? NaN);
    return {
      memory: number(/^used_memory:(\d+)/m),
      clients: number(/^connected_clients:(\d+)/m),
      // What a worker that died leaves for an hour is bounded by the clock, not by this.
      'keys that never expire': number(/keys=(\d+)/) - number(/expires=(\d+)/),
      'keys that expire': number(/expires=(\d+)/),
    };
  }
}

async function tidy(url: string, { stream, high, dlq }: { stream: string; high: string; dlq: string }): Promise<void> {
  const queue = new RedisJobQueue({
    redis: { url },
    names: { lanes: [high, stream], dlq, group: GROUP },
    consumer: 'tidier',
    visibilityMs: 1_000 * VISIBILITY_SECONDS,
    retentionMs: 1_000 * RETENTION_SECONDS,
    urgentCheckMs: 0,
    longestRunMs: 60_000,
    maxEntryBytes: 1_048_576,
  });
  await queue.open();
  await queue.tidy();
  await queue.close();
}

async function censusOf(members: readonly ServiceMember[]): Promise<Record<string, number>> {
  const each: Record<string, number>[] = await Promise.all(
    members.map(async (member) => ({ ...(await member.census()) })),
  );
  return medians(each);
}

function mediansOf(samples: readonly Rest[]): Rest {
  const of = (kind: Kind): Record<string, number> => medians(samples.map((sample) => sample[kind]));
  return { 'steady worker': of('steady worker'), 'restarted worker': of('restarted worker'), Redis: of('Redis') };
}

function medians(records: readonly Record<string, number>[]): Record<string, number> {
  const names = Object.keys(records[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, medianOf(records.map((record) => record[name] ?? NaN))]));
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}
