import { eventsKey, MOST_EVENTS } from '../queue/status/job-note.js';
import { toFields } from '../redis/fields.js';
import type { Connection } from '../redis/connection.js';
import { START } from './position.js';
import type { NewEvent, RoadEvent } from './road-event.js';

/** An event of the place of its kind among all kinds. */
type RawEvent = readonly [id: string, flat: readonly string[]];

/** Writes and reads events: a bounded Redis stream for each kind of job, beside its lanes. */
export class EventFeed {
  /** @param connection one that fails rather than waits for what is told; see the role `producer` */
  constructor(private readonly connection: Connection) {}

  /** Tells what happened; rejects while Redis is away. @param main the least urgent lane of the kind */
  async append(main: string, { type, jobId = '', cctvId = '', data }: NewEvent): Promise<void> {
    const fields = ['type', type, 'jobId', jobId, 'cctvId', cctvId, 'data', JSON.stringify(data)];
    await this.connection.xadd(eventsKey(main), 'MAXLEN', '~', MOST_EVENTS, '*', ...fields);
  }

  /** At most `count` events after one id and up to another, oldest first. @param key see {@link eventsKey} */
  async between(key: string, kind: string, after: string, upTo: string, count: number): Promise<RoadEvent[]> {
    const entries = await this.connection.xrange(key, `(${after}`, upTo, 'COUNT', count);
    return entries.map((entry) => toEvent(kind, entry));
  }

  /**
   * Whether nothing is missing after an event: it is still there itself. An event that was trimmed, or is of an earlier
   * life of the stream, is not; before the first event there is none to miss until the stream is trimmed.
   */
  async isKept(key: string, id: string): Promise<boolean> {
    if (id === START) return (await this.connection.xlen(key)) < MOST_EVENTS;
    return (await this.connection.xrange(key, id, id, 'COUNT', 1)).length > 0;
  }
}

/** The id of the newest entry of a stream; {@link START} of one that is empty. */
export async function newestId(connection: Connection, key: string): Promise<string> {
  const [newest] = await connection.xrevrange(key, '+', '-', 'COUNT', 1);
  return newest?.[0] ?? START;
}

/** An entry of a stream of events. */
export function toEvent(kind: string, [id, flat]: RawEvent): RoadEvent {
  const { type = '', jobId = '', cctvId = '', data = '{}' } = toFields(flat);
  return { id, kind, type, jobId, cctvId, data };
}
