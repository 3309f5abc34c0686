import type { QueueNames } from '../../job/kind.js';
import { derivedKey } from '../../redis/derived-key.js';
import { fail, type Diagnosis } from '../../lib/diagnosis.js';
import { messageOf } from '../../job/errors.js';
import type { Connection } from '../../redis/connection.js';
import { laneKeys } from '../lane-keys.js';
import { probeOf } from '../../redis/refusal/probes.js';
import { RedisRefusedError } from '../../redis/refusal/redis-refused.error.js';
import { quietly } from '../../redis/refusal/watch-refusals.js';
import type { Rights } from './rights.js';

/** What a probe of a command or a key came to, when it is refused. */
type Refusal = RedisRefusedError | undefined;

/**
 * Tries every command and every pattern of keys that a process needs, in forms that change nothing, and looks whether each key
 * holds what belongs there. A line for each that is refused.
 */
export async function diagnoseRights(
  connection: Connection,
  rights: Rights,
  queues: readonly QueueNames[],
): Promise<Diagnosis[]> {
  const [sample = ''] = rights.keys.map(sampleOf);
  const probe = rights.keys.filter((pattern) => pattern.endsWith('*')).map(sampleOf)[0] ?? sample;
  const [commands, keys, types] = await Promise.all([
    Promise.all(
      rights.commands.map((command) => diagnoseCommand(connection, command, placeOf(command, sample, probe))),
    ),
    Promise.all(rights.keys.map((pattern) => diagnoseKey(connection, pattern))),
    Promise.all(queues.flatMap(typesOf).map(([probe, key]) => diagnoseType(connection, probe, key))),
  ]);
  return onceEach([...commands.flat(), ...keys.flat(), ...types.flat()]);
}

async function diagnoseCommand(connection: Connection, command: string, sample: string): Promise<Diagnosis[]> {
  const name = command.toUpperCase();
  const refusal = await refusalOf(connection, name, sample);
  if (refusal === undefined) return [];
  const { kind, reason } = refusal.refused;
  if (kind === 'type') return [];
  // Full memory, a full disk, a replica: one line for all commands that write.
  if (kind !== 'rights' && kind !== 'unknown') return [fail('redis', refusal.message)];
  if (isAboutKey(reason)) return [];
  return [fail('redis rights', `${name.replace('|', ' ')} is refused: "ACL SETUSER <user> +${command}" allows it.`)];
}

async function diagnoseKey(connection: Connection, pattern: string): Promise<Diagnosis[]> {
  const refusal = await refusalOf(connection, 'XLEN', sampleOf(pattern));
  if (refusal?.refused.kind !== 'rights' || !isAboutKey(refusal.refused.reason)) return [];
  return [fail('redis rights', `Keys like ${pattern} are refused: "ACL SETUSER <user> ~${pattern}" allows them.`)];
}

async function diagnoseType(connection: Connection, probe: string, key: string): Promise<Diagnosis[]> {
  const refusal = await refusalOf(connection, probe, key);
  return refusal?.refused.kind === 'type' ? [fail('redis keys', refusal.message)] : [];
}

async function refusalOf(connection: Connection, command: string, key: string): Promise<Refusal> {
  const [name, ...args] = probeOf(command, key) ?? ['PING'];
  try {
    await quietly(() => connection.call(name, ...args));
    return undefined;
  } catch (error) {
    return error instanceof RedisRefusedError ? error : undefined;
  }
}

/** Redis says whether it is the command or the key that a user has no right to. */
function isAboutKey(reason: string): boolean {
  return /\bkeys?\b/.test(reason) && !/\brun the\b/.test(reason);
}

/** Streams are there, mostly; what has to be made to be tried is made where nothing is. */
function placeOf(command: string, sample: string, probe: string): string {
  return command.startsWith('x') ? sample : probe;
}

function sampleOf(pattern: string): string {
  return pattern.replace(/\*$/, 'roadstream-probe').replace(/\\(.)/g, '$1');
}

/** The keys that have one name, and a command that only what belongs there answers. */
function typesOf({ lanes, dlq, results, group }: QueueNames): [probe: string, key: string][] {
  const plain = lanes.at(-1) as string;
  const own = (name: string): string => derivedKey(plain, name);
  const streams = [...lanes, dlq, ...(results === undefined ? [] : [results])];
  const ledger = (name: string): string[] => (results === undefined ? [] : [derivedKey(results, name)]);
  const asking = (probe: string, keys: readonly string[]) => keys.map((key): [string, string] => [probe, key]);
  return [
    ...asking('XLEN', [...streams, own('events')]),
    ...asking('HLEN', [own(`tick:${group}`), own(`breakers:${group}`), own('started'), own('workers'), own('orders')]),
    ...asking('HLEN', [...ledger('last'), ...ledger('workers')]),
    ...asking(
      'HLEN',
      lanes.map((lane) => laneKeys(lane, group).record),
    ),
    ...asking(
      'ZCARD',
      lanes.map((lane) => laneKeys(lane, group).waiting),
    ),
    ...asking('ZCARD', [own(`cancelled:${group}`), own('recorders'), own('jobs'), own('beats'), ...ledger('cameras')]),
  ];
}

function onceEach(found: readonly Diagnosis[]): Diagnosis[] {
  return [...new Map(found.map((one) => [one.message, one])).values()];
}

/** A refusal as doctor tells it; undefined for another error. */
export function toldRefusal(error: unknown): Diagnosis | undefined {
  return error instanceof RedisRefusedError ? fail('redis', messageOf(error)) : undefined;
}
