import type { Connection } from './connection.js';
import { LuaScripts, type ScriptArgument } from './lua-scripts.js';

const NAMES = [
  'acknowledge',
  'add_once',
  'breaker_failed',
  'breaker_probe',
  'breaker_worked',
  'breakers',
  'cancel',
  'claim',
  'complete',
  'defer',
  'discard',
  'hold_cameras',
  'index',
  'join',
  'leave',
  'ownership',
  'peek',
  'publish',
  'redrive',
  'release_cameras',
  'renew',
  'rescue',
  'restore',
  'tidy',
  'trim_ahead',
  'undelivered',
  'waited',
] as const;

/** A state change of the queue: one Lua script, atomic on the server. */
export type ScriptName = (typeof NAMES)[number];

const SCRIPTS = new LuaScripts<ScriptName>(new URL('./scripts/', import.meta.url), 'rs', NAMES);

/** Registers the scripts of the queue on a connection. */
export function defineScripts(connection: Connection): void {
  SCRIPTS.define(connection);
}

/** Runs a script of the queue. Text in the reply comes as Buffers, since a payload may hold any bytes. */
export function runScript(
  connection: Connection,
  name: ScriptName,
  keys: readonly string[],
  args: readonly ScriptArgument[],
): Promise<unknown> {
  return SCRIPTS.run(connection, name, keys, args);
}
