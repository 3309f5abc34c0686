import type { Request } from 'express';
import type { Log } from '../../log/log.js';
import type { ActionLog } from './action-log.js';
import { callOf } from './credentials.js';
import { MOST_TRIES } from './tokens/failed-tries.js';

/** Wrong tokens of many addresses must not fill the log of actions, nor hide what else is in it. */
export const MOST_ALARMS = 30;
const WINDOW_MS = 60_000;

/** Tells of wrong tokens: the first of a client in a minute, and when it is made to wait. */
export class SignInAlarm {
  private told = 0;
  private since = -Infinity;

  /** @param now the time of a clock that never goes back. ms */
  constructor(
    private readonly log: Log,
    private readonly actions: ActionLog,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @param count how many wrong tokens the client sent in this minute */
  wrong(request: Request, count: number): void {
    if ((count !== 1 && count !== MOST_TRIES) || !this.hasRoom()) return;
    const [from, call] = [request.ip ?? '', callOf(request)];
    this.log.warn({ code: 'TOKEN_WRONG', from, call, count }, count === 1 ? 'somebody brought a wrong token' : WAITS);
    this.actions.note({ name: '', role: '', via: 'nothing', from, call, status: count === 1 ? 401 : 429 });
  }

  private hasRoom(): boolean {
    if (this.now() - this.since >= WINDOW_MS) {
      this.since = this.now();
      this.told = 0;
    }
    this.told += 1;
    return this.told <= MOST_ALARMS;
  }
}

const WAITS = 'somebody brought many wrong tokens and is made to wait';
