import { messageOf, TransientStepError } from '../../job/errors.js';
import { redactText } from '../../job/redact.js';
import { JobProducer, type NewJob } from '../job-producer.js';
import { derivedKey, type QueueNames } from './keys.js';
import type { Link } from './link.js';
import { RedisRefusedError } from './refusal/redis-refused.error.js';
import { defineScripts, runScript } from './scripts.js';

/** Puts jobs into the streams of one queue. */
export class RedisJobProducer extends JobProducer {
  private readonly plainLane: string;
  private readonly urgentLane: string;

  /** @param link of a connection that fails rather than waits: see the role `producer` */
  constructor(
    private readonly link: Link,
    { lanes }: QueueNames,
  ) {
    super();
    this.plainLane = lanes.at(-1) as string;
    this.urgentLane = lanes[0] as string;
    defineScripts(link.connection);
  }

  /** @throws TransientStepError NOT_ENQUEUED; the job may be there all the same: under its name it may be added again */
  async addOnce({ lane, once, rememberMs, fields }: NewJob): Promise<string | undefined> {
    const stream = lane === 'urgent' ? this.urgentLane : this.plainLane;
    // Named after one lane, whichever the job goes to: the name counts for both.
    const marker = derivedKey(this.plainLane, `once:${once}`);
    const args = [Math.max(1, Math.round(rememberMs)), ...Object.entries(fields).flat()];
    try {
      await this.link.up();
      const id = (await runScript(this.link.connection, 'add_once', [marker, stream], args)) as Buffer | null;
      return id?.toString('latin1');
    } catch (error) {
      throw notEnqueued(stream, error);
    }
  }
}

function notEnqueued(stream: string, cause: unknown): TransientStepError {
  const reason = redactText(messageOf(cause));
  const message =
    cause instanceof RedisRefusedError
      ? `A job could not be added to ${stream}. ${reason}`
      : `A job could not be added to ${stream} (${reason}): check that Redis is there.`;
  return new TransientStepError('NOT_ENQUEUED', message, { cause });
}
