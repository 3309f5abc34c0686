import type { Connection } from '../redis/connection.js';
import { LuaScripts, type ScriptArgument } from '../redis/lua-scripts.js';

const ADD = ['add_once', 'redrive', 'refuse_once'] as const;
const TAKE = ['claim', 'peek', 'peek_each', 'renew', 'rescue', 'undelivered', 'waited'] as const;
const SETTLE = ['acknowledge', 'cancel', 'complete', 'defer', 'discard', 'ownership', 'publish'] as const;
const DEAD = ['dead_numbers', 'purge', 'recount_letters', 'trim_letters'] as const;
const TOLD = ['acknowledge', 'defer', 'discard', 'publish', 'redrive'] as const;
const JOB = ['add', 'look', 'withdraw'] as const;
const GROUP = ['index', 'join', 'leave', 'numbers', 'restore', 'tidy', 'trim_ahead', 'unread'] as const;

/** A state change of the queue: one Lua script, atomic on the server. */
export type ScriptName =
  | (typeof ADD | typeof TAKE | typeof SETTLE | typeof DEAD | typeof GROUP)[number]
  | `told_${(typeof TOLD)[number]}`
  | `job_${(typeof JOB)[number]}`
  | 'tell';

const PLACES = new Map<ScriptName, string>([
  ...ADD.map((name): [ScriptName, string] => [name, `add/${name}`]),
  ...TAKE.map((name): [ScriptName, string] => [name, `take/${name}`]),
  ...SETTLE.map((name): [ScriptName, string] => [name, `settle/${name}`]),
  ...DEAD.map((name): [ScriptName, string] => [name, `dead/${name}`]),
  ...GROUP.map((name): [ScriptName, string] => [name, `group/${name}`]),
  ...TOLD.map((name): [ScriptName, string] => [`told_${name}`, `told/${name}`]),
  ...JOB.map((name): [ScriptName, string] => [`job_${name}`, `job/${name}`]),
  ['tell', 'told/tell'],
]);

const SCRIPTS = new LuaScripts<ScriptName>(new URL('./scripts/', import.meta.url), 'rs', PLACES);

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
