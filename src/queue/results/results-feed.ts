import type { Connection } from '../../redis/connection.js';
import { isGroupGone, newLife } from '../streams/group.js';
import { laneKeys, type LaneKeys } from '../lane-keys.js';
import type { Link } from '../../redis/link.js';
import type { RawEntry, ReadReply } from '../replies.js';
import { defineScripts, runScript } from '../scripts.js';
import { toFields } from '../../redis/fields.js';
import type { JobResult } from '../../job/handler.js';

/** One finished job, as its queue's results stream tells of it. */
export interface PublishedResult {
  /** Id of the entry in the results stream. */
  readonly id: string;
  readonly fields: JobResult;
}

/** Whether a result is of a job that ended well. Those of earlier versions tell of such jobs only, and do not say so. */
export function isCompleted({ outcome }: JobResult): boolean {
  return outcome === undefined || outcome === 'completed';
}

/** A result that its reader did not mark as done for so long goes to another, ms. */
const LEFT_UNDONE_MS = 30_000;
/** A reader that was silent for so long is gone, ms. */
const GONE_AFTER_MS = 86_400_000;

/** Which results are read, and by whom. */
export interface FeedNames {
  stream: string;
  /** Readers of one group share the results. */
  group: string;
  consumer: string;
  /** Where a first group begins: with what is there, or with what comes. One that was destroyed goes on where it was. */
  from: 'start' | 'now';
}

/**
 * A results stream as one of several readers sees it: each result goes to one of them, and comes again until it was
 * marked done.
 *
 * A consumer group on a results stream. Never waits within Redis, so it needs no connection of its own.
 */
export class ResultsFeed {
  private isReady = false;
  /** Redis may have given us results whose answer we never got. */
  private isBehind = false;
  private readonly keys: LaneKeys;

  /** @param link of a connection that fails rather than waits: see the role `producer` */
  constructor(
    private readonly link: Link,
    private readonly names: FeedNames,
  ) {
    this.keys = laneKeys(names.stream, names.group);
    defineScripts(link.connection);
  }

  /**
   * The results that are there now, those first that came before and were not done: after a failure our own, at any time those
   * that another reader left undone. Rejects within seconds while Redis is away.
   */
  async next(count: number): Promise<PublishedResult[]> {
    await this.link.up();
    try {
      await this.prepare();
      const own = this.isBehind ? await this.ownUndone(count) : [];
      if (own.length > 0) return own;
      const left = await this.leftUndone(count);
      return left.length > 0 ? left : await this.read(count);
    } catch (error) {
      // After a flush the group is made again with the next call.
      if (isGroupGone(error)) this.isReady = false;
      this.isBehind = true;
      throw error;
    }
  }

  /** Has what was given and not done come again with the next call. */
  lookBack(): void {
    this.isBehind = true;
  }

  /** Will not come again. */
  async done(...ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.connection.xack(this.names.stream, this.names.group, ...ids);
  }

  /** Says that a reader still has these in hand: for some time yet they do not go to another. */
  async hold(ids: readonly string[]): Promise<void> {
    const { stream, group, consumer } = this.names;
    if (ids.length > 0) await this.connection.call('XCLAIM', stream, group, consumer, 0, ...ids, 'JUSTID');
  }

  private get connection(): Connection {
    return this.link.connection;
  }

  private async prepare(): Promise<void> {
    if (this.isReady) return;
    const { group, from } = this.names;
    const { stream, record, waiting } = this.keys;
    const args = [group, newLife(), from === 'start' ? '0-0' : '$'];
    await runScript(this.connection, 'join', [stream, record, waiting], args);
    await this.dropGoneReaders();
    this.isReady = true;
  }

  /** Names of readers are unique to their process, so they would gather. */
  private async dropGoneReaders(): Promise<void> {
    const { stream, group } = this.names;
    const readers = (await this.connection.xinfo('CONSUMERS', stream, group)) as (string | number)[][];
    for (const flat of readers) {
      const of = (field: string) => flat[flat.indexOf(field) + 1];
      if (of('pending') === 0 && Number(of('idle')) > GONE_AFTER_MS) {
        await this.connection.xgroup('DELCONSUMER', stream, group, String(of('name')));
      }
    }
  }

  private async ownUndone(count: number): Promise<PublishedResult[]> {
    const { stream, group, consumer } = this.names;
    const args = ['GROUP', group, consumer, 'COUNT', count, 'STREAMS', stream, '0'];
    const reply = (await this.connection.callBuffer('XREADGROUP', args)) as ReadReply;
    this.isBehind = false;
    // An entry that was deleted meanwhile has no fields.
    return (reply ?? []).flatMap(([, entries]) =>
      entries.filter(([, flat]) => (flat as unknown) !== null).map(toResult),
    );
  }

  private async leftUndone(count: number): Promise<PublishedResult[]> {
    const { stream, group, consumer } = this.names;
    const reply = await this.connection.callBuffer(
      'XAUTOCLAIM',
      stream,
      group,
      consumer,
      LEFT_UNDONE_MS,
      '0',
      'COUNT',
      count,
    );
    return (reply as [Buffer, RawEntry[]])[1].map(toResult);
  }

  private async read(count: number): Promise<PublishedResult[]> {
    const { stream, group, consumer } = this.names;
    const args = ['GROUP', group, consumer, 'COUNT', count, 'STREAMS', stream, '>'];
    const reply = (await this.connection.callBuffer('XREADGROUP', args)) as ReadReply;
    if (reply !== null) await runScript(this.connection, 'waited', [stream, this.keys.record], [group]);
    return (reply ?? []).flatMap(([, entries]) => entries.map(toResult));
  }
}

function toResult([id, flat]: RawEntry): PublishedResult {
  return { id: id.toString('latin1'), fields: toFields(flat) };
}
