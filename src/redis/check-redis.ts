import { PermanentStepError } from '../job/errors.js';
import { connect, type RedisSettings } from './connection.js';
import { checkServer } from './server-facts.js';
import { orLate } from '../lib/deadline.js';

/** A Redis that is away is waited for later, not here. ms */
const PATIENCE_MS = 3_000;

/**
 * Looks before the start whether the Redis that answers will do. One that does not answer is none of our business yet.
 * @throws PermanentStepError REDIS_TOO_OLD, TLS_CA_UNREADABLE
 */
export async function checkRedis(settings: RedisSettings): Promise<void> {
  const connection = connect(settings, 'probe');
  connection.on('error', () => undefined);
  try {
    const checked = connection.connect().then(() => checkServer(connection));
    await orLate(PATIENCE_MS, checked, () => undefined);
  } catch (error) {
    if (error instanceof PermanentStepError) throw error;
  } finally {
    connection.disconnect();
  }
}
