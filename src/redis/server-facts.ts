import { messageOf, PermanentStepError } from '../job/errors.js';
import type { Connection } from './connection.js';

/** What answers behind a Redis URL. */
export interface ServerFacts {
  /** `Redis`, `Valkey`, or what it calls itself. */
  name: string;
  version: string;
  /** Whether it has all that the queue needs: consumer groups as of Redis 7.0. */
  isNewEnough: boolean;
}

/** Valkey began as Redis 7.2 and says so in `redis_version`, whatever its own version. */
const OLDEST_MAJOR = 7;

/** Reads the section `server` of `INFO`; undefined where it names no version, as for a user that may not ask. */
export function readServerFacts(info: string): ServerFacts | undefined {
  const of = (field: string): string | undefined => new RegExp(`^${field}:(\\S+)`, 'm').exec(info)?.[1];
  const compatible = of('redis_version');
  if (compatible === undefined) return undefined;
  const called = of('server_name') ?? (of('valkey_version') === undefined ? 'redis' : 'valkey');
  const name = called.charAt(0).toUpperCase() + called.slice(1);
  const version = of(`${called}_version`) ?? compatible;
  return { name, version, isNewEnough: Number.parseInt(compatible, 10) >= OLDEST_MAJOR };
}

/** A sentence about a server that is too old. */
export function tooOld({ name, version }: ServerFacts): string {
  return `${name} ${version} is too old: the queue needs Redis ${OLDEST_MAJOR}.0 or later, or Valkey. Upgrade it, or name another one in REDIS_URL.`;
}

/**
 * Looks whether the server will do. A user that may not ask for it is let pass.
 * @throws PermanentStepError REDIS_TOO_OLD
 */
export async function checkServer(connection: Connection): Promise<void> {
  const info = await connection.info('server').catch((error: unknown) => messageOf(error));
  const facts = readServerFacts(info);
  if (facts?.isNewEnough === false) throw new PermanentStepError('REDIS_TOO_OLD', tooOld(facts));
}
