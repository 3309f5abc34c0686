import { OutageError } from '../../job/errors.js';
import { cureOf, type RefusalKind } from './refusal-kinds.js';

const LONGEST_REASON = 160;

/** What was refused. */
export interface Refused {
  readonly kind: RefusalKind;
  /** In capitals; several where it cannot be told which one of a script's. */
  readonly command: string;
  /** Readable; empty where the command has none. */
  readonly keys: readonly string[];
  /** In Redis' words. */
  readonly reason: string;
}

/** Redis answers, and refuses: no job is to blame. The message says which command on which key, why, and what to do. */
export class RedisRefusedError extends OutageError {
  constructor(
    readonly refused: Refused,
    cause: unknown,
  ) {
    super('REDIS_REFUSES', sentenceOf(refused), { cause });
  }
}

function sentenceOf({ kind, command, keys, reason }: Refused): string {
  const on = keys.length === 0 ? '' : ` on ${keys.length === 1 ? '' : 'one of '}${keys.join(', ')}`;
  return `Redis answers, but refuses ${command}${on} (${plain(reason)}). ${cureOf(kind)}`;
}

/** Without where in a script it came up: that is said better already. */
function plain(reason: string): string {
  const text = reason.replace(/ ?script: [0-9a-f]{40}, on @user_script:\d+\.?/, '').replace(/[\s.]+$/, '');
  return text.slice(0, LONGEST_REASON);
}
