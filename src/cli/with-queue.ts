import { DeadLetters } from '../queue/dead-letters/dead-letters.js';
import type { Config } from '../config/config.js';
import { messageOf, TransientStepError } from '../job/errors.js';
import { redactText } from '../lib/redact.js';
import { KINDS } from '../kinds.js';
import { connect, type Connection } from '../redis/connection.js';
import { explainLogin } from '../redis/refusal/explain-refusal.js';
import { RedisRefusedError } from '../redis/refusal/redis-refused.error.js';

/** What a command works with. */
export interface QueueTools {
  connection: Connection;
  /** Of the kind of job that the command is for. */
  letters: DeadLetters;
}

/**
 * Connects, works, hangs up. Fails at once instead of waiting for a Redis that is away.
 * @throws TransientStepError REDIS_UNREACHABLE; RedisRefusedError where Redis answers and refuses
 */
export async function withQueue<T>(
  config: Config,
  work: (tools: QueueTools) => Promise<T>,
  { spec } = KINDS[0]!,
): Promise<T> {
  const connection = connect(config.redis, 'probe');
  let lastError: unknown;
  connection.on('error', (error: Error) => {
    lastError = error;
  });
  try {
    await connection.connect().catch((error: unknown) => {
      throw unreachable(lastError ?? error);
    });
    return await work({ connection, letters: new DeadLetters(connection, spec(config).queue) });
  } finally {
    connection.disconnect();
  }
}

function unreachable(cause: unknown): Error {
  const refused = cause instanceof Error ? (explainLogin(cause) ?? cause) : cause;
  if (refused instanceof RedisRefusedError) return refused;
  const message = `Redis cannot be reached (${redactText(messageOf(cause))}): check REDIS_URL, or run "roadstream doctor".`;
  return new TransientStepError('REDIS_UNREACHABLE', message, { cause });
}
