import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { eventually } from '../support/eventually.js';
import { RedisServer } from '../support/redis-server.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { GROUP, testStreams } from '../support/test-engine.js';
import { fieldsOf, type ChaosOrder } from './chaos-job.js';
import { Fleet } from './fleet.js';
import { History } from './history.js';
import { readJournal, type JournalLine } from './journal.js';
import type { WorkerPlan } from './worker-plan.js';

const BLAMELESS: Omit<WorkerPlan, 'consumer' | 'redisUrl' | 'streams' | 'journal' | 'artifacts' | 'graves'> = {
  concurrency: 2,
  visibilityMs: 2_000,
  graceMs: 5_000,
  maxRetry: 3,
};

/** Where one case plays: a Redis that loses nothing, a line to it that may misbehave, workers, a journal. */
export class Field {
  readonly streams = testStreams();
  private readonly fleets: Fleet[] = [];
  private nextId = 0;

  private constructor(
    readonly server: RedisServer,
    readonly proxy: TcpProxy,
    readonly redis: Redis,
    readonly directory: string,
  ) {}

  static async prepare(): Promise<Field> {
    // Always: what Redis confirmed survives its SIGKILL.
    const server = await RedisServer.start('--appendonly', 'yes', '--appendfsync', 'always');
    const directory = await mkdtemp(join(tmpdir(), 'roadstream-chaos-'));
    await mkdir(join(directory, 'graves'));
    return new Field(server, await TcpProxy.start(server.port), server.client(), directory);
  }

  get artifacts(): string {
    return join(this.directory, 'artifacts');
  }

  /** A fleet without workers yet. */
  fleet(plan: Partial<WorkerPlan> = {}): Fleet {
    const fleet = Fleet.of({
      ...BLAMELESS,
      redisUrl: `redis://127.0.0.1:${this.proxy.port}`,
      streams: this.streams,
      journal: join(this.directory, 'journal'),
      artifacts: this.artifacts,
      graves: join(this.directory, 'graves'),
      ...plan,
    });
    this.fleets.push(fleet);
    return fleet;
  }

  /** Queues a job and gives the id of its entry once Redis confirmed it. */
  enqueue(order: ChaosOrder, lane = this.streams.stream): Promise<string> {
    return this.add(fieldsOf(order), lane);
  }

  /** We give out the ids: an entry that is sent again because the answer got lost is then refused, not doubled. */
  async add(fields: readonly string[], lane = this.streams.stream): Promise<string> {
    this.nextId = Math.max(this.nextId + 1, Date.now());
    const id = `${this.nextId}-1`;
    try {
      await this.redis.xadd(lane, id, ...fields);
    } catch (error) {
      if (!String(error).includes('equal or smaller')) throw error;
    }
    return id;
  }

  journal(): JournalLine[] {
    return readJournal(join(this.directory, 'journal'));
  }

  history(visibilityMs = BLAMELESS.visibilityMs): History {
    return new History(
      this.journal(),
      this.fleets.flatMap(({ deaths }) => deaths),
      visibilityMs,
    );
  }

  /** The first line of the journal that fits, once there is one. */
  line(what: string, fits: (line: JournalLine) => boolean, withinMs?: number): Promise<JournalLine> {
    return eventually(what, () => this.journal().find(fits), withinMs);
  }

  /** Entries delivered and not acknowledged, over both lanes; and with `unread` also those not delivered yet. */
  async unsettled(unread = true): Promise<number> {
    const lanes = [this.streams.high, this.streams.stream];
    const counts = await Promise.all(lanes.map((lane) => this.unsettledOn(lane, unread)));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async settled(withinMs?: number): Promise<void> {
    await eventually('every job is settled', async () => (await this.unsettled()) === 0, withinMs);
  }

  /** The dead letters: the id of the entry and the reason's code. */
  async deadLetters(): Promise<Map<string, string>> {
    const letters = await this.redis.xrange(this.streams.dlq, '-', '+');
    return new Map(
      letters.map(([, fields]) => [valueOf(fields, 'roadstream:source'), valueOf(fields, 'roadstream:code')]),
    );
  }

  async clear(): Promise<void> {
    await Promise.all(this.fleets.map((fleet) => fleet.stop()));
    await this.proxy.stop();
    await this.server.stop();
    await rm(this.directory, { recursive: true, force: true });
  }

  private async unsettledOn(lane: string, unread: boolean): Promise<number> {
    const [pending] = (await this.redis.xpending(lane, GROUP).catch(() => [0])) as [number];
    if (!unread) return pending;
    const groups = (await this.redis.xinfo('GROUPS', lane).catch(() => [])) as string[][];
    const last = groups[0] === undefined ? '0' : valueOf(groups[0], 'last-delivered-id');
    return pending + (await this.redis.xrange(lane, `(${last}`, '+')).length;
  }
}

function valueOf(flat: readonly string[], name: string): string {
  return String(flat[flat.findIndex((field, i) => i % 2 === 0 && field === name) + 1]);
}
