import { messageOf } from '../job/errors.js';
import { redactText } from '../job/redact.js';
import type { Log } from '../log/log.js';
import type { FollowerEvents } from './follower.js';

/** A follower's fortunes as log lines. `what` completes "cannot follow …". */
export function followerEvents(log: Log, what: string): FollowerEvents {
  return {
    failing: (error) => log.warn({ reason: redactText(messageOf(error)) }, `cannot follow ${what}; trying on`),
    following: () => log.info(`following ${what} again`),
  };
}
