import type { Action, ActionLog } from '../http/access/action-log.js';
import type { Connection } from '../redis/connection.js';
import { derivedKey } from '../redis/derived-key.js';

/** About so many actions are kept; the oldest go first. */
export const KEPT_ACTIONS = 10_000;
/** Entries under way at once; while Redis is away, more are given up. */
const MOST_PENDING = 100;

/** An action, and when it ended. */
export interface NotedAction extends Action {
  readonly id: string;
  /** ms since the epoch, by Redis' clock */
  readonly at: number;
}

/** Told when actions could not be kept, once until some can be again. */
export interface AuditEvents {
  lost(error: unknown): void;
}

/** What callers did, in a stream of Redis beside the jobs, for all replicas together. */
export class AuditStream implements ActionLog {
  private readonly key: string;
  private pending = 0;
  private isLosing = false;

  /** @param stream the main stream of inspections */
  constructor(
    private readonly connection: Connection,
    stream: string,
    private readonly events: AuditEvents,
  ) {
    this.key = derivedKey(stream, 'audit');
  }

  note(action: Action): void {
    if (this.pending >= MOST_PENDING) return this.lose(new Error('Redis does not answer.'));
    this.pending += 1;
    void this.append(action).finally(() => (this.pending -= 1));
  }

  /** The newest first. @param before an id; only older ones */
  async list(limit: number, before: string | undefined): Promise<NotedAction[]> {
    const from = before === undefined ? '+' : `(${before}`;
    const entries = await this.connection.xrevrange(this.key, from, '-', 'COUNT', limit);
    return entries.map(([id, fields]) => actionIn(id, fields));
  }

  private async append({ name, role, via, from, call, status }: Action): Promise<void> {
    const fields = ['name', name, 'role', role, 'via', via, 'from', from, 'call', call, 'status', status];
    try {
      await this.connection.xadd(this.key, 'MAXLEN', '~', KEPT_ACTIONS, '*', ...fields);
      this.isLosing = false;
    } catch (error) {
      this.lose(error);
    }
  }

  private lose(error: unknown): void {
    if (!this.isLosing) this.events.lost(error);
    this.isLosing = true;
  }
}

function actionIn(id: string, fields: readonly string[]): NotedAction {
  const get = (name: string): string => fields[fields.indexOf(name) + 1] ?? '';
  return {
    id,
    at: Number(id.split('-')[0]),
    name: get('name'),
    role: get('role') as Action['role'],
    via: get('via') as Action['via'],
    from: get('from'),
    call: get('call'),
    status: Number(get('status')),
  };
}
