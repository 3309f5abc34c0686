import { readFileSync } from 'node:fs';
import type { Connection } from './connection.js';

const NAMES = [
  'add_once',
  'breaker_failed',
  'breaker_probe',
  'breakers',
  'cancel',
  'claim',
  'complete',
  'defer',
  'discard',
  'leave',
  'ownership',
  'publish',
  'redrive',
  'renew',
  'rescue',
  'tidy',
] as const;

/** A state change of the queue: one Lua script, atomic on the server. */
export type ScriptName = (typeof NAMES)[number];

type Argument = string | number | Buffer;
type Defined = Record<string, (...args: (Argument | Argument[])[]) => Promise<unknown>>;

/** Registers the scripts on a connection. They are sent by hash and again in full when the server forgot them. */
export function defineScripts(connection: Connection): void {
  for (const name of NAMES) {
    const lua = readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), 'utf8');
    connection.defineCommand(`rs_${name}`, { lua });
  }
}

/** Runs a script. Text in the reply comes as Buffers, since a payload may hold any bytes. */
export function runScript(
  connection: Connection,
  name: ScriptName,
  keys: readonly string[],
  args: readonly Argument[],
): Promise<unknown> {
  const call = (connection as unknown as Defined)[`rs_${name}Buffer`];
  if (call === undefined) throw new Error(`The script ${name} is not defined on this connection.`);
  return call.call(connection, keys.length, ...keys, ...args);
}
