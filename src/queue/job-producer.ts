import type { QueueNames } from '../job/kind.js';
import { derivedKey } from '../redis/derived-key.js';
import { messageOf, TransientStepError } from '../job/errors.js';
import { redactText } from '../lib/redact.js';
import type { Link } from '../redis/link.js';
import type { ScriptArgument } from '../redis/lua-scripts.js';
import { RedisRefusedError } from '../redis/refusal/redis-refused.error.js';
import { refusalFields, type RefusedPayload } from './dead-letters/refused-payload.js';
import { deadCodesKey } from './lane-keys.js';
import { defineScripts, runScript } from './scripts.js';

/** A job to be put in a queue. */
export interface NewJob {
  /** Which of the queue's streams: urgent jobs are run first. */
  readonly lane: 'plain' | 'urgent';
  /** The name under which it is remembered: a second one under the same name is not added, in whichever lane. */
  readonly once: string;
  /** How long the name is remembered, ms. */
  readonly rememberMs: number;
  /** Plain names and texts, as a Spring producer would write them. */
  readonly fields: Readonly<Record<string, string>>;
}

/** What can never be a job, to be set aside for a person. */
export interface RefusedJob extends Pick<NewJob, 'once' | 'rememberMs'>, RefusedPayload {}

/** Puts jobs into the streams of one queue. */
export class JobProducer {
  private readonly plainLane: string;
  private readonly urgentLane: string;

  /** @param link of a connection that fails rather than waits: see the role `producer` */
  constructor(
    private readonly link: Link,
    private readonly names: QueueNames,
  ) {
    this.plainLane = names.lanes.at(-1) as string;
    this.urgentLane = names.lanes[0] as string;
    defineScripts(link.connection);
  }

  /**
   * Adds a job unless one of the same name was added lately, by whichever replica: one atomic step.
   * Gives the entry's id; undefined when it was there already.
   * @throws TransientStepError NOT_ENQUEUED within seconds while Redis is away; the job may be there all the same: under its
   *   name it may be added again
   */
  async addOnce({ lane, once, rememberMs, fields }: NewJob): Promise<string | undefined> {
    const stream = lane === 'urgent' ? this.urgentLane : this.plainLane;
    return this.once(
      'add_once',
      [this.marker(once), stream],
      [Math.max(1, Math.round(rememberMs)), ...Object.entries(fields).flat()],
    );
  }

  /**
   * Puts what can never be a job among the dead letters, by the same names: once, and not at all when its job was added.
   * Gives the letter's id; undefined when it was there already.
   * @throws TransientStepError NOT_ENQUEUED, as {@link addOnce}
   */
  async refuseOnce({ once, rememberMs, ...refusal }: RefusedJob): Promise<string | undefined> {
    return this.once(
      'refuse_once',
      [this.marker(once), this.names.dlq, deadCodesKey(this.names)],
      [Math.max(1, Math.round(rememberMs)), ...refusalFields(refusal, this.plainLane)],
    );
  }

  /** Remembers names that were added for so long from now on. @param rememberMs ms */
  async remember(names: readonly string[], rememberMs: number): Promise<void> {
    const { connection } = this.link;
    await Promise.all(names.map((once) => connection.pexpire(this.marker(once), Math.max(1, Math.round(rememberMs)))));
  }

  /** Named after one lane, whichever the job goes to: the name counts for both. */
  private marker(once: string): string {
    return derivedKey(this.plainLane, `once:${once}`);
  }

  private async once(
    script: 'add_once' | 'refuse_once',
    keys: readonly [marker: string, stream: string, ...string[]],
    args: readonly ScriptArgument[],
  ): Promise<string | undefined> {
    try {
      await this.link.up();
      const id = (await runScript(this.link.connection, script, keys, args)) as Buffer | null;
      return id?.toString('latin1');
    } catch (error) {
      throw notEnqueued(keys[1], error);
    }
  }
}

/** The error for a job that could not be added; it may be there all the same. */
export function notEnqueued(stream: string, cause: unknown): TransientStepError {
  const reason = redactText(messageOf(cause));
  const message =
    cause instanceof RedisRefusedError
      ? `A job could not be added to ${stream}. ${reason}`
      : `A job could not be added to ${stream} (${reason}): check that Redis is there.`;
  return new TransientStepError('NOT_ENQUEUED', message, { cause });
}
