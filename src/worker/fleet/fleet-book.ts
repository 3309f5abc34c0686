import { derivedKey } from '../../redis/derived-key.js';
import { LuaScripts } from '../../redis/lua-scripts.js';
import type { Link } from '../../redis/link.js';
import { eventsKey, MOST_EVENTS } from '../../queue/status/job-note.js';
import type { WorkerReport } from './worker-report.js';

/** What a worker is told to do. Fields that are left out stay as they are. */
export interface WorkerOrder {
  /** Jobs at once. */
  readonly concurrency?: number;
  readonly paused?: boolean;
}

/** An order on its way; of two the later one has the higher id. */
export interface NumberedOrder {
  readonly id: number;
  readonly order: WorkerOrder;
}

/** A worker as it last said it was. */
export interface KnownWorker {
  readonly report: WorkerReport;
  /** When it said so, ms since the epoch by Redis' clock. */
  readonly at: number;
  /** Id of the order that it carried out last; 0 when it had none. */
  readonly carriedOut: number;
}

/** A worker that was silent for so long is gone, ms. */
export const SILENT_AFTER_MS = 30_000;
/** What is known of workers goes this long after the last one. ms */
const KEEP_MS = 120_000;
/** Of one kind of job. */
export const MOST_WORKERS_KNOWN = 1_000;

const SCRIPTS = new LuaScripts(new URL('./scripts/', import.meta.url), 'fleet', ['beat', 'leave', 'list', 'order']);

/** The workers of one kind of job as they say they are, and what they are told to do: two hashes beside the stream. */
export class FleetBook {
  /**
   * @param link of a connection that fails rather than waits
   * @param main the least urgent stream of the kind
   */
  constructor(
    private readonly link: Link,
    readonly kind: string,
    private readonly main: string,
  ) {
    SCRIPTS.define(link.connection);
  }

  /**
   * A worker says how it is; gives what it is told to do, if it did not do that yet.
   * @param isNews whether those who listen to events are told
   */
  async beat(report: WorkerReport, carriedOut: number, isNews: boolean): Promise<NumberedOrder | undefined> {
    await this.link.up();
    const json = JSON.stringify({ ...report, carriedOut });
    const args = [report.name, json, this.kind, carriedOut, newsOf(report, report.state), isNews ? 1 : 0];
    const bounds = [SILENT_AFTER_MS, KEEP_MS, MOST_WORKERS_KNOWN, MOST_EVENTS];
    const reply = await this.run('beat', [this.workers, this.beats, this.orders, this.events], [...args, ...bounds]);
    return reply === null ? undefined : toOrder((reply as Buffer).toString());
  }

  /** A worker has stopped. */
  async leave(report: WorkerReport): Promise<void> {
    const args = [report.name, newsOf(report, 'gone'), MOST_EVENTS];
    await this.run('leave', [this.workers, this.beats, this.orders, this.events], args);
  }

  /** The workers that are there; with a name, that one. */
  async list(name = ''): Promise<KnownWorker[]> {
    await this.link.up();
    const args = [SILENT_AFTER_MS, MOST_WORKERS_KNOWN, name];
    const reply = (await this.run('list', [this.workers, this.beats], args)) as [at: Buffer, report: Buffer][];
    return reply.map(([at, json]) => {
      const { carriedOut, ...report } = JSON.parse(json.toString()) as WorkerReport & { carriedOut: number };
      return { report, carriedOut, at: Number(at.toString()) };
    });
  }

  /** Tells a worker what to do; gives the order's id, or undefined when there is no such worker. */
  async order(name: string, order: WorkerOrder): Promise<number | undefined> {
    const args = [name, JSON.stringify(order), SILENT_AFTER_MS, KEEP_MS];
    const reply = await this.run('order', [this.beats, this.orders], args);
    return reply === null ? undefined : Number((reply as Buffer).toString());
  }

  private run(name: 'beat' | 'leave' | 'list' | 'order', keys: string[], args: (string | number)[]): Promise<unknown> {
    return SCRIPTS.run(this.link.connection, name, keys, args);
  }

  private get workers(): string {
    return derivedKey(this.main, 'workers');
  }

  private get beats(): string {
    return derivedKey(this.main, 'beats');
  }

  private get orders(): string {
    return derivedKey(this.main, 'orders');
  }

  private get events(): string {
    return eventsKey(this.main);
  }
}

function newsOf({ name, kind, limit }: WorkerReport, state: string): string {
  return JSON.stringify({ name, kind, state, limit });
}

function toOrder(text: string): NumberedOrder {
  const space = text.indexOf(' ');
  return { id: Number(text.slice(0, space)), order: JSON.parse(text.slice(space + 1)) as WorkerOrder };
}
