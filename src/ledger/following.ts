import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { messageOf } from '../job/errors.js';
import { redactText } from '../job/redact.js';
import type { Log } from '../log/log.js';
import type { FollowerEvents } from './follower.js';

/** The token of the connection that followers of results share. */
export const LEDGER_LINK = Symbol('LEDGER_LINK');

/** A name for a reader of results, unique to the process and the call. */
export function consumerName(): string {
  return `${hostname()}-${process.pid}-${randomBytes(3).toString('hex')}`;
}

/** A follower's fortunes as log lines. `what` completes "cannot follow …". */
export function followerEvents(log: Log, what: string): FollowerEvents {
  return {
    failing: (error) => log.warn({ reason: redactText(messageOf(error)) }, `cannot follow ${what}; trying on`),
    following: () => log.info(`following ${what} again`),
  };
}
