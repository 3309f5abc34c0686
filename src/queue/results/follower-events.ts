import { messageOf } from '../../job/errors.js';
import { redactText } from '../../lib/redact.js';
import type { RepeatingEvents } from '../../lib/repeating.js';
import type { Log } from '../../log/log.js';

/** How a follower fares, as log lines. `what` completes "cannot follow …". */
export function followerEvents(log: Log, what: string): RepeatingEvents {
  return {
    failed: (error) => log.warn({ reason: redactText(messageOf(error)) }, `cannot follow ${what}; trying on`),
    recovered: () => log.info(`following ${what} again`),
  };
}
