import type { QueueNames } from '../../job/kind.js';
import { fail, ok, warn, type Diagnosis } from '../../lib/diagnosis.js';
import { JobError, messageOf } from '../../job/errors.js';
import { redactText } from '../../lib/redact.js';
import { checkSlots } from '../one-slot.js';
import { connect, type Connection, type RedisSettings } from '../../redis/connection.js';
import { diagnoseRights, toldRefusal } from './diagnose-rights.js';
import { findMisdirected } from './misdirected.js';
import { explainLogin } from '../../redis/refusal/explain-refusal.js';
import { RedisRefusedError } from '../../redis/refusal/redis-refused.error.js';
import { rightsFor, type Rights } from './rights.js';
import { RedisClock } from '../../redis/redis-clock.js';
import { defineScripts } from '../scripts.js';
import { readServerFacts, tooOld } from '../../redis/server-facts.js';
import { QueueNumbers } from '../numbers/queue-numbers.js';
import { readStats } from '../streams/stats.js';

/** Looks at Redis, its settings, the `rights` of our user there, and each queue's streams and group, without changing anything. Never throws. */
export async function diagnoseRedis(
  redis: RedisSettings,
  rights: Rights,
  queues: readonly QueueNames[],
): Promise<Diagnosis[]> {
  const clock = new RedisClock();
  let connection: Connection | undefined;
  let lastError: unknown;
  try {
    connection = connect(redis, 'probe');
    connection.on('error', (error: Error) => {
      lastError = error;
    });
    await connection.connect();
    defineScripts(connection);
    await clock.set(connection);
    const found = [await diagnoseServer(connection), await diagnoseEviction(connection)];
    found.push(...(await diagnoseRights(connection, rights, queues)));
    for (const names of queues) {
      found.push(...diagnoseSlots(redis, names), ...(await diagnoseStreams(connection, names, clock)));
    }
    return found;
  } catch (error) {
    const told = toldRefusal(error) ?? toldRefusal(lastError instanceof Error ? explainLogin(lastError) : undefined);
    return [told ?? fail('redis', unreachable(lastError ?? error))];
  } finally {
    connection?.disconnect();
  }
}

/** The same for a process that runs jobs of all these queues. */
export function diagnoseQueue(redis: RedisSettings, ...queues: readonly QueueNames[]): Promise<Diagnosis[]> {
  return diagnoseRedis(redis, rightsFor(true, queues), queues);
}

function unreachable(error: unknown): string {
  const reason = redactText(messageOf(error));
  return error instanceof JobError ? reason : `It cannot be reached (${reason}): check REDIS_URL and REDIS_PASSWORD.`;
}

async function diagnoseServer(connection: Connection): Promise<Diagnosis> {
  const facts = readServerFacts(await connection.info('server').catch(() => ''));
  if (facts === undefined) return warn('redis', 'It answers, but does not say which version it is.');
  return facts.isNewEnough ? ok('redis', `${facts.name} ${facts.version} answers.`) : fail('redis', tooOld(facts));
}

async function diagnoseEviction(connection: Connection): Promise<Diagnosis> {
  const memory = await connection.info('memory').catch(() => '');
  const policy = /maxmemory_policy:(\S+)/.exec(memory)?.[1] ?? 'unknown';
  const limit = Number(/maxmemory:(\d+)/.exec(memory)?.[1] ?? 0);
  if (limit === 0 || policy === 'noeviction') return ok('redis memory', `Redis evicts nothing (${policy}).`);
  return fail('redis memory', `Redis may evict streams (${policy}): set maxmemory-policy to noeviction.`);
}

function diagnoseSlots(redis: RedisSettings, names: QueueNames): Diagnosis[] {
  try {
    checkSlots(redis, names);
    return [];
  } catch (error) {
    return [fail('streams', messageOf(error))];
  }
}

async function diagnoseStreams(connection: Connection, names: QueueNames, clock: RedisClock): Promise<Diagnosis[]> {
  const misdirected = await findMisdirected(connection, names.lanes);
  const warnings = misdirected.map((sentence) => warn('producer', sentence));
  try {
    const { lanes, dlqLength, consumers } = await readStats(
      connection,
      names,
      new QueueNumbers(connection, names, clock),
    );
    const lines = lanes.map(({ stream, lag, pending, waiting }) =>
      ok('stream', `${stream}: ${lag} new, ${pending} pending (${waiting} of them wait for a retry).`),
    );
    const group = ok('group', `${names.group}: ${new Set(consumers.map(({ name }) => name)).size} worker(s) known.`);
    return [...lines, group, diagnoseDlq(names.dlq, dlqLength), ...warnings];
  } catch (error) {
    if (error instanceof RedisRefusedError) return [fail('group', error.message), ...warnings];
    const message = `The streams or the group ${names.group} are not there yet: the first worker makes them.`;
    return [warn('group', message), ...warnings];
  }
}

function diagnoseDlq(dlq: string, length: number): Diagnosis {
  if (length === 0) return ok('dlq', `${dlq} is empty.`);
  return warn('dlq', `${dlq} holds ${length} job(s) that were given up: see "roadstream dlq list".`);
}
